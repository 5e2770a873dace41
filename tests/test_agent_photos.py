"""Pictures through the real eye and the real reader: a payment goes the receipt road, what is no picture is said."""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from agent import photos
from agent.turn import Picture
from kit import db as database
from kit import tasks
from kit.errors import Unavailable
from kit.media import Store
from tests.talk import SHOP_ID
from tests.talking import Shopper, shopper
from vision import match, receipt, shelve
from vision.index import PgVector
from vision.receipt import Reading

PHOTO = Path(__file__).parent.parent / "demo" / "photos" / "krujka.jpg"


@pytest.fixture
async def me(db: database.Tx, tmp_path: Path) -> AsyncIterator[Shopper]:
    async with shopper(db, tmp_path) as made:
        yield made


def picture(exif: bool = False) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", (300, 600), "white")
    data = image.getexif()
    if exif:
        data[0x010F] = "CameraMaker"
    image.save(out, "JPEG", exif=data)
    return out.getvalue()


async def look(me: Shopper, data: bytes, **parts: str) -> tuple[list[dict[str, object]], object]:
    from tests import talk

    incoming, _ = talk.incoming(me.play.chat, {"photo": "unrelated"})
    turn = await me.play.turn_of([incoming], [Picture(incoming.event_id, data, **parts)])
    turn.match = turn.read = None
    return (await photos.look(turn))[incoming.event_id], turn


async def test_what_is_no_picture_is_told_from_one(me: Shopper) -> None:
    (seen,), _ = await look(me, b"<svg></svg>")
    assert seen["verdict"] == "refused" and str(seen["key"]).startswith("picture.")
    (seen,), _ = await look(me, b"", failed="gone")
    assert seen["key"] == "talk.picture_failed"


async def test_a_receipt_is_kept_without_the_camera(me: Shopper, monkeypatch: pytest.MonkeyPatch) -> None:
    async def read(data: bytes, **expected: object) -> Reading:
        return Reading(is_receipt=True, amount=5, boxes={"amount": (50, 60, 200, 90)})

    monkeypatch.setattr(receipt, "read", read)
    monkeypatch.setattr(receipt, "looks_like_receipt", lambda opened: 1.0)
    data = picture(exif=True)
    assert b"CameraMaker" in data
    (seen,), turn = await look(me, data)
    (write,) = turn.writes  # type: ignore[attr-defined]
    kept, shown = (me.play.stage.media.read(write.args[name]) for name in ("picture", "shown"))
    assert seen["verdict"] == "receipt" and b"CameraMaker" not in kept + shown
    assert Image.open(io.BytesIO(kept)).getcolors() != Image.open(io.BytesIO(shown)).getcolors()  # frames for staff
    assert isinstance(write.args["look"], int)


async def test_a_slow_disk_holds_up_no_other_conversation(me: Shopper, monkeypatch: pytest.MonkeyPatch) -> None:
    async def read(data: bytes, **expected: object) -> Reading:
        return Reading(is_receipt=True, amount=5, boxes={"amount": (50, 60, 200, 90)})

    longest, before, over = 0.0, time.monotonic(), asyncio.Event()

    async def others() -> None:
        nonlocal longest, before
        while not over.is_set():
            await asyncio.sleep(0.005)
            now = time.monotonic()
            longest, before = max(longest, now - before), now

    monkeypatch.setattr(receipt, "read", read)
    monkeypatch.setattr(receipt, "looks_like_receipt", lambda opened: 1.0)
    await look(me, picture())  # what is imported with the first picture
    data, on_disk = picture(exif=True), me.play.stage.media.folder
    shutil.rmtree(on_disk)
    monkeypatch.setattr(os, "fsync", lambda _: time.sleep(0.5))  # as a disk that others keep busy
    beside, before = tasks.start(others(), "others"), time.monotonic()
    await look(me, data)
    over.set()
    await beside
    assert longest < 0.4 and len(list(on_disk.rglob("*.jpg"))) == 2


async def test_a_reader_that_does_not_run_loses_no_money(me: Shopper, monkeypatch: pytest.MonkeyPatch) -> None:
    async def read(data: bytes, **expected: object) -> Reading:
        raise Unavailable("reader")

    monkeypatch.setattr(receipt, "read", read)
    monkeypatch.setattr(receipt, "looks_like_receipt", lambda opened: 0.4)
    await me.say("qora kepka bitta olaman, 90 123 45 67, Chilonzor 9-kvartal, 14-uy, 3-xonadon")
    await me.say("ha")
    (seen,), turn = await look(me, picture())
    assert seen["verdict"] == "receipt" and len(turn.writes) == 1  # type: ignore[attr-defined]


async def test_a_plain_photo_is_not_read_as_a_payment(me: Shopper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipt, "looks_like_receipt", lambda opened: 0.1)
    (seen,), turn = await look(me, picture())
    assert seen["verdict"] == "none" and not turn.writes  # type: ignore[attr-defined]


async def test_any_own_card_of_the_last_three_months_is_expected(me: Shopper, monkeypatch: pytest.MonkeyPatch) -> None:
    expected: dict[str, object] = {}

    async def read(data: bytes, **named: object) -> Reading:
        expected.update(named)
        return Reading(is_receipt=True, amount=5)

    monkeypatch.setattr(receipt, "read", read)
    monkeypatch.setattr(receipt, "looks_like_receipt", lambda opened: 1.0)
    await me.connection.execute("UPDATE cards SET active_to = now() - interval '20 days'")
    await me.connection.execute(
        """INSERT INTO cards (shop_id, number_sealed, last4, holder)
           SELECT shop_id, number_sealed, '8021', holder FROM cards"""
    )
    await look(me, picture())
    assert set(expected["expect_last4"]) == {"4417", "8021"}  # type: ignore[call-overload]


# ---- a fresh shop, whose own photos are still being described --------------------------------------------------------


@dataclass(frozen=True)
class Describing(PgVector):
    """The real index; with `media` it gets the shop's photos while somebody waits for them."""

    media: Store | None = None

    async def waiting(self, shop_id: str, model: str) -> list[tuple[str, str]]:
        left = await PgVector.waiting(self, shop_id, model)
        for sku, photo in left if self.media else ():
            await self.put(shop_id, model, [shelve.describe_file(self.media, sku, photo)])
        return left


async def fresh(me: Shopper, monkeypatch: pytest.MonkeyPatch, data: bytes, *, ends: bool) -> dict[str, object]:
    """What is seen of a picture in the first seconds of a shop that sells just that."""
    monkeypatch.setattr(receipt, "looks_like_receipt", lambda opened: 0.0)
    monkeypatch.setattr(photos, "_LOOK_AGAIN_S", 0.01)
    monkeypatch.setattr(photos, "_PATIENCE_S", 0.05)
    name = me.play.stage.media.put(data, "jpg")
    await me.connection.execute("UPDATE products SET photos = ARRAY[$1] WHERE sku = 'LS-502'", name)
    return await seen_with(me, data, ends=ends)


async def seen_with(me: Shopper, data: bytes, *, ends: bool) -> dict[str, object]:
    from tests import talk

    incoming, _ = talk.incoming(me.play.chat, {"photo": "unrelated"})
    turn = await me.play.turn_of([incoming], [Picture(incoming.event_id, data)])
    turn.match = turn.read = None
    turn.index = Describing(me.connection, media=me.play.stage.media if ends else None)
    return (await photos.look(turn))[incoming.event_id][0]


async def test_a_photo_sent_while_the_shops_are_described_is_looked_at_again(
    me: Shopper, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = await fresh(me, monkeypatch, PHOTO.read_bytes(), ends=True)
    assert seen == {"verdict": "exact", "skus": ["LS-502"]}


async def test_a_photo_is_not_said_to_be_unknown_before_all_are_described(
    me: Shopper, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = await fresh(me, monkeypatch, PHOTO.read_bytes(), ends=False)
    assert seen == {"verdict": "refused", "key": "talk.photos_preparing"}


async def test_a_photo_of_the_shop_whose_file_is_gone_keeps_nobody_waiting(
    me: Shopper, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fresh(me, monkeypatch, PHOTO.read_bytes(), ends=False)
    (name,) = await me.connection.fetchval("SELECT photos FROM products WHERE sku = 'LS-502'")
    me.play.stage.media.drop(name)
    seen = await seen_with(me, PHOTO.read_bytes(), ends=False)
    assert seen == {"verdict": "none", "skus": []}


# ---- what people choose among similar products -----------------------------------------------------------------------


async def test_a_choice_among_similar_products_is_kept(me: Shopper) -> None:
    shown = [["LS-401", -0.4], ["LS-402", -1.1]]
    me.play.session.looked = {"picture": "a" * 64, "model": "builtin-2", "shown": shown}
    await me.press("b:pick:LS-114")  # of another list
    assert await me.connection.fetch("SELECT FROM photo_feedback WHERE shop_id = $1", SHOP_ID) == []
    await me.press("b:pick:LS-402")
    rows = await me.connection.fetch(
        "SELECT sku, chosen, by FROM photo_feedback WHERE shop_id = $1 ORDER BY 1", SHOP_ID
    )
    assert [tuple(row) for row in rows] == [("LS-401", False, "shopper"), ("LS-402", True, "shopper")]
    assert me.play.session.looked == {}


async def test_similar_products_are_remembered_until_one_is_chosen(
    me: Shopper, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def find(*_: object) -> match.Match:
        return match.Match("similar", (match.Candidate("LS-401", 0.4, -0.4), match.Candidate("LS-402", 0.2, -1.1)))

    monkeypatch.setattr(receipt, "looks_like_receipt", lambda opened: 0.0)
    monkeypatch.setattr(match, "find", find)
    monkeypatch.setattr(Describing, "waiting", lambda *_: asyncio.sleep(0, []))
    seen = await seen_with(me, picture(), ends=False)
    assert seen == {"verdict": "similar", "skus": ["LS-401", "LS-402"]}
    assert me.play.session.looked["shown"] == [["LS-401", -0.4], ["LS-402", -1.1]]
