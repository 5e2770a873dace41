"""The learned embedder by its real loading code, on tiny models with random weights (`make test-clip`).

Random weights find nothing: what is held here is that vectors are the model's own, lie beside the built-in ones under
their own name, come with photos and words, and that nothing waits for a model that does not run.
"""

from __future__ import annotations

import asyncio
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kit.config import VisionConfig
from kit.db import Pool
from kit.errors import Misconfigured, Unavailable
from kit.media import Store
from tests.pictures import as_messenger_sends, product_png
from vision import embed_clip, shelve, texts, work
from vision.embed_clip import Clip, open_clip
from vision.image import open_safe, strip
from vision.index import BUILTIN, Entry, PgVector
from vision.match import find
from vision.shelve import index_photos

needs_torch = pytest.mark.skipif(
    find_spec("sentence_transformers") is None, reason="the extra `clip` is not here: make test-clip"
)
GOODS = {"1": "To'yga yengil ko'ylak", "2": "Qizil futbolka", "4": "Charm sumka"}


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.checkpoints import siglip

    return siglip(tmp_path_factory.mktemp("siglip"))


@pytest.fixture(scope="module")
def eye(checkpoint: Path) -> Clip:
    return Clip(str(checkpoint))


def picture(seed: int) -> np.ndarray:
    return open_safe(product_png(seed)).array


@pytest.fixture
async def shop(own_db: Pool, tmp_path: Path) -> Store:
    media = Store(tmp_path / "media")
    for sku, title in GOODS.items():
        await own_db.execute(
            """INSERT INTO products (shop_id, sku, title_uz, price, currency, photos)
               VALUES ('lola', $1, $2, 1, 'UZS', $3)""",
            sku,
            title,
            [media.put(strip(open_safe(product_png(int(sku)))))],
        )
    return media


async def models(db: Pool, table: str = "photo_vectors") -> dict[str, int]:
    rows = await db.fetch(f"SELECT model, count(*) AS n FROM {table} WHERE shop_id = 'lola' GROUP BY model")
    return {row["model"]: row["n"] for row in rows}


# ---- where the extra is not installed --------------------------------------------------------------------------------


def test_the_built_in_embedder_needs_nothing_more() -> None:
    assert open_clip(VisionConfig()) is None


def test_without_the_extra_the_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embed_clip, "find_spec", lambda _: None)
    with pytest.raises(Misconfigured, match=r"vision\.embedder: .* requirements-clip\.lock"):
        open_clip(VisionConfig(embedder="clip"))


async def test_a_model_that_does_not_run_stops_nothing(own_db: Pool, shop: Store, tmp_path: Path) -> None:
    gone = Clip(str(tmp_path / "no such model"))
    seen: dict[str, int] = {}
    await own_db.execute("INSERT INTO profiles (shop_id) VALUES ('lola')")
    assert await index_photos(own_db, shop, "lola", seen=seen, eye=gone) == len(GOODS)
    assert seen == {} and await models(own_db) == {BUILTIN: len(GOODS)}
    match = await find(PgVector(own_db), "lola", open_safe(as_messenger_sends(product_png(1))), eye=gone)
    assert (match.verdict, match.candidates[0].sku) == ("exact", "1")


# ---- with it ---------------------------------------------------------------------------------------------------------


@needs_torch
def test_a_picture_is_embedded_as_the_model_itself_does(eye: Clip, checkpoint: Path) -> None:
    import torch
    from transformers import AutoModel, AutoProcessor

    array = picture(1)
    (ours,) = eye.images([array])
    assert ours is not None
    model, processor = AutoModel.from_pretrained(checkpoint), AutoProcessor.from_pretrained(checkpoint)
    with torch.no_grad():
        pixels = processor.image_processor(images=[Image.fromarray(array)], return_tensors="pt")
        theirs = model.get_image_features(**pixels).pooler_output[0].numpy()
    assert np.allclose(ours, theirs / np.linalg.norm(theirs), atol=1e-5) and np.isclose(
        np.linalg.norm(ours), 1, atol=1e-5
    )


@needs_torch
def test_words_are_padded_to_the_full_length_and_small(eye: Clip, checkpoint: Path) -> None:
    import torch
    from transformers import AutoModel, AutoProcessor

    one, same = eye.texts(["To'yga yengil KO'YLAK", "to'yga yengil ko'ylak"])
    model, processor = AutoModel.from_pretrained(checkpoint), AutoProcessor.from_pretrained(checkpoint)
    with torch.no_grad():
        ids = processor.tokenizer(["to'yga yengil ko'ylak"], padding="max_length", max_length=64, return_tensors="pt")
        theirs = model.get_text_features(**ids).pooler_output[0].numpy()
    assert np.allclose(one, same) and np.allclose(one, theirs / np.linalg.norm(theirs), atol=1e-5)
    (long,) = eye.texts(["yengil ko'ylak " * 200])
    assert long.shape == one.shape


@needs_torch
def test_the_version_of_the_weights_is_part_of_the_name(eye: Clip, checkpoint: Path, tmp_path: Path) -> None:
    from tests.checkpoints import siglip

    assert eye.name() == Clip(str(checkpoint)).name() and eye.name().startswith(f"{checkpoint}@")
    other = Clip(str(siglip(tmp_path / "other", seed=2)))
    assert other.name().rpartition("@")[2] != eye.name().rpartition("@")[2]


@needs_torch
async def test_photos_and_words_get_vectors_once(own_db: Pool, shop: Store, eye: Clip) -> None:
    told: list[tuple[int, int]] = []
    assert await index_photos(own_db, shop, "lola", eye=eye, told=lambda *done: told.append(done)) == len(GOODS)
    assert told == [(3, 3), (3, 3)]  # each model
    assert await models(own_db) == {BUILTIN: 3, eye.name(): 3} and await models(own_db, "text_vectors") == {
        eye.name(): 3
    }
    await index_photos(own_db, shop, "lola", eye=eye, told=lambda *done: told.append(done))
    assert len(told) == 2
    await own_db.execute("UPDATE products SET title_uz = 'Ipak sharf' WHERE shop_id = 'lola' AND sku = '2'")
    assert await texts.index_texts(own_db, "lola", eye) == 1 and await texts.index_texts(own_db, "lola", eye) == 0


@needs_torch
async def test_a_picture_finds_itself_and_words_find_photos_and_words(own_db: Pool, shop: Store, eye: Clip) -> None:
    await index_photos(own_db, shop, "lola", eye=eye)
    index = PgVector(own_db)
    (vector,) = eye.images([picture(2)])
    assert vector is not None
    found = await index.search("lola", eye.name(), [vector], 3)
    assert found[0].sku == "2" and found[0].alike > 0.99
    match = await find(index, "lola", open_safe(as_messenger_sends(product_png(4))), eye=eye)
    assert (match.verdict, match.candidates[0].sku) == ("exact", "4")
    near = await texts.near(own_db, index, "lola", eye, GOODS["1"], 3)
    assert near and set(near) <= set(GOODS)
    (words,) = eye.texts([GOODS["1"]])
    rows = await own_db.fetch("SELECT sku, vector FROM text_vectors WHERE shop_id = 'lola'")
    stored = {row["sku"]: np.array(row["vector"].to_list()) for row in rows}
    assert max(stored, key=lambda sku: float(stored[sku] @ words)) == "1"


@needs_torch
async def test_two_models_lie_side_by_side_until_the_new_one_is_through(
    own_db: Pool, shop: Store, eye: Clip, tmp_path: Path
) -> None:
    from tests.checkpoints import siglip

    await index_photos(own_db, shop, "lola", eye=eye)
    other = Clip(str(siglip(tmp_path / "other", seed=2)))
    late = shop.put(strip(open_safe(product_png(9))))
    data = shop.read(late)
    shop.drop(late)  # a file that is not there yet: the change cannot be through
    await own_db.execute("UPDATE products SET photos = photos || $1 WHERE shop_id = 'lola' AND sku = '1'", [late])
    await index_photos(own_db, shop, "lola", eye=other)
    assert await models(own_db) == {BUILTIN: 3, eye.name(): 3, other.name(): 3}
    shop.put(data)
    await index_photos(own_db, shop, "lola", eye=other)
    assert await models(own_db) == {BUILTIN: 4, other.name(): 4}
    assert await models(own_db, "text_vectors") == {other.name(): 3}
    await index_photos(own_db, shop, "lola")  # back to the built-in one alone
    assert await models(own_db) == {BUILTIN: 4} and await models(own_db, "text_vectors") == {}


@needs_torch
async def test_a_model_without_words_serves_pictures_alone(own_db: Pool, shop: Store, tmp_path: Path) -> None:
    from tests.checkpoints import dino

    blind = Clip(str(dino(tmp_path / "dino")))
    assert await index_photos(own_db, shop, "lola", eye=blind) == 3
    assert await models(own_db) == {BUILTIN: 3, blind.name(): 3} and await models(own_db, "text_vectors") == {}
    assert await texts.near(own_db, PgVector(own_db), "lola", blind, "ko'ylak", 3) == []


@needs_torch
def test_what_is_no_model_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.json").write_text("{}")
    broken = Clip(str(tmp_path))
    for _ in range(2):
        with pytest.raises(Unavailable, match=r"vision\.model"):
            broken.name()
    tries: list[int] = []
    monkeypatch.setattr(broken, "_load", lambda: tries.append(1))
    with pytest.raises(Unavailable):
        broken.name()
    assert tries == []  # not again with every picture


# ---- a model that is there, and odd photos ---------------------------------------------------------------------------


class Colours:
    """In the place of the library's model: means of colour; it cannot read a picture of one row."""

    modalities = ("image", "text")
    slow_s = 0.0

    def encode(self, what: list[object], **_how: object) -> list[np.ndarray]:
        time.sleep(self.slow_s)
        arrays = [np.asarray(one, np.float32).reshape(-1, 3) for one in what if isinstance(one, Image.Image)]
        if any(isinstance(one, Image.Image) and one.height == 1 for one in what):
            raise ValueError("mean must have 1 elements")
        made = [one.mean(axis=0) + 1 for one in arrays] or [np.ones(3) for _ in what]
        return [one / np.linalg.norm(one) for one in made]


def standing(model: Colours) -> Clip:
    made = Clip("colours")
    made._loaded, made._name = model, "colours@1"
    return made


def test_an_odd_picture_costs_the_others_nothing() -> None:
    row, plain = np.zeros((1, 9, 3), np.uint8), np.full((9, 9, 3), 7, np.uint8)
    made = standing(Colours()).images([plain, row, plain])
    assert made[1] is None and made[0] is not None and made[2] is not None
    eye = standing(Colours())
    assert eye.images([row]) == [None]
    assert eye.images([plain])[0] is not None  # it is not switched off


def test_a_model_that_reads_nothing_any_more_blames_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    eye = standing(Colours())

    def broken(*_what: object, **_how: object) -> list[np.ndarray]:
        raise RuntimeError("not enough memory")

    monkeypatch.setattr(eye._loaded, "encode", broken)
    with pytest.raises(Unavailable, match="RuntimeError"):
        eye.images([np.zeros((9, 9, 3), np.uint8)])
    monkeypatch.undo()
    assert eye.images([np.zeros((9, 9, 3), np.uint8)])[0] is not None


async def test_a_damaged_photo_keeps_no_shop_waiting(own_db: Pool, shop: Store) -> None:
    damaged = shop.put(b"\xff\xd8\xff no picture", "jpg")
    await own_db.execute("UPDATE products SET photos = photos || $1 WHERE shop_id = 'lola' AND sku = '1'", [damaged])
    await own_db.execute("INSERT INTO profiles (shop_id) VALUES ('lola')")
    await PgVector(own_db).put("lola", "former@1", [Entry("1", "x.jpg", np.ones(3, np.float32), b"")])
    seen: dict[str, int] = {}
    await index_photos(own_db, shop, "lola", seen=seen, eye=standing(Colours()))
    assert await models(own_db) == {BUILTIN: 4, "colours@1": 4} and "lola" in seen


async def test_a_busy_model_keeps_neither_a_shopper_nor_other_pictures_waiting(
    own_db: Pool, shop: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Colours()
    eye, index = standing(model), PgVector(own_db)
    await index_photos(own_db, shop, "lola", eye=eye)
    monkeypatch.setattr(embed_clip, "WAIT_S", 0.05)
    model.slow_s = 1.0
    asked = open_safe(as_messenger_sends(product_png(1)))
    first, second = await asyncio.gather(*(find(index, "lola", asked, eye=eye) for _ in range(2)))
    assert first.verdict == second.verdict == "exact"
    with pytest.raises(Unavailable, match="busy"):
        await texts.near(own_db, index, "lola", eye, "ko'ylak", 3)


async def test_every_shop_gets_its_built_in_vectors_and_then_its_slice(
    own_db: Pool, shop: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await own_db.execute("INSERT INTO profiles (shop_id) VALUES ('lola'), ('nur')")
    await own_db.execute(
        """INSERT INTO products (shop_id, sku, title_uz, price, currency, photos)
           SELECT 'nur', sku, title_uz, price, currency, photos FROM products WHERE shop_id = 'lola'"""
    )
    monkeypatch.setattr(shelve, "_BATCH", 2)
    monkeypatch.setattr(shelve, "_SLICE_S", 0.4)
    model = Colours()
    model.slow_s = 0.5  # longer than a slice
    eye, index, seen = standing(model), PgVector(own_db), dict[str, int]()

    async def counted(model: str) -> list[int]:
        sql = "SELECT count(*) FROM photo_vectors WHERE shop_id = $1 AND model = $2"
        return [await own_db.fetchval(sql, one, model) for one in ("lola", "nur")]

    await work.learned(eye.name)  # else a slice may be over before the model stands
    monkeypatch.setattr(shelve, "_ROUND_S", 0.0)
    await shelve.index_shops(own_db, shop, ["lola", "nur"], index, seen, eye)
    assert (await counted(BUILTIN), await counted("colours@1")) == ([3, 3], [0, 0])
    monkeypatch.setattr(shelve, "_ROUND_S", 60.0)
    for so_far in ([2, 2], [3, 3], [3, 3]):  # a batch each is the least
        await shelve.index_shops(own_db, shop, ["lola", "nur"], index, seen, eye)
        assert await counted("colours@1") == so_far
    assert set(seen) == {"lola", "nur"}
