"""What people read adds up: summaries, cards and JSON, in every language, however a shop takes its money."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from itertools import product
from typing import Any

import pytest

from bot.staff import cards
from bot.staff.cards import Pen
from kit.db import Tx
from kit.words import LANGUAGES, say
from orders import told
from orders.cart import summary_lines
from orders.order import Order, accept_as_full, confirm, get, list_json
from shop.shops import Shop
from tests.orders_shop import NOON, STAFF, fill_shop, make_shop, order_of, ready_cart

PREPAY = ("full", "30 %", "33 %", "none")
METHODS = ("courier", "post_branch", "pickup")
PAID = ("on_arrival", "now")
WAYS = [pytest.param(*one, id="-".join(one)) for one in product(PREPAY, METHODS, PAID)]
GOODS = 150000
_SUM = re.compile(r"\d{1,3}(?:\u00a0\d{3})*(?=\u00a0\D)")


def shop_of(prepay: str, method: str, paid: str) -> Shop:
    """A shop with one region, taking its money this way."""
    region = {"key": "city", "name": {"uz": "Toshkent shahri"}, "price": 20000, "prepay": prepay, "methods": [method]}
    return make_shop(delivery={"paid": paid, "regions": [region]})


def sums(text: str) -> list[int]:
    """The sums of a text, in order."""
    return [int(found.replace("\u00a0", "")) for found in _SUM.findall(text)]


def after(key: str, text: str, language: str) -> list[int]:
    """The sums of the card's line that begins as the sentence `key` does; [] when the card has no such line."""
    label = say(language, key, sum="|", region="|").split("|")[0]
    return next((sums(line) for line in text.split("\n") if line.startswith(label)), [])


@pytest.fixture
async def shelves(db: Tx) -> AsyncIterator[Tx]:
    await fill_shop(db)
    yield db


@pytest.mark.parametrize(("prepay", "method", "paid"), WAYS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_summary_adds_up(prepay: str, method: str, paid: str, language: str) -> None:
    shop = shop_of(prepay, method, paid)
    goods, way, transfer = map(sums, summary_lines(ready_cart(shop, method=method), shop, language))
    assert goods == [GOODS]
    price = way[-1] if way else 0
    assert price == (0 if method == "pickup" else 20000)
    in_words = say(language, "order.sum_now", where="", price="|").split("|")[1]
    way_now = in_words in summary_lines(ready_cart(shop, method=method), shop, language)[1]
    assert way_now == (paid == "now" and price > 0)
    now, later = _now_and_later(transfer, prepay, paid, price)
    if later is None:  # not said again: what the line of the way says is all that arrival costs
        later = 0 if way_now else price
    assert now + later == GOODS + price


def _now_and_later(transfer: list[int], prepay: str, paid: str, price: int) -> tuple[int, int | None]:
    """What the last line asks for now, and on arrival when it says so."""
    if prepay == "none" and not (paid == "now" and price):
        assert transfer[1:] in ([], [price])
        return 0, transfer[0]
    assert transfer[2:] in ([], [price])
    return transfer[0], transfer[1] if len(transfer) > 1 else None


@pytest.mark.parametrize(("prepay", "method", "paid"), WAYS)
async def test_cards_and_json_add_up_with_what_the_shopper_was_told(
    shelves: Tx, prepay: str, method: str, paid: str
) -> None:
    shop = shop_of(prepay, method, paid)
    order = await order_of(shelves, shop, method=method)
    await _adds_up(shelves, shop, order, method)
    if order.status == "confirmed":
        return
    for amount in (order.to_transfer - 1000, None):
        order = await confirm(shelves, "atir", order.number, actor=STAFF, now=NOON, amount=amount)
        await _adds_up(shelves, shop, order, method)


@pytest.mark.parametrize(("prepay", "method", "paid"), [one for one in WAYS if "none-" not in str(one.id)])
async def test_a_forgiven_shortfall_is_said_and_everything_still_adds_up(
    shelves: Tx, prepay: str, method: str, paid: str
) -> None:
    shop = shop_of(prepay, method, paid)
    order = await order_of(shelves, shop, method=method)
    came = order.to_transfer - 1300
    order = await accept_as_full(shelves, "atir", order.number, actor=STAFF, now=NOON, amount=came)
    assert (order.status, order.paid, order.to_transfer, order.forgiven) == ("paid", came, came, 1300)
    await _adds_up(shelves, shop, order, method)
    trail = await shelves.fetchval("SELECT data FROM audit WHERE verb = 'order.shortfall_accepted'")
    assert trail == {"short": 1300}
    for language in LANGUAGES:
        assert after("staff.card_forgiven", cards.order_text(Pen(shop, language), order, ""), language) == [1300]
        assert sums(told.forgiven(shop, order, language).text) == [1300]
    lines = summary_lines(order.cart(), shop, "en")
    assert lines[2].startswith(say("en", "order.sum_same"))  # nothing forgiven is asked for again


async def _adds_up(db: Tx, shop: Shop, order: Order, method: str) -> None:
    price = 0 if method == "pickup" else 20000
    found: list[dict[str, Any]] = [one async for one in list_json(db, "atir")]
    [listed] = found
    assert listed["total"] == sum(item["qty"] * item["price"] for item in listed["items"]) == GOODS
    asked = listed["to_transfer"] + listed.get("forgiven", 0)
    assert asked + listed["due_on_arrival"] == listed["total"] + listed["delivery"]["price"] == GOODS + price
    assert (listed["status"] == "paid") == (listed["paid"] == listed["to_transfer"] > 0)
    fresh = await get(db, "atir", order.number)
    assert fresh == order
    for language in LANGUAGES:
        text = cards.order_text(Pen(shop, language), order, "")
        transferred = sum(sum(after(f"staff.card_{key}", text, language)) for key in ("prepay", "forgiven"))
        due = after("staff.card_due", text, language)
        assert after("staff.card_total", text, language) == [GOODS]
        assert transferred + sum(due[:1]) == GOODS + price
        assert sum(after(f"staff.card_{method}", text, language)) == price
        way = order.way_due
        assert due[1:] == ([way] if way and due[0] > way else [])
        if order.status == "confirmed":
            assert sums(told.told(shop, order, language).text) == due == sums(told.placed(shop, order, language).text)
