"""Where the platform's answer was lost: one repeat in a chat, none in public, and a dead letter that says so."""

from __future__ import annotations

import asyncio

import pytest

from bot import undelivered
from bot.app import App
from bot.deliver import Sender
from kit import outbox, outgoing
from kit.config import Config
from kit.db import Pool, transaction
from kit.errors import Unavailable
from kit.message import Chat, Reply
from tests.queueing import Ledger, StaffRoom, app_of, killed, running, until

CHAT = Chat("lola", "widget", "w1")  # no pace there
QUICK = (0.01,)
LOST = Unavailable("the answer was lost", code="unsure")
PUBLIC = Reply("narxi 250 000 soʻm", comment="c1")
NOT_ASKED = Unavailable("cannot be asked", permanent=True, code="unsure")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undelivered, "ASK_S", 0.01)


async def put(pool: Pool, *replies: Reply, chat: Chat = CHAT) -> None:
    async with transaction(pool) as tx:
        for number, reply in enumerate(replies):
            await outbox.put(tx, chat, reply, idem=f"{chat.key}:{number}")


async def ends(pool: Pool) -> list[tuple[int, str]]:
    """(status, reason) of what was to be said to people."""
    rows = await pool.fetch(
        "SELECT status, last_error FROM outbox WHERE shop_id = 'lola' AND key <> 'staff:' ORDER BY id"
    )
    return [(row["status"], row["last_error"] or "") for row in rows]


async def settled(pool: Pool) -> bool:
    return not await pool.fetchval("SELECT count(*) FROM outbox WHERE shop_id = 'lola' AND status IN (0, 2)")


async def deliver(app: App, send_s: float = 45.0) -> None:
    async with running(Sender(app, backoff_s=QUICK, send_s=send_s).run):
        await until(lambda: settled(app.db))


async def test_a_lost_answer_makes_one_repeat(own_db: Pool, config: Config) -> None:
    ledger = Ledger("widget")
    ledger.fail = [LOST, None]
    await put(own_db, Reply("salom"))
    await deliver(app_of(own_db, config, channel=ledger))
    assert ledger.texts == ["salom"]
    assert [status for status, _ in await ends(own_db)] == [1]


async def test_two_lost_answers_make_a_dead_letter_and_the_next_one_leaves(own_db: Pool, config: Config) -> None:
    ledger, room = Ledger("widget"), StaffRoom()
    ledger.fail = [LOST, LOST, None]
    await put(own_db, Reply("salom"), Reply("hayr"))
    await deliver(app_of(own_db, config, channel=ledger, staff=room))
    assert ledger.texts == ["hayr"]
    assert [status for status, _ in await ends(own_db)] == [9, 1]
    assert "perhaps said" in (await ends(own_db))[0][1]
    assert [notice.facts["why"] for notice in room.notices] == ["unsure"]


async def test_a_platform_that_does_not_answer_counts_as_a_lost_answer(own_db: Pool, config: Config) -> None:
    ledger = Ledger("widget", slow_s=0.3)
    await put(own_db, Reply("salom"))
    await deliver(app_of(own_db, config, channel=ledger), send_s=0.1)
    assert "perhaps said" in (await ends(own_db))[0][1]


async def test_clear_failures_between_lost_answers_change_nothing(own_db: Pool, config: Config) -> None:
    ledger = Ledger("widget")
    ledger.fail = [Unavailable("502"), LOST, Unavailable("502"), Unavailable("502"), LOST, None]
    await put(own_db, Reply("salom"))
    await deliver(app_of(own_db, config, channel=ledger))
    assert ledger.texts == [] and len(ledger.fail) == 1


async def test_a_public_word_that_stands_there_is_not_said_again(own_db: Pool, config: Config) -> None:
    ledger = Ledger("widget")
    ledger.fail = [LOST]
    ledger.standing[PUBLIC] = "comment-77"
    await put(own_db, PUBLIC)
    await deliver(app_of(own_db, config, channel=ledger))
    assert ledger.texts == [] and ledger.asked == [PUBLIC]
    assert await own_db.fetchval("SELECT provider_id FROM outbox WHERE shop_id = 'lola' AND status = 1") == "comment-77"


async def test_a_public_word_that_does_not_stand_there_is_said(own_db: Pool, config: Config) -> None:
    ledger = Ledger("widget")
    ledger.fail = [LOST, Unavailable("502"), None]
    await put(own_db, PUBLIC)
    await deliver(app_of(own_db, config, channel=ledger))
    assert ledger.texts == [PUBLIC.text]
    assert ledger.asked == [PUBLIC, PUBLIC]  # before each try after the doubt


@pytest.mark.parametrize("reply", [PUBLIC, Reply("salom", private="c1")])
async def test_where_nobody_can_be_asked_it_is_a_dead_letter(own_db: Pool, config: Config, reply: Reply) -> None:
    ledger, room = Ledger("widget"), StaffRoom()
    ledger.fail = [LOST]
    ledger.standing[reply] = NOT_ASKED
    await put(own_db, reply)
    await deliver(app_of(own_db, config, channel=ledger, staff=room))
    assert ledger.texts == []
    assert "perhaps said" in (await ends(own_db))[0][1]
    assert [notice.facts["why"] for notice in room.notices] == ["unsure"]


async def test_a_public_word_of_a_killed_sender_is_asked_for_first(own_db: Pool, config: Config) -> None:
    ledger = Ledger("widget")
    ledger.standing[PUBLIC] = "comment-77"
    await put(own_db, PUBLIC)
    await put(own_db, Reply("xabar"), chat=Chat("lola", "widget", "w2"))
    await killed(own_db)
    async with running(Sender(app_of(own_db, config, channel=ledger)).run):
        await until(lambda: ledger.texts == ["xabar"])
        await own_db.execute("UPDATE outbox SET due_at = now() WHERE shop_id = 'lola' AND status = 0")  # five seconds
        await until(lambda: settled(own_db))
    assert ledger.texts == ["xabar"] and ledger.asked == [PUBLIC]


@pytest.mark.parametrize("reply", [Reply("salom"), PUBLIC])
async def test_a_note_that_a_crash_of_the_database_took_back_is_a_doubt(
    own_db: Pool, config: Config, reply: Reply
) -> None:
    """The note that a row was said is not waited for: PostgreSQL dies half a second later and the row is claimed."""
    ledger = Ledger("widget")
    ledger.standing[PUBLIC] = "comment-77"
    await put(own_db, reply)
    sender = Sender(app_of(own_db, config, channel=ledger))
    async with running(sender.run):
        await until(lambda: settled(own_db))
        await own_db.execute(
            """UPDATE outbox SET status = 2, provider_id = NULL, sent_at = NULL, owner = $1,
                   lease_until = now() + interval '100 s' WHERE shop_id = 'lola'""",
            sender.watch.id,
        )
        await sender.care(2)
        await own_db.execute("UPDATE outbox SET due_at = now() WHERE shop_id = 'lola' AND status = 0")  # five seconds
        await until(lambda: settled(own_db))
    assert await own_db.fetchval("SELECT unsure FROM outbox WHERE shop_id = 'lola'") == 1
    assert ledger.texts == ([reply.text] if reply is PUBLIC else ["salom", "salom"])


async def test_a_message_that_three_senders_died_with_is_given_up(own_db: Pool, config: Config) -> None:
    ledger, room = Ledger("widget"), StaffRoom()
    await put(own_db, Reply("salom"), Reply("hayr"))
    for _ in range(3):
        await killed(own_db)
        async with transaction(own_db) as tx:
            owner = await tx.fetchval("SELECT owner FROM outbox WHERE shop_id = 'lola' AND status = 2")
            count, given_up = await outgoing.orphans(tx, owner, 3)
    assert (count, [row.payload["text"] for row in given_up]) == (1, ["salom"])
    await deliver(app_of(own_db, config, channel=ledger, staff=room))
    assert ledger.texts == ["hayr"]


async def test_a_drain_that_breaks_off_a_send_is_a_doubt_too(own_db: Pool, config: Config) -> None:
    ledger = Ledger("widget", slow_s=60.0)
    await put(own_db, Reply("salom"))
    sender = Sender(app_of(own_db, config, channel=ledger))
    async with running(sender.run):
        await until(lambda: bool(sender.busy))
        await asyncio.sleep(0.1)
        for task in sender.busy.values():
            task.cancel()
    assert await own_db.fetchval("SELECT unsure FROM outbox WHERE shop_id = 'lola'") == 1
