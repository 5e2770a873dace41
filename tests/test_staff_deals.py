"""Haggling: a pressed price is this shopper's alone, for one order, in the order's line and in the trail."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kit import clock
from kit.config import Config
from kit.db import Pool, transaction
from kit.errors import Refused
from kit.message import Chat, Incoming, Notice, Reply
from kit.outbox import tell_staff
from orders.cart import summary
from orders.order import change, place
from shop import contacts, offers
from tests.orders_shop import CHAT, NOON, ready_cart
from tests.staff_room import OWNER, Room, tokens

ASKED = {"sku": "GUL", "asked": 120000, "price": 150000}


@pytest.fixture
async def room(own_db: Pool, config: Config) -> Room:
    return await Room(own_db, config).furnish()


async def haggled(room: Room, **facts: object) -> Reply:
    """The card of a shopper who asks for less."""
    async with transaction(room.pool) as tx:
        await tell_staff(tx, "atir", Notice("haggle", "", CHAT.key, ASKED | facts), idem=f"haggle:{facts}")
    [card] = await room.deliver_notices()
    return card


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


async def test_the_card_offers_what_was_asked_five_per_cent_a_sum_and_no(room: Room) -> None:
    card = await haggled(room)
    labels = [plain(button.label) for row in card.buttons for button in row]
    assert labels == ["120 000 soʻm", "−5 % (142 500 soʻm)", "Boshqa narx", "Yoʻq"]
    assert "Dilnoza" in card.text and "150 000" in plain(card.text)
    assert tokens(await haggled(room, asked=0))[0] == f"s:deal:142500:GUL:{CHAT.key}"
    assert tokens(await haggled(room, sku="")) == []


async def test_a_pressed_price_is_told_shown_ordered_once_and_in_the_trail(room: Room) -> None:
    card = await haggled(room)
    [toast] = [answer.toast for answer in await room.press(tokens(card)[1])]
    assert "142 500" in plain(toast)
    [told] = await room.told()
    assert "142 500" in plain(told) and "150" not in told
    shop = room.shops.shop
    async with transaction(room.pool) as tx:
        hers = offers.laid(shop, await offers.of_chat(tx, CHAT, clock.now()))
        assert (hers.products["GUL"].price, hers.products["GUL"].old_price) == (142500, 150000)
        cart = ready_cart(hers, ("GUL", "", 2))
        assert "285 000" in plain(summary(cart, hers, "uz").text)
        order = await place(tx, hers, CHAT, cart, actor="agent", now=NOON)
        assert (order.items[0].price, order.total) == (142500, 285000)
        trail = await tx.fetchrow("SELECT actor, data FROM audit WHERE about = 'order:1' AND verb LIKE '%granted%'")
        assert trail["actor"] == f"staff:telegram:{OWNER.id}"
        assert trail["data"] == {"sku": "GUL", "price": 142500, "was": 150000}
        assert await offers.of_chat(tx, CHAT, clock.now()) == {}
        more = order.cart()  # what was agreed in the order stays with it
        more.put("PIY", "oq", 1)
        more.shown = more.summary_key(shop)
        done = await change(tx, shop, CHAT, more, actor="agent", now=NOON)
        assert done.order.items[0].price == 142500


async def test_nobody_elses_price_changes_and_a_price_nobody_granted_is_not_ordered(room: Room) -> None:
    await room.press(f"s:deal:142500:GUL:{CHAT.key}")
    shop, other = room.shops.shop, Chat("atir", "telegram", "56")
    async with transaction(room.pool) as tx:
        assert await offers.of_chat(tx, other, clock.now()) == {}
        forged = offers.laid(shop, {"GUL": 1000})
        for chat in (other, CHAT):
            with pytest.raises(Refused, match=r"order\.price_changed"):
                await place(tx, forged, chat, ready_cart(forged), actor="agent", now=NOON)


async def test_a_granted_price_is_over_after_two_days(room: Room) -> None:
    await room.press(f"s:deal:142500:GUL:{CHAT.key}")
    person = await contacts.get(room.pool, CHAT)
    assert offers.valid(person, clock.now() + timedelta(hours=47)) == {"GUL": 142500}
    assert offers.valid(person, clock.now() + timedelta(hours=49)) == {}


async def test_another_sum_is_asked_for_and_must_be_lower(room: Room) -> None:
    await room.press(f"s:deal:sum:GUL:{CHAT.key}")
    for wrong in ("bilmadim", "200 ming", "150 ming"):
        assert (await room.say(wrong))[0].text
        assert await room.told() == []
    await room.say("135 ming")
    assert "135 000" in plain((await room.told())[0])
    assert not await room.event(room.incoming(text="salom"))  # no question waits any more


async def test_no_keeps_the_price_and_the_same_answer_is_given_once(room: Room) -> None:
    for _ in range(2):
        await room.press(f"s:deal:no:GUL:{CHAT.key}")
    assert ["150 000" in plain(text) for text in await room.told()] == [True]
    await room.press(f"s:deal:140000:GUL:{CHAT.key}")  # a better mind
    assert ["140 000" in plain(text) for text in await room.told()] == [True]


@pytest.mark.parametrize("token", ["s:deal", "s:deal:5", "s:deal:x:GUL:telegram:55", "s:deal:1:NONE:telegram:55"])
async def test_forged_deals_are_sentences(room: Room, token: str) -> None:
    assert (await room.press(token))[-1].toast
    assert await room.told() == []


async def test_in_the_staffs_group_a_sum_is_a_reply_to_the_question(room: Room) -> None:
    group = Chat("atir", "telegram", "-100")
    press = Incoming(
        group, "g1", OWNER.id, kind="button", button=f"s:deal:sum:GUL:{CHAT.key}", press_id="g1", group=True
    )
    assert await room.event(press)
    assert not await room.event(Incoming(group, "g2", OWNER.id, text="135 ming", group=True))
    assert await room.event(Incoming(group, "g3", OWNER.id, text="135 ming", reply_to="m1", group=True))
    assert "135 000" in plain((await room.told())[0])
