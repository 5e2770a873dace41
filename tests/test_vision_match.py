"""The shop's own photo comes back exactly, a stranger's does not, and what is alike is asked about."""

from __future__ import annotations

import asyncio
import io
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from kit.db import Pool
from kit.media import Store
from tests.drawing import jpeg, opened
from tests.pictures import as_messenger_sends, forwarded, product_png, screenshot_of, unrelated_png
from vision import match as matching
from vision import view as viewing
from vision import work
from vision.embed import Builtin, Floats
from vision.image import Pixels, open_safe, strip
from vision.index import BUILTIN, Entry, Found, PgVector
from vision.lay import Seen, compare, seen
from vision.local import Local, describe
from vision.match import Look, Match, find, judge
from vision.shelve import index_photos
from vision.view import Points, View, parts, photos_inside, view, whole
from vision.weigh import Product

SEEDS = range(1, 13)
PLAIN = {"plain-red": (3, 0), "plain-other": (3, 1)}  # the same plain tee in two colours


def photo(sku: str) -> bytes:
    if sku in PLAIN:
        seed, colouring = PLAIN[sku]
        return product_png(seed, kind="plain", shape="tee", colouring=colouring)
    return product_png(int(sku))


async def add(reader: Pool, shop_id: str, sku: str, names: list[str], active: bool = True) -> None:
    await reader.execute(
        "INSERT INTO products (shop_id, sku, title_uz, price, currency, photos, active)"
        " VALUES ($1, $2, $2, 1, 'UZS', $3, $4)",
        shop_id,
        sku,
        names,
        active,
    )


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("media"))


@pytest.fixture(scope="module")
def shelf(media: Store) -> list[Entry]:
    """Photos of a dozen products, described once for all tests."""
    embedder, entries = Builtin(), []
    for sku in [*map(str, SEEDS), *PLAIN]:
        picture = open_safe(strip(open_safe(photo(sku))))
        one = view(picture.array)
        features = describe(one, embedder.codes(one)).pack()
        entries.append(Entry(sku, media.put(strip(picture)), embedder.embed(one), features))
    return entries


@pytest.fixture
async def index(own_db: Pool, shelf: list[Entry]) -> PgVector:
    for entry in shelf:
        await add(own_db, "lola", entry.sku, [entry.photo])
    found = PgVector(own_db)
    await found.put("lola", BUILTIN, shelf)
    return found


async def asked(index: PgVector, data: bytes, shop_id: str = "lola") -> Match:
    return await find(index, shop_id, open_safe(data))


@pytest.mark.parametrize("sku", ["1", "2", "4", "5", "8", *PLAIN])
async def test_the_shops_own_photo_is_exact_however_a_messenger_sends_it(index: PgVector, sku: str) -> None:
    for side, quality in ((1280, 80), (512, 60), (320, 40)):
        match = await asked(index, as_messenger_sends(photo(sku), side, quality))
        assert (match.verdict, match.candidates[0].sku) == ("exact", sku), (side, quality, match)


@pytest.mark.parametrize("seed", range(8))
async def test_what_the_shop_does_not_sell_is_none(index: PgVector, seed: int) -> None:
    assert (await asked(index, as_messenger_sends(unrelated_png(seed)))).verdict == "none"


@pytest.mark.slow
async def test_most_screenshots_and_forwarded_photos_are_found_and_none_wrongly(index: PgVector) -> None:
    right = wrong = 0
    for seed in (1, 2, 6, 9, 10):
        for data in (screenshot_of(photo(str(seed)), seed), forwarded(photo(str(seed)), seed)):
            match = await asked(index, data)
            if match.verdict == "exact":
                right += match.candidates[0].sku == str(seed)
                wrong += match.candidates[0].sku != str(seed)
    assert right >= 8 and wrong == 0


# ---- pictures that are odd -------------------------------------------------------------------------------------------


def odd(name: str, data: bytes) -> bytes:
    """A picture as a shopper may send it."""
    image = opened(data)
    wide, high = image.size
    if name == "mirrored":
        return jpeg(image.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    if name == "a fifth of it":  # 45 % a side
        return jpeg(image.crop((int(wide * 0.3), int(high * 0.25), int(wide * 0.75), int(high * 0.7))))
    if name == "dark":
        return jpeg(ImageEnhance.Brightness(image).enhance(0.25))
    if name == "upside down":
        return jpeg(image.rotate(180))
    out = io.BytesIO()
    image.save(out, name)
    return out.getvalue()


@pytest.mark.parametrize("name", ["mirrored", "a fifth of it", "dark", "upside down", "GIF", "WEBP"])
async def test_an_odd_picture_of_printed_goods_is_exact(index: PgVector, name: str) -> None:
    for sku in ("1", "2"):
        match = await asked(index, odd(name, photo(sku)))
        assert (match.verdict, match.candidates[0].sku) == ("exact", sku), match


async def test_a_collage_is_answered_with_the_ones_found(index: PgVector) -> None:
    sheet = Image.new("RGB", (1000, 1000), "white")
    shown = ["1", "2", "stranger", "5"]
    for i, sku in enumerate(shown):
        data = product_png(40) if sku == "stranger" else photo(sku)
        sheet.paste(opened(data).resize((495, 495)), (505 * (i % 2), 505 * (i // 2)))
    match = await asked(index, jpeg(sheet))
    assert match.verdict == "similar" and {one.sku for one in match.candidates} == {"1", "2", "5"}


async def test_what_the_whole_screen_shows_for_sure_spares_a_look_inside(
    index: PgVector, monkeypatch: pytest.MonkeyPatch
) -> None:
    describe_view, seen = matching.described, list[View]()

    def noted(one: View) -> tuple[Floats, Seen]:
        seen.append(one)
        return describe_view(one)

    monkeypatch.setattr(matching, "described", noted)
    match = await asked(index, screenshot_of(photo("1"), 1))
    assert (match.verdict, match.candidates[0].sku, len(seen)) == ("exact", "1", 1)
    seen.clear()
    assert (await asked(index, screenshot_of(product_png(40), 1))).verdict != "exact"
    assert len(seen) == 4  # the whole, two photos inside, the mirror


async def test_what_is_inside_a_doubtful_screen_is_described_beside_the_whole(
    index: PgVector, monkeypatch: pytest.MonkeyPatch
) -> None:
    describe_view, lay, begun = matching.described, matching.Look.products, threading.Semaphore(0)

    def noted(one: View) -> tuple[Floats, Seen]:
        begun.release()
        return describe_view(one)

    def met(look: Look, found: list[Found]) -> list[Product]:
        assert begun.acquire(timeout=10) and begun.acquire(timeout=10)  # the whole, and what is inside
        begun.release(2)
        return lay(look, found)

    monkeypatch.setattr(matching, "described", noted)
    monkeypatch.setattr(matching.Look, "products", met)
    monkeypatch.setattr(matching, "LIKELY", 2.0)
    match = await asked(index, screenshot_of(photo("1"), 1))
    assert (match.verdict, match.candidates[0].sku) == ("exact", "1")


async def test_two_views_are_looked_through_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    both, look_for = threading.Barrier(2, timeout=10), viewing._points

    def met(array: Pixels) -> Points:
        both.wait()
        return look_for(array)

    monkeypatch.setattr(viewing, "_points", met)
    some = [View(np.full((64, 64, 3), grey, np.uint8)) for grey in (9, 99)]
    found = await asyncio.gather(*(work.run(lambda one: one.points, one) for one in some))
    assert [one.points for one in some] == found  # looked for once: a third would wait in vain


def test_only_a_collage_is_parted() -> None:
    for seed in range(4):
        assert not parts(open_safe(product_png(seed)).array) and not parts(np.asarray(opened(unrelated_png(seed))))


def test_only_a_dark_picture_is_brightened() -> None:
    light = open_safe(photo("1")).array
    assert np.array_equal(whole(light).array, view(light).array)
    assert whole(np.asarray(light // 5, np.uint8)).array.mean() > 0.7 * light.mean()


async def test_another_shops_photos_are_not_looked_at(index: PgVector, own_db: Pool) -> None:
    await add(own_db, "other", "only", ["x"])
    assert await asked(index, as_messenger_sends(photo("1")), "other") == Match("none")


async def test_what_is_off_sale_is_not_found(index: PgVector, own_db: Pool) -> None:
    await own_db.execute("UPDATE products SET active = false WHERE shop_id = 'lola' AND sku = '1'")
    match = await asked(index, as_messenger_sends(photo("1")))
    assert "1" not in [one.sku for one in match.candidates]


async def test_two_products_with_one_photo_are_asked_about(index: PgVector, own_db: Pool, shelf: list[Entry]) -> None:
    twin = next(one for one in shelf if one.sku == "2")
    await add(own_db, "lola", "twin", [twin.photo])
    await index.put("lola", BUILTIN, [Entry("twin", twin.photo, twin.vector, twin.features)])
    match = await asked(index, as_messenger_sends(photo("2")))
    assert match.verdict == "similar" and {one.sku for one in match.candidates[:2]} == {"2", "twin"}


async def test_a_shop_with_one_product_is_not_sure_of_everything(own_db: Pool, shelf: list[Entry]) -> None:
    await add(own_db, "tiny", shelf[0].sku, [shelf[0].photo])
    index = PgVector(own_db)
    await index.put("tiny", BUILTIN, shelf[:1])
    assert (await asked(index, as_messenger_sends(photo("1")), "tiny")).verdict == "exact"
    for seed in range(20, 26):
        assert (await asked(index, as_messenger_sends(product_png(seed)), "tiny")).verdict != "exact"


def test_nothing_seen_is_none() -> None:
    assert judge([]) == Match("none")


async def test_indexing_repeats_resumes_and_forgets(
    own_db: Pool, media: Store, shelf: list[Entry], tmp_path: Path
) -> None:
    for entry in shelf[:4]:
        await add(own_db, "lola", entry.sku, [entry.photo])
    await add(own_db, "lola", "gone", ["0" * 64 + ".jpg"])
    await add(own_db, "lola", "broken", [media.put(b"\xff\xd8\xff and no more")])
    index = PgVector(own_db)
    assert await index_photos(own_db, media, "lola") == 4
    assert await index_photos(own_db, media, "lola") == 0
    assert await index.waiting("lola", BUILTIN) == [("gone", "0" * 64 + ".jpg")]
    await own_db.execute("DELETE FROM photo_vectors WHERE shop_id = 'lola' AND sku = $1", shelf[0].sku)
    await own_db.execute("UPDATE products SET photos = '{}' WHERE shop_id = 'lola' AND sku = $1", shelf[1].sku)
    await index.put("lola", "older-model", shelf[2:3])
    assert await index_photos(own_db, media, "lola") == 1
    left = await own_db.fetch("SELECT sku, model FROM photo_vectors WHERE shop_id = 'lola' ORDER BY sku")
    skus = {one.sku for one in (shelf[0], *shelf[2:4])} | {"broken"}  # tried once, never found
    assert {(row["sku"], row["model"]) for row in left} == {(sku, BUILTIN) for sku in skus}
    assert "broken" not in [one.sku for one in await index.search("lola", BUILTIN, [shelf[0].vector], 20)]


async def test_a_shop_that_is_done_is_looked_through_again_when_it_changes(
    own_db: Pool, media: Store, shelf: list[Entry]
) -> None:
    seen: dict[str, int] = {}
    await own_db.execute("INSERT INTO profiles (shop_id, version) VALUES ('lola', 7)")
    await add(own_db, "lola", shelf[0].sku, [shelf[0].photo])
    await add(own_db, "lola", "gone", ["0" * 64 + ".jpg"])
    assert await index_photos(own_db, media, "lola", seen=seen) == 1
    assert seen == {}  # a file is missing and may still come
    await own_db.execute("DELETE FROM products WHERE shop_id = 'lola' AND sku = 'gone'")
    assert await index_photos(own_db, media, "lola", seen=seen) == 0 and seen == {"lola": 7}
    await add(own_db, "lola", shelf[1].sku, [shelf[1].photo])
    assert await index_photos(own_db, media, "lola", seen=seen) == 0
    await own_db.execute("UPDATE profiles SET version = 8 WHERE shop_id = 'lola'")
    assert await index_photos(own_db, media, "lola", seen=seen) == 1 and seen == {"lola": 8}


async def test_the_event_loop_runs_on_while_a_picture_is_searched(index: PgVector) -> None:
    await asked(index, photo("1"))  # loads OpenCV
    gaps, done = [], asyncio.Event()

    async def beat() -> None:
        last = time.perf_counter()
        while not done.is_set():
            await asyncio.sleep(0.002)
            gaps.append(time.perf_counter() - last)
            last = time.perf_counter()

    async def work() -> None:
        for _ in range(3):
            await asked(index, screenshot_of(photo("1"), 3))
        done.set()

    await asyncio.gather(beat(), work())
    assert len(gaps) > 20 and sorted(gaps)[len(gaps) // 2] < 0.05


def test_features_survive_packing_and_a_strange_layout_is_refused() -> None:
    embedder = Builtin()
    one = view(open_safe(photo("1")).array)
    local = describe(one, embedder.codes(one))
    back = Local.unpack(local.pack())
    assert np.array_equal(back.codes, local.codes) and np.array_equal(back.thumb, local.thumb)
    assert np.abs(back.sizes - local.sizes).max() < 0.02 and len(local.pack()) < 25_000
    assert np.abs((back.turns - local.turns + np.pi) % (2 * np.pi) - np.pi).max() < 0.02
    assert compare(seen(one, local), back).close == 200 < len(local.codes)  # the strongest are enough
    with pytest.raises(ValueError, match="index again"):
        Local.unpack(b"\x09" + local.pack()[1:])


def test_a_flat_picture_has_a_vector_and_no_points() -> None:
    embedder = Builtin()
    one = view(np.full((300, 200, 3), 250, np.uint8))
    vector = embedder.embed(one)
    assert vector.shape == (Builtin.dim,) and np.isfinite(vector).all() and abs(np.linalg.norm(vector) - 1) < 1e-5
    local = describe(one, embedder.codes(one))
    assert compare(seen(one, local), local).inliers == 0 and compare(seen(one, local), local).whole == 0


@pytest.mark.slow
def test_the_photo_is_found_inside_most_screenshots() -> None:
    """The frame is known because the post is pasted at the left edge or 12 px from it, in full width."""
    good = 0
    for seed in range(12):
        screen = np.asarray(opened(screenshot_of(product_png(seed), seed)))
        good += any(
            0.9 < (b - t) / (r - le) < 1.1 and r - le > 0.6 * screen.shape[1]
            for t, b, le, r in photos_inside(screen)[:2]
        )
    assert good >= 9


def test_a_frame_far_less_clear_than_the_first_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    screens = [open_safe(screenshot_of(photo(str(seed)), seed)).array for seed in SEEDS]
    kept = [photos_inside(one)[:2] for one in screens]
    monkeypatch.setattr(viewing, "CLEAR", 0.0)
    every = [photos_inside(one)[:2] for one in screens]
    assert [one[:1] for one in kept] == [one[:1] for one in every]
    assert sum(map(len, kept)) < sum(map(len, every)) - 3


def test_a_thin_and_a_tiny_picture_do_no_harm() -> None:
    for size in ((8, 900), (900, 8), (9, 9)):
        picture = open_safe(jpeg(opened(product_png(1)).resize(size)))
        assert Builtin().embed(view(picture.array)).shape == (Builtin.dim,)
        photos_inside(picture.array)
