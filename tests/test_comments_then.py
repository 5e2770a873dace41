"""The public word waits for the private one: it is written in the commit that notes that one as sent, only there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import undelivered
from bot.deliver import Sender
from bot.inbox import accept
from kit import outbox
from kit.config import Config
from kit.db import Pool, transaction
from kit.errors import Unavailable
from kit.message import Chat, Incoming, Reply, dump, load_reply
from shop import contacts
from tests.queueing import AT_ONCE, QUICK, Ledger, StaffRoom, app_of, killed, running, until

CHAT = Chat("lola", "instagram", "170")
PUBLIC = Reply("Shaxsiy xabar yubordik", comment="c1")
PRIVATE = Reply("Koʻylak — 329 000 soʻm", private="c1", then=PUBLIC)
LOST = Unavailable("no answer", code="unsure")
NOT_ASKED = Unavailable("cannot be asked", permanent=True, code="unsure")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undelivered, "ASK_S", 0.0)


async def put(pool: Pool) -> None:
    async with transaction(pool) as tx:
        await contacts.seen(tx, Incoming(CHAT, "s1", CHAT.id))
        await outbox.put(tx, CHAT, PRIVATE, idem="comment:c1:private", chatter=True)


async def deliver(pool: Pool, config: Config, ledger: Ledger) -> StaffRoom:
    room = StaffRoom()
    sender = Sender(app_of(pool, config, channel=ledger, staff=room), backoff_s=QUICK)

    async def settled() -> bool:
        return not await pool.fetchval("SELECT count(*) FROM outbox WHERE shop_id = 'lola' AND status IN (0, 2)")

    async with running(sender.run):
        await until(settled)
    return room


async def rows(pool: Pool) -> list[tuple[str, int]]:
    found = await pool.fetch("SELECT idem, status FROM outbox WHERE shop_id = 'lola' AND key <> 'staff:' ORDER BY id")
    return [(row["idem"], row["status"]) for row in found]


def test_what_follows_comes_through_the_store_as_it_was() -> None:
    assert load_reply(dump(PRIVATE)) == PRIVATE and load_reply(dump(PUBLIC)) == PUBLIC


async def test_the_public_word_leaves_after_the_private_one(own_db: Pool, config: Config) -> None:
    ledger = Ledger("instagram")
    await put(own_db)
    assert await rows(own_db) == [("comment:c1:private", 0)]
    await deliver(own_db, config, ledger)
    assert [(reply.private, reply.comment) for _, reply in ledger.sent] == [("c1", ""), ("", "c1")]
    assert await rows(own_db) == [("comment:c1:private", 1), ("comment:c1:private:then", 1)]


@pytest.mark.parametrize("error", [Unavailable("too old", permanent=True, code="100"), LOST])
async def test_without_the_private_one_nothing_is_said_in_public(
    own_db: Pool, config: Config, error: Unavailable
) -> None:
    ledger = Ledger("instagram")
    ledger.fail, ledger.standing = [error], {PRIVATE: NOT_ASKED}
    await put(own_db)
    room = await deliver(own_db, config, ledger)
    assert ledger.sent == []
    assert await rows(own_db) == [("comment:c1:private", 9)]
    assert [notice.kind for notice in room.notices] == ["problem"]


async def test_a_person_who_took_the_chat_speaks_for_both(own_db: Pool, config: Config) -> None:
    ledger = Ledger("instagram")
    await put(own_db)
    async with transaction(own_db) as tx:
        await contacts.pause(tx, CHAT, 30)
    await deliver(own_db, config, ledger)
    assert ledger.sent == [] and await rows(own_db) == [("comment:c1:private", 3)]


@pytest.mark.parametrize("echoed", [True, False])
async def test_the_echo_is_the_witness_of_a_sender_that_was_killed(own_db: Pool, config: Config, echoed: bool) -> None:
    """Killed between the platform's yes and our note of it: said once, and the public word follows if it was said."""
    ledger = Ledger("instagram")
    ledger.standing = {PRIVATE: NOT_ASKED}
    await put(own_db)
    await killed(own_db)
    echo = Incoming(CHAT, "echo:m7", "178", kind="echo", text=PRIVATE.text, message_id="m7")
    if echoed:
        await accept(own_db, [echo], AT_ONCE)
    async with running(Sender(app_of(own_db, config, channel=ledger), backoff_s=QUICK).run):

        async def over() -> bool:
            await own_db.execute("UPDATE outbox SET due_at = now() WHERE shop_id = 'lola' AND status = 0")  # 5 s pass
            return {status for _, status in await rows(own_db)} <= {1, 9}

        await until(over)
    assert [reply for _, reply in ledger.sent] == ([PUBLIC] if echoed else [])
    expected = [("comment:c1:private", 1), ("comment:c1:private:then", 1)] if echoed else [("comment:c1:private", 9)]
    assert await rows(own_db) == expected


async def test_a_repeat_of_the_same_words_to_another_comment_is_no_witness(own_db: Pool, config: Config) -> None:
    """An echo from before this reply was put says nothing of it."""
    echo = Incoming(CHAT, "echo:m1", "178", kind="echo", text=PRIVATE.text, message_id="m1")
    await accept(own_db, [replace(echo)], AT_ONCE)
    ledger = Ledger("instagram")
    ledger.fail, ledger.standing = [LOST], {PRIVATE: NOT_ASKED}
    await put(own_db)
    await own_db.execute(
        "UPDATE contacts SET paused_until = NULL WHERE shop_id = 'lola'"
    )  # that echo was taken as staff's
    await deliver(own_db, config, ledger)
    assert ledger.sent == []
