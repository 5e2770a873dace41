"""Comments that a person answers: the card, and where the reply to it goes."""

from __future__ import annotations

import pytest

from kit import outbox
from kit.config import Config
from kit.db import Pool, transaction
from kit.message import Chat, Notice, Reply, load_reply
from kit.words import LANGUAGES, has
from tests.staff_room import Room

SHOPPER, GROUP = Chat("atir", "instagram", "170"), Chat("atir", "telegram", "-1002")


@pytest.fixture
async def room(own_db: Pool, config: Config) -> Room:
    return await Room(own_db, config).furnish()


async def card(room: Room, chat: Chat, why: str = "question") -> tuple[Reply, str]:
    """The owner's card about a comment, and its id."""
    facts = {"why": why, "text": "mato qanaqa?", "username": "dilnoza", "link": "https://www.instagram.com/p/Cabc/"}
    async with transaction(room.pool) as tx:
        await outbox.tell_staff(tx, "atir", Notice("comment", "comment:c9", chat.key, facts), idem="comment:c9:staff")
    cards = await room.deliver_notices()
    return cards[-1], await room.card_id("comment:c9")


async def said(room: Room, chat: Chat) -> list[Reply]:
    rows = await room.pool.fetch("SELECT payload FROM outbox WHERE shop_id = 'atir' AND key = $1 ORDER BY id", chat.key)
    return [load_reply(row["payload"]) for row in rows]


@pytest.mark.parametrize("why", ["complaint", "question", "unknown", "with_person"])
async def test_the_card_names_who_wrote_what_and_where(room: Room, why: str) -> None:
    shown, _ = await card(room, SHOPPER, why)
    assert "@dilnoza" in shown.text and "mato qanaqa?" in shown.text and "/p/Cabc/" in shown.text
    assert all(has(language, f"staff.comment_{why}") for language in LANGUAGES)


async def test_on_instagram_the_first_answer_is_the_private_reply_and_the_next_a_message(room: Room) -> None:
    _, number = await card(room, SHOPPER)
    for text in ("Paxta, 240 g", "Yana savol bormi?"):
        await room.say(text, reply_to=number)
    answers = [(reply.text, reply.private, reply.comment) for reply in await said(room, SHOPPER)]
    assert answers == [("Paxta, 240 g", "c9", ""), ("Yana savol bormi?", "", "")]


async def test_in_a_group_the_answer_stands_under_the_comment_and_silences_nobody(room: Room) -> None:
    _, number = await card(room, GROUP)
    answers = await room.say("Paxta, 240 g", reply_to=number)
    assert len(answers) == 1 and "30" not in answers[0].text
    assert not await room.pool.fetchval("SELECT count(*) FROM contacts WHERE shop_id = 'atir' AND id = $1", GROUP.id)
    assert [(reply.text, reply.private, reply.comment) for reply in await said(room, GROUP)] == [
        ("Paxta, 240 g", "", "c9")
    ]
