"""Dead letters in staff's hands: /dead, /retry, /skip, for both boxes, checked against person and shop."""

from __future__ import annotations

import re

import pytest

from kit import lanes, outbox
from kit.config import Config
from kit.db import Pool, transaction
from kit.letters import parse_id
from kit.message import Chat, Incoming, Notice, Reply, dump
from kit.words import LANGUAGES, say
from tests.orders_shop import CHAT
from tests.staff_room import Room

STRANGER = Chat("atir", "telegram", "888")


@pytest.fixture
async def room(own_db: Pool, config: Config) -> Room:
    return await Room(own_db, config).furnish()


async def dead_message(pool: Pool, text: str = "salom", why: str = "ValueError: zahar", shop: str = "atir") -> str:
    """A message of the shopper that was given up; its id as staff see it."""
    async with transaction(pool) as tx:
        await tx.execute(
            "INSERT INTO lane (shop_id, key, seq) VALUES ($1, $2, 1) ON CONFLICT DO NOTHING", shop, CHAT.key
        )
        row = await tx.fetchval(
            "INSERT INTO inbox"
            " (shop_id, channel, event_id, key, seq, kind, payload, status, attempts, last_error, done_at)"
            " VALUES ($1, 'telegram', gen_random_uuid(), $2, 1, 'message', $3, 9, 5, $4, now()) RETURNING id",
            shop,
            CHAT.key,
            dump(Incoming(Chat(shop, "telegram", CHAT.id), "e", CHAT.id, text=text)),
            why,
        )
    return f"i{row}"


async def dead_reply(pool: Pool, text: str, why: str) -> str:
    async with transaction(pool) as tx:
        row = await outbox.put(tx, CHAT, Reply(text), idem=text)
        await tx.execute("UPDATE outbox SET status = 9, last_error = $2 WHERE shop_id = 'atir' AND id = $1", row, why)
    return f"o{row}"


async def status(pool: Pool, letter: str) -> int:
    table = "inbox" if letter[0] == "i" else "outbox"
    return int(await pool.fetchval(f"SELECT status FROM {table} WHERE shop_id = 'atir' AND id = $1", int(letter[1:])))


async def trail(pool: Pool) -> list[tuple[str, str, str]]:
    rows = await pool.fetch(
        "SELECT actor, verb, about FROM audit WHERE shop_id = 'atir' AND verb LIKE 'dead.%' ORDER BY id"
    )
    return [(row["actor"], row["verb"], row["about"]) for row in rows]


# ---- the list --------------------------------------------------------------------------------------------------------


async def test_both_boxes_are_listed_with_who_what_why_and_when(room: Room) -> None:
    message = await dead_message(room.pool, "qora koʻylak bormi?", "ValueError: 8600 1234 5678 9012 zahar")
    reply = await dead_reply(room.pool, "Ha, bor", "blocked Forbidden: bot was blocked by the user")
    [told] = await room.say("/dead")
    assert message in told.text and reply in told.text
    assert "Dilnoza" in told.text and "«qora koʻylak bormi?»" in told.text and "«Ha, bor»" in told.text
    assert "ValueError" in told.text and "5678" not in told.text  # the reason is quoted, masked
    assert "bloklagan" in told.text and "Forbidden" not in told.text
    assert re.search(r"\d\d\.\d\d \d\d:\d\d", told.text)
    assert "/retry" in told.text and "/skip" in told.text


async def test_a_cards_number_is_dots_in_the_list(room: Room) -> None:
    await dead_reply(room.pool, "Shu kartaga oʻtkazing: {CARD:3}", "forbidden")
    [listed] = await room.say("/dead")
    assert "kartaga oʻtkazing: ••••" in listed.text and "CARD" not in listed.text


async def test_an_empty_list_says_so(room: Room) -> None:
    assert (await room.say("/dead"))[0].text == say("uz", "staff.dead_none")


async def test_a_long_list_fits_a_message(room: Room) -> None:
    for number in range(30):
        await dead_message(room.pool, f"{number} " + "uzun gap " * 200, "ValueError: " + "x" * 500)
    [told] = await room.say("/dead")
    assert len(told.text) < 4096
    assert say("uz", "staff.dead_more") in told.text


async def test_letters_of_another_shop_are_nobodys_business(room: Room) -> None:
    other = await dead_message(room.pool, "begona", shop="boshqa")
    assert (await room.say("/dead"))[0].text == say("uz", "staff.dead_none")
    for verb in ("/retry", "/skip"):
        assert other in (await room.say(f"{verb} {other}"))[0].text
    assert await room.pool.fetchval("SELECT status FROM inbox WHERE shop_id = 'boshqa'") == 9
    assert await trail(room.pool) == []


@pytest.mark.parametrize("command", ["/dead", "/retry i1", "/skip i1"])
async def test_a_stranger_gets_nothing(room: Room, command: str) -> None:
    letter = await dead_message(room.pool)
    text = command.replace("i1", letter)
    await room.event(Incoming(STRANGER, "x1", STRANGER.id, kind="command", text=text))
    assert not [reply for reply in await room.news(STRANGER) if letter in reply.text or "salom" in reply.text]
    assert await status(room.pool, letter) == 9
    assert await trail(room.pool) == []


# ---- again, or aside -------------------------------------------------------------------------------------------------


async def test_a_message_is_tried_again(room: Room) -> None:
    letter = await dead_message(room.pool)
    assert letter in (await room.say(f"/retry {letter}"))[0].text
    [held] = await lanes.claim(room.pool, 1, 5)
    [row] = await lanes.waiting(room.pool, held)
    assert (row.incoming.text, row.attempts, row.single) == ("salom", 0, True)
    assert await trail(room.pool) == [("staff:telegram:777", "dead.retried", f"inbox:{letter[1:]}")]


async def test_words_unsent_are_sent_again(room: Room) -> None:
    letter = await dead_reply(room.pool, "Ha, bor", "unavailable")
    await room.say(f"/retry {letter.upper()} ")
    assert await status(room.pool, letter) == 0
    assert (await trail(room.pool))[0][1:] == ("dead.retried", f"outbox:{letter[1:]}")


async def test_a_letter_is_put_aside(room: Room) -> None:
    letters = [await dead_message(room.pool), await dead_reply(room.pool, "Ha", "gone")]
    for letter in letters:
        await room.say(f"/skip {letter}")
        assert await status(room.pool, letter) == 8
    assert (await room.say("/dead"))[0].text == say("uz", "staff.dead_none")
    assert [verb for _, verb, _ in await trail(room.pool)] == ["dead.skipped"] * 2


async def test_twice_is_once(room: Room) -> None:
    letter = await dead_message(room.pool)
    await room.say(f"/skip {letter}")
    for verb in ("/skip", "/retry"):
        assert letter in (await room.say(f"{verb} {letter}"))[0].text
    assert await status(room.pool, letter) == 8
    assert len(await trail(room.pool)) == 1


@pytest.mark.parametrize("typed", ["", "12", "x12", "i", "i-1", "i0", "i1e9", "i99999999999999999999", "i1 2", "o١"])
async def test_what_is_no_id_gets_the_usage(room: Room, typed: str) -> None:
    assert parse_id(typed) is None
    assert "/retry i12" in (await room.say(f"/retry {typed}"))[0].text


# ---- the card --------------------------------------------------------------------------------------------------------


async def test_the_card_names_the_shopper_and_the_list(room: Room) -> None:
    async with transaction(room.pool) as tx:
        notice = Notice("dead_letter", shopper=CHAT.key, facts={"letter": "i1"})
        await outbox.tell_staff(tx, "atir", notice, idem="dead:inbox:1")
    card = (await room.deliver_notices())[-1]
    assert "Dilnoza" in card.text and "/dead" in card.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_names_it(language: str) -> None:
    assert "/dead" in say(language, "staff.help")
