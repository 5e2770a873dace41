"""A whole talk in a shop with tills: links and a bill come with the number, and Telegram's own commands work."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from kit import db as database
from kit.message import Reply, load_reply
from shop import privacy
from tests import talk
from tests.pay_room import TILLS
from tests.talking import Shopper, shopper, to_summary


@pytest.fixture
async def me(db: database.Tx, tmp_path: Path) -> AsyncIterator[Shopper]:
    async with shopper(db, tmp_path) as made:
        made.play.stage.shop = replace(made.play.stage.shop, tills=TILLS)
        yield made


async def sent(me: Shopper) -> list[Reply]:
    rows = await me.connection.fetch(
        "SELECT payload FROM outbox WHERE shop_id = $1 AND key = $2 ORDER BY id", talk.SHOP_ID, me.play.chat.key
    )
    return [load_reply(row["payload"]) for row in rows]


async def test_links_and_a_bill_come_with_the_order(me: Shopper) -> None:
    await to_summary(me)
    await me.say("ha")
    number, asked, bill = (await sent(me))[-3:]
    assert "№1" in number.text and "{CARD:" in asked.text
    labels = [button.label for row in asked.buttons for button in row]
    assert labels[:2] == ["Payme orqali toʻlash", "Click orqali toʻlash"] and len(labels) == 3
    (order,) = await me.orders()
    assert f"amount={order['to_transfer']}.00" in asked.buttons[1][0].url
    assert bill.invoice is not None and bill.invoice.amount == order["to_transfer"]


async def test_who_asks_for_the_card_again_gets_the_links_again(me: Shopper) -> None:
    await to_summary(me)
    await me.say("ha")
    before = len(await sent(me))
    await me.say("karta raqamini yana yuboring")
    again = [one for one in (await sent(me))[before:] if one.buttons]
    assert any(button.url.startswith("https://checkout.paycom.uz/") for row in again[0].buttons for button in row)


async def test_the_commands_of_a_bot_that_takes_money(me: Shopper) -> None:
    terms = await me.command("/terms")
    assert "Lola" in terms and str(me.play.stage.shop.profile.returns.days) in terms
    await me.command("/paysupport")
    assert "handover" in [one["kind"] for one in await me.notices()]


def test_the_privacy_page_names_the_providers(me: Shopper) -> None:
    text = privacy.as_text(me.play.stage.shop, "en", brain_is_outside=False)
    assert "If you pay through Payme, Click, Telegram" in text
    bare = replace(me.play.stage.shop, tills=replace(TILLS, ways=("card",)))
    assert "If you pay through" not in privacy.as_text(bare, "en", brain_is_outside=False)
