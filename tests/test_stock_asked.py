"""Goods nobody counts: staff say that they are there, the summary follows, and a plain yes places the order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kit import db as database
from orders import stock_question
from tests.talking import Shopper, shopper, to_summary


@pytest.fixture
async def me(db: database.Tx, tmp_path: Path) -> AsyncIterator[Shopper]:
    async with shopper(db, tmp_path) as made:
        yield made


@pytest.mark.parametrize("yes", ["ha", "да", "ok"])
async def test_a_yes_to_the_summary_that_followed_places_the_order(me: Shopper, yes: str) -> None:
    await me.connection.execute("UPDATE stock SET mode = 'unknown', available = 0 WHERE sku = 'LS-502'")
    await to_summary(me)
    [line] = (await me.play.cart()).lines
    said = await stock_question.answer(
        me.connection,
        me.play.stage.shop,
        me.play.chat,
        line.sku,
        line.variant,
        True,
        actor="staff:telegram:7",
        language="uz",
    )
    assert "Tasdiqlaysizmi" in said[-1].text
    await me.say(yes)
    [order] = await me.orders()
    assert order["items"][0]["sku"] == "LS-502"
