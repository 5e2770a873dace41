"""A payment that seems to have been sent before: left to a person with the order named, and nobody accused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kit.db import Tx
from kit.message import Chat
from orders import receipt
from tests import orders_shop
from tests.orders_shop import CHAT, NOON, fill_shop, make_shop, notices, order_of
from tests.test_receipt_taken import send

SHOP = make_shop()
OTHER = Chat("atir", "telegram", "66")
SOON = NOON + timedelta(minutes=30)
GOOD = replace(orders_shop.GOOD, numbers=("150000", "1234", "20261118", "1220", "998877"))


@pytest.fixture(name="db")
async def _db(db: Tx) -> Tx:
    await fill_shop(db)
    return db


@pytest.mark.parametrize(
    ("read", "look", "same"),
    [
        ({"transaction_id": "T-9900755"}, None, True),  # one digit misread in a photo of the same screen
        ({"transaction_id": None}, None, True),
        ({"transaction_id": "K-4810066"}, None, False),  # another payment of that sum in the same minute
        ({"transaction_id": None, "time": None}, 0b1011, True),  # the hour cut away, the picture looks the same
        ({"transaction_id": None, "time": None}, 2**40 - 1, False),
        ({"transaction_id": None, "time": "12:41"}, 0b1, False),
        ({"transaction_id": None, "last4": "7777"}, 0b1, False),
    ],
)
async def test_what_seems_to_be_the_same_payment_is_left_to_a_person(
    db: Tx, read: dict[str, object], look: int | None, same: bool
) -> None:
    await order_of(db, SHOP)
    await receipt.take(db, SHOP, CHAT, "a.jpg", "a", replace(GOOD, transaction_id="T-9900155"), SOON, look=0b1)
    await order_of(db, SHOP, chat=OTHER)
    again = replace(GOOD, numbers=(), **read)  # type: ignore[arg-type]
    outcome = await receipt.take(db, SHOP, OTHER, "b.jpg", "b", again, SOON, look=look)
    assert outcome.verdict.has("person_checks") is same and not outcome.verdict.has("used_before")
    assert (outcome.verdict.reasons.get("picture", {}).get("key") == "same_numbers") is same


async def test_two_banks_may_give_one_number(db: Tx) -> None:
    await order_of(db, SHOP)
    await send(db, transaction_id="48190736", app="Payme")
    await order_of(db, SHOP, ("PIY", "oq", 1), chat=OTHER)
    other = {"transaction_id": "48190736", "app": "Click", "amount": 65000, "date": "2026-11-17"}
    assert (await send(db, 2, OTHER, **other)).kind == "claimed"
    third = Chat("atir", "telegram", "77")
    await order_of(db, SHOP, ("PIY", "oq", 1), chat=third)
    assert (await send(db, 3, third, **other)).verdict.has("used_before")


async def test_two_banks_may_give_one_number_also_without_an_order(db: Tx) -> None:
    await order_of(db, SHOP)
    await send(db, transaction_id="48190736", app="Payme")
    other = {"transaction_id": "48190736", "app": "Click", "amount": 65000, "date": "2026-11-17"}
    outcome = await send(db, 2, OTHER, **other)
    assert outcome.kind == "unassigned"
    card = (await notices(db))[-1]
    assert (card["kind"], card["about"], card["shopper"]) == (
        "unassigned_money",
        f"receipt:{outcome.receipt}",
        OTHER.key,
    )
    assert await db.fetchval("SELECT amount FROM receipts WHERE id = $1 AND shop_id = 'atir'", outcome.receipt) == 65000
    before = len(await notices(db))
    assert (await send(db, 3, OTHER, **other)).again and len(await notices(db)) == before


async def test_in_another_shop_without_a_number_it_is_left_to_a_person(db: Tx) -> None:
    read = {"transaction_id": None, "sender_last4": "7702"}
    elsewhere = Chat("other", "telegram", "9")
    await send(db, 1, elsewhere, replace(SHOP, id="other"), **read)
    await order_of(db, SHOP)
    outcome = await send(db, 2, **read)
    assert outcome.verdict.has("person_checks") and outcome.kind == "claimed"
    assert outcome.verdict.reasons["picture"] == {"key": "used_elsewhere"}


async def test_staff_get_the_picture_with_its_frames(db: Tx) -> None:
    await order_of(db, SHOP)
    await receipt.take(db, SHOP, CHAT, "a.jpg", "a", GOOD, SOON, shown="framed.jpg")
    assert (await notices(db))[-1]["photos"] == ["framed.jpg"]
    assert await db.fetchval("SELECT media FROM receipts WHERE shop_id = 'atir'") == "a.jpg"
