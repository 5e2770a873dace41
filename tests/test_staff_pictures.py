"""A picture nobody could be sure of goes to staff with the hand-over; what they press teaches the shop's search."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from kit import db as database
from kit.config import Config
from kit.db import Pool, transaction
from kit.message import Notice
from kit.outbox import tell_staff
from shop import retention
from tests.orders_shop import CHAT, NOON
from tests.pictures import product_png
from tests.staff_room import Room
from tests.talking import Shopper, shopper
from tests.test_agent_photos import seen_with
from vision import feedback, match, receipt
from vision.match import Candidate, Match

SHA = "ab" * 32
DOUBTED = Match("none", weighed=(Candidate("LS-505", 0.004, -5.5), Candidate("LS-502", 0.001, -6.9)))


@pytest.fixture
async def me(db: database.Tx, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Shopper]:
    async def find(*_: object) -> Match:
        return DOUBTED

    monkeypatch.setattr(receipt, "looks_like_receipt", lambda opened: 0.0)
    monkeypatch.setattr(match, "find", find)
    async with shopper(db, tmp_path) as made:
        yield made


async def handed(me: Shopper) -> dict[str, object]:
    """The notice of a hand-over."""
    await me.press("b:person")
    return next(one for one in await me.notices() if one["kind"] == "handover")


async def test_a_picture_that_was_not_found_goes_along_when_a_person_is_wanted(me: Shopper) -> None:
    await seen_with(me, product_png(3), ends=False)
    notice = await handed(me)
    (file,) = notice["photos"]  # type: ignore[misc]
    assert me.play.stage.media.path(file).exists()
    assert notice["facts"]["picture"]["skus"] == ["LS-505", "LS-502"]  # type: ignore[index]
    row = await me.connection.fetchrow("SELECT picture, shown FROM photo_asked")
    assert row["picture"] == notice["facts"]["picture"]["sha"] and row["shown"] == [["LS-505", -5.5], ["LS-502", -6.9]]  # type: ignore[index]


async def test_a_picture_of_yesterday_does_not(me: Shopper) -> None:
    await seen_with(me, product_png(3), ends=False)
    me.play.now += timedelta(hours=2)
    notice = await handed(me)
    assert "photos" not in notice and "picture" not in notice["facts"]  # type: ignore[operator]


async def test_what_is_bought_instead_teaches_nothing(me: Shopper) -> None:
    await seen_with(me, product_png(3), ends=False)
    await me.press("b:pick:LS-505")
    assert await me.connection.fetch("SELECT FROM photo_feedback") == []


# ---- the card --------------------------------------------------------------------------------------------------------


@pytest.fixture
async def room(own_db: Pool, config: Config) -> Room:
    made = await Room(own_db, config).furnish()
    async with transaction(own_db) as tx:
        await feedback.ask(tx, "atir", picture=SHA, model="builtin-2", shown=[("GUL", -2.0), ("QAL", -3.0)])
        facts = {"why": "asked", "picture": {"sha": SHA, "skus": ["GUL", "gone"]}}
        await tell_staff(tx, "atir", Notice("handover", shopper=CHAT.key, facts=facts), idem="h1")
    return made


async def choices(room: Room) -> dict[str, tuple[bool, str]]:
    rows = await room.pool.fetch("SELECT sku, chosen, by FROM photo_feedback WHERE shop_id = 'atir'")
    return {row["sku"]: (row["chosen"], row["by"]) for row in rows}


async def test_staff_say_what_it_is_and_may_change_their_mind(room: Room) -> None:
    card = (await room.deliver_notices())[-1]
    tokens = [button.token for row in card.buttons for button in row]
    named = [one for one in tokens if one.startswith("s:photo:")]
    assert named == [f"s:photo:{SHA[:20]}:GUL", f"s:photo:{SHA[:20]}:"]  # a product that is gone is not offered
    await room.press(named[0])
    assert await choices(room) == {"GUL": (True, "staff"), "QAL": (False, "staff")}
    await room.press(named[1])
    assert await choices(room) == {"GUL": (False, "staff"), "QAL": (False, "staff")}


@pytest.mark.parametrize("token", [f"s:photo:{SHA[:20]}:NEVER", "s:photo:cdcdcd:GUL"])
async def test_a_token_nobody_made_teaches_nothing(room: Room, token: str) -> None:
    await room.press(token)
    assert await choices(room) == {}


async def test_what_was_taught_long_ago_is_forgotten(room: Room) -> None:
    async with transaction(room.pool) as tx:
        await feedback.answered(tx, "atir", SHA, "GUL")
    await retention.forget(room.pool, "atir", 12, NOON)
    assert await choices(room)
    for table, column in (("photo_feedback", "chosen_at"), ("photo_asked", "asked_at")):
        await room.pool.execute(f"UPDATE {table} SET {column} = '2024-01-01' WHERE shop_id = 'atir'")
    await retention.forget(room.pool, "atir", 12, NOON)
    assert await choices(room) == {} and not await room.pool.fetch("SELECT FROM photo_asked WHERE shop_id = 'atir'")
