"""The shop's card: sealed, shown by template after the order, its digits put in only when the message leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.config import CardConfig
from kit.crypto import Box
from kit.db import Tx
from kit.errors import Refused
from kit.message import Button, Reply, dump
from orders import card
from tests.orders_shop import CHAT, NOON, STAFF, fill_shop, make_shop, notices, order_of, said

SHOP = make_shop()
NUMBER = "8600000000001234"
OTHER = "9860000000005678"


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path / "key")


@pytest.fixture(name="db")
async def _db(db: Tx) -> Tx:
    await fill_shop(db)
    return db


async def adopt(tx: Tx, box: Box, *numbers: str) -> None:
    cards = [CardConfig(number=number, holder="") for number in numbers]  # type: ignore[arg-type]
    await card.adopt(tx, box, "atir", cards, SHOP.profile)


async def test_the_number_leaves_only_when_it_is_sent(db: Tx, box: Box) -> None:
    await adopt(db, box, NUMBER)
    order = await order_of(db, SHOP)
    reply = await card.message(db, order, "ru")
    assert NUMBER not in str(dump(reply)) and "NODIRA SALIMOVA" in reply.text
    assert "150\u00a0000" in reply.text and reply.text.count("\n") == 2
    filled = await card.fill(db, box, "atir", reply)
    assert "8600 0000 0000 1234" in filled.text and filled.buttons[0][0].copy == NUMBER
    assert "{" not in filled.text
    sealed = await db.fetchval("SELECT number_sealed FROM cards WHERE shop_id = 'atir'")
    assert NUMBER.encode() not in sealed


async def test_a_token_that_a_shopper_typed_stays_a_token(db: Tx, box: Box) -> None:
    await adopt(db, box, NUMBER)
    shown = await card.shown(db, "atir")
    assert shown is not None
    echo = Reply(f"Manzil: {shown.token}", buttons=((Button(shown.token, token=shown.token),),))
    assert await card.fill(db, box, "atir", echo) == echo


async def test_a_card_of_another_shop_is_never_filled_in(db: Tx, box: Box) -> None:
    await adopt(db, box, NUMBER)
    reply = await card.message(db, await order_of(db, SHOP), "uz")
    assert NUMBER not in str(dump(await card.fill(db, box, "other", reply)))


async def test_without_a_card_staff_are_asked_and_the_shopper_gets_it_as_soon_as_there_is_one(db: Tx, box: Box) -> None:
    order = await order_of(db, SHOP)
    assert "xodim" in (await card.message(db, order, "uz")).text
    assert (await notices(db))[-1]["kind"] == "card_missing"
    new = await card.replace(db, box, "atir", "9860 0000 0000 5678", " Nodira  S. ", actor=STAFF, now=NOON)
    assert (new.last4, new.holder) == ("5678", "Nodira S.")
    [text] = await said(db, CHAT)
    assert "{CARD:" in text and "Nodira S." in text
    assert [notice["kind"] for notice in await notices(db)][-1] == "card_changed"
    assert await db.fetchval("SELECT version FROM profiles WHERE shop_id = 'atir'") >= 1


async def test_a_new_card_is_shown_and_the_old_one_still_fits_for_90_days(db: Tx, box: Box) -> None:
    await adopt(db, box, NUMBER)
    await card.replace(db, box, "atir", OTHER, "N S", actor=STAFF, now=NOON)
    shown = await card.shown(db, "atir")
    assert shown is not None and shown.last4 == "5678"
    assert await card.own_last4(db, "atir", SHOP.profile) == {"1234", "5678"}
    await db.execute("UPDATE cards SET active_to = now() - interval '91 days' WHERE last4 = '1234'")
    assert await card.own_last4(db, "atir", SHOP.profile) == {"5678"}
    await adopt(db, box, NUMBER)  # a restart does not bring the old one back
    again = await card.shown(db, "atir")
    assert again is not None and again.last4 == "5678"


async def test_the_first_configured_card_is_shown_and_one_taken_out_of_the_settings_is_not(db: Tx, box: Box) -> None:
    await adopt(db, box, NUMBER, OTHER)
    await adopt(db, box, NUMBER, OTHER)
    assert await db.fetchval("SELECT count(*) FROM cards WHERE shop_id = 'atir'") == 2
    await adopt(db, box, OTHER)
    shown = await card.shown(db, "atir")
    assert shown is not None and shown.last4 == "5678"


async def test_the_profile_s_tail_counts_while_no_number_is_known(db: Tx) -> None:
    assert await card.own_last4(db, "atir", SHOP.profile) == {"1234"}


@pytest.mark.parametrize("number", ["", "8600", "8600 0000 0000 123", "86000000000012345", "abcd0000000012345"])
async def test_a_wrong_number_is_refused(db: Tx, box: Box, number: str) -> None:
    with pytest.raises(Refused, match=r"order\.card_digits"):
        await card.replace(db, box, "atir", number, "N S", actor=STAFF, now=NOON)
