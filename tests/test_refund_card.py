"""The shopper's card in the one step that needs it: sealed, opened once by who asked, gone after the refund."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.cron.jobs import forget_cards
from bot.inbox import accept
from kit.config import Config, TurnConfig
from kit.db import Pool, transaction
from kit.message import Chat, Incoming, Reply
from kit.words import LANGUAGES, say
from orders import card as cards
from orders import order as verbs
from shop import staff as members
from tests.orders_shop import CHAT, NOON, STAFF, order_of
from tests.staff_room import OWNER, Room, tokens

TYPED, DIGITS = "8600 1234.5678-9012", "8600123456789012"
TURN = TurnConfig(complete_ms=0, fragment_ms=0, album_ms=0, max_ms=0)
OTHER = Chat("atir", "telegram", "888")


@pytest.fixture
async def room(own_db: Pool, config: Config) -> AsyncIterator[Room]:
    room = await Room(own_db, config).furnish()
    yield room


async def paid_order(room: Room) -> int:
    async with transaction(room.pool) as tx:
        number = (await order_of(tx, room.shops.shop)).number
        await verbs.confirm(tx, "atir", number, actor=STAFF, now=NOON)
    return number


async def writes(room: Room, text: str, event: str = "e1", chat: Chat = CHAT) -> int:
    """The shopper's message through the door."""
    return await accept(room.pool, [Incoming(chat, event, chat.id, text=text)], TURN, box=room.app.box)


async def shown(room: Room, reply: Reply) -> str:
    """A message as it leaves."""
    return (await cards.fill(room.pool, room.app.box, "atir", reply)).text


async def everything_stored(room: Room) -> str:
    """All text of the tables a card might leak into."""
    rows = await room.pool.fetch(
        "SELECT payload::text AS said FROM inbox UNION ALL SELECT payload::text FROM outbox"
        " UNION ALL SELECT data::text FROM audit"
    )
    return "\n".join(row["said"] for row in rows)


async def asked(room: Room) -> int:
    number = await paid_order(room)
    await room.told()
    await room.press(f"s:askcard:{number}")
    assert [text.startswith(f"№{number}") for text in await room.told()] == [True]
    return number


async def test_the_card_is_seen_once_by_the_person_who_asked(room: Room) -> None:
    number = await asked(room)
    assert await writes(room, f"mana {TYPED} Dilnoza") == 1
    assert await room.told() == [say("uz", "order.refund_card_taken", number=number)]
    assert await room.pool.fetchval("SELECT status FROM inbox WHERE event_id = 'e1'") == 2  # no brain hears it
    assert DIGITS[4:12] not in (await everything_stored(room)).replace(" ", "")

    [card] = [one for one in await room.deliver_notices() if "9012" in one.text]
    assert f"s:showcard:{number}" in tokens(card) and "Lola" in card.text
    [reply] = await room.press(f"s:showcard:{number}")
    assert DIGITS not in reply.text and await shown(room, reply) == say(
        "uz", "staff.refund_card_is", number=number, card="8600 1234 5678 9012"
    )
    [again] = await room.press(f"s:showcard:{number}")
    assert again.toast == say("uz", "order.refund_card_gone", number=number)

    await room.press(f"s:refund:{number}")
    assert await room.pool.fetchval("SELECT count(*) FROM refund_cards") == 0
    assert DIGITS not in await shown(room, reply)


async def test_nobody_else_of_the_staff_may_open_it(room: Room) -> None:
    number = await asked(room)
    await writes(room, DIGITS)
    async with transaction(room.pool) as tx:
        owner = await members.member(tx, "atir", OWNER.channel, OWNER.id)
        assert owner is not None
        code = await members.invite(tx, owner)
    await room.event(Incoming(OTHER, "c1", OTHER.id, kind="command", text=f"/claim {code}", name="Zafar"))
    await room.news(OTHER)
    [refused] = await room.press(f"s:showcard:{number}", OTHER)
    assert refused.toast == say("uz", "order.refund_card_gone", number=number)
    assert len(await room.press(f"s:showcard:{number}")) == 1


async def test_a_card_nobody_asked_for_stays_hidden_and_reaches_the_agent(room: Room) -> None:
    await paid_order(room)
    await writes(room, DIGITS)
    row = await room.pool.fetchrow("SELECT status, payload FROM inbox WHERE event_id = 'e1'")
    assert (row["status"], row["payload"]["text"], row["payload"]["hidden"]) == (0, "8600 **** **** 9012", "card")
    assert await room.pool.fetchval("SELECT count(*) FROM refund_cards") == 0


async def test_other_people_and_other_words_are_not_taken_for_it(room: Room) -> None:
    number = await asked(room)
    await writes(room, DIGITS, chat=OTHER)
    await writes(room, "qachon qaytadi? 90 123 45 67", "e2")
    assert await room.pool.fetchval("SELECT count(*) FROM inbox WHERE status = 0") == 2
    await writes(room, DIGITS, "e3")
    assert await writes(room, DIGITS, "e3") == 0  # the platform brought it twice
    await writes(room, "8600 0000 1111 2222", "e4")  # one answer is enough: the next is a card like any other
    assert await room.pool.fetchval("SELECT payload->>'hidden' FROM inbox WHERE event_id = 'e4'") == "card"
    assert await shown(room, (await room.press(f"s:showcard:{number}"))[0]) == say(
        "uz", "staff.refund_card_is", number=number, card="8600 1234 5678 9012"
    )


async def test_a_new_question_forgets_the_first_card(room: Room) -> None:
    number = await asked(room)
    await writes(room, DIGITS)
    await room.press(f"s:showcard:{number}")
    await room.press(f"s:askcard:{number}")
    assert await room.pool.fetchval("SELECT sealed FROM refund_cards") is None
    await writes(room, "5614 6800 1111 2222", "e2")
    await room.news()
    [reply] = await room.press(f"s:showcard:{number}")
    assert "5614 6800 1111 2222" in await shown(room, reply)


async def test_nothing_is_asked_for_an_order_nobody_paid(room: Room) -> None:
    async with transaction(room.pool) as tx:
        number = (await order_of(tx, room.shops.shop)).number
    await room.press(f"s:askcard:{number}")
    assert await room.told() == [] and await room.pool.fetchval("SELECT count(*) FROM refund_cards") == 0


async def test_three_days_later_it_is_gone(room: Room) -> None:
    await asked(room)
    await writes(room, DIGITS)
    await forget_cards(room.app, None)  # type: ignore[arg-type]  # it needs no tick: the database's time counts
    assert await room.pool.fetchval("SELECT count(*) FROM refund_cards") == 1
    await room.pool.execute("UPDATE refund_cards SET asked_at = now() - interval '73 hours'")
    await writes(room, DIGITS, "e2")  # the question is no longer open either
    assert await room.pool.fetchval("SELECT payload->>'hidden' FROM inbox WHERE event_id = 'e2'") == "card"
    await forget_cards(room.app, None)  # type: ignore[arg-type]
    assert await room.pool.fetchval("SELECT count(*) FROM refund_cards") == 0


def test_shoppers_are_told_what_becomes_of_it() -> None:
    for language in LANGUAGES:
        text = say(language, "order.refund_card", number=3)
        assert "№3" in text and len(text) < 300
