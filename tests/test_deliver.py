"""What stands in the outbox is said: in order, once, again when it failed, and not over a person's head."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict

from bot.app import App
from bot.deliver import Sender, work
from kit import outbox, outgoing
from kit.config import Config
from kit.db import Pool, transaction
from kit.errors import Unavailable
from kit.message import Chat, Notice, Reply
from kit.watch import Watch
from shop import contacts
from tests.queueing import CHAT, Ledger, StaffRoom, app_of, running, until

QUICK = (0.01,)


async def say(pool: Pool, *texts: str, chat: Chat = CHAT, **options: object) -> list[int]:
    async with transaction(pool) as tx:
        return [await outbox.put(tx, chat, Reply(text), idem=f"{chat.key}:{text}", **options) for text in texts]  # type: ignore[arg-type]


async def statuses(pool: Pool) -> list[int]:
    return [row["status"] for row in await pool.fetch("SELECT status FROM outbox WHERE shop_id = 'lola' ORDER BY id")]


async def settled(pool: Pool) -> bool:
    return not await pool.fetchval("SELECT count(*) FROM outbox WHERE shop_id = 'lola' AND status IN (0, 2)")


async def deliver(app: App, pool: Pool, *senders: Sender) -> None:
    async with asyncio.TaskGroup() as group:
        stop = asyncio.Event()
        for sender in senders or [Sender(app, backoff_s=QUICK)]:
            group.create_task(sender.run(stop))
        await until(lambda: settled(pool))
        stop.set()


async def test_the_same_thing_is_put_once(own_db: Pool) -> None:
    first = await say(own_db, "salom")
    assert await say(own_db, "salom") == first
    assert await own_db.fetchval("SELECT count(*) FROM outbox WHERE shop_id = 'lola'") == 1


async def test_a_message_leaves_a_few_milliseconds_after_the_commit(own_db: Pool, config: Config) -> None:
    ledger = Ledger("widget")
    chat = Chat("lola", "widget", "w1")
    waits = []
    app = app_of(own_db, config, channel=ledger)
    async with running(lambda stop: work(app, stop)):
        await asyncio.sleep(0.3)
        for number in range(20):
            await say(own_db, str(number), chat=chat)
            put = time.perf_counter()
            await until(lambda: len(ledger.sent) > number)  # noqa: B023
            waits.append(time.perf_counter() - put)
    assert sorted(waits)[10] < 0.1  # 5 ms on an idle machine; a second would be the poll behind a lost ring


async def test_messages_of_a_chat_keep_their_order_with_two_senders(own_db: Pool, config: Config) -> None:
    ledger = Ledger("widget", slow_s=0.002)
    chats = [Chat("lola", "widget", str(number)) for number in range(8)]
    for number in range(12):
        for chat in chats:
            await say(own_db, f"{number}", chat=chat)
    app = app_of(own_db, config, channel=ledger)
    await deliver(app, own_db, Sender(app), Sender(app))
    heard = defaultdict(list)
    for chat, reply in ledger.sent:
        heard[chat].append(int(reply.text))
    assert all(heard[chat] == list(range(12)) for chat in chats)
    assert ledger.overlaps == 0


async def test_a_failed_message_holds_the_next_one_back(own_db: Pool, config: Config) -> None:
    ledger = Ledger()
    ledger.fail = [Unavailable("502"), Unavailable("502"), None]
    await say(own_db, "first", "second")
    app = app_of(own_db, config, channel=ledger)
    await deliver(app, own_db)
    assert ledger.texts == ["first", "second"]
    assert await own_db.fetchval("SELECT attempts FROM outbox WHERE shop_id = 'lola' ORDER BY id LIMIT 1") == 3


async def test_a_delayed_message_holds_nothing_back(own_db: Pool, config: Config) -> None:
    ledger = Ledger()
    await say(own_db, "in an hour", delay_s=3600)
    await say(own_db, "now")
    app = app_of(own_db, config, channel=ledger)
    async with running(lambda stop: work(app, stop)):
        await until(lambda: ledger.texts == ["now"])
    assert await statuses(own_db) == [0, 1]


async def test_the_platform_asks_to_wait_and_is_obeyed(own_db: Pool, config: Config) -> None:
    ledger = Ledger()
    ledger.fail = [Unavailable("429", retry_after=0.6)]
    await say(own_db, "first", "second")
    began = time.monotonic()
    app = app_of(own_db, config, channel=ledger)
    await deliver(app, own_db)
    assert ledger.texts == ["first", "second"]
    assert time.monotonic() - began >= 0.6


async def test_ten_failures_make_a_dead_letter_and_staff_are_told(own_db: Pool, config: Config) -> None:
    ledger, room = Ledger("widget"), StaffRoom()  # no pace there
    ledger.fail = [Unavailable("502")] * 10
    await say(own_db, "buyurtmangiz yoʻlda", "second", chat=Chat("lola", "widget", "w1"))
    app = app_of(own_db, config, channel=ledger, staff=room)
    await deliver(app, own_db)
    row = await own_db.fetchrow(
        "SELECT status, attempts, last_error FROM outbox WHERE shop_id = 'lola' ORDER BY id LIMIT 1"
    )
    assert tuple(row) == (9, 10, "Unavailable: 502")
    assert ledger.texts == ["second"]
    assert [notice.facts["text"] for notice in room.notices] == ["buyurtmangiz yoʻlda"]


async def test_who_blocked_us_is_unreachable_and_staff_hear_it_once(own_db: Pool, config: Config) -> None:
    ledger, room = Ledger(), StaffRoom()
    ledger.fail = [Unavailable("403", permanent=True, code="blocked")] * 3
    await own_db.execute("INSERT INTO contacts (shop_id, channel, id) VALUES ('lola', 'telegram', '555')")
    await say(own_db, "a", "b", "c")
    app = app_of(own_db, config, channel=ledger, staff=room)
    await deliver(app, own_db)
    assert await statuses(own_db) == [9, 9, 9, 1]  # the last is the notice
    assert (await contacts.get(own_db, CHAT)).unreachable == "blocked"
    assert [(notice.kind, notice.shopper) for notice in room.notices] == [("problem", CHAT.key)]


async def test_a_staff_member_who_blocked_us_makes_no_notice(own_db: Pool, config: Config) -> None:
    ledger, room = Ledger(), StaffRoom()
    ledger.fail = [Unavailable("403", permanent=True, code="blocked")]
    await own_db.execute(
        "INSERT INTO staff (shop_id, channel, id, chat_id, role) VALUES ('lola', 'telegram', '555', '555', 'owner')"
    )
    await say(own_db, "a card", about="order:1")
    app = app_of(own_db, config, channel=ledger, staff=room)
    await deliver(app, own_db)
    assert await statuses(own_db) == [9]
    assert room.notices == []


async def test_a_channel_without_a_token_is_a_dead_letter(own_db: Pool, config: Config) -> None:
    await say(own_db, "salom")
    app = app_of(own_db, config)
    await deliver(app, own_db)
    assert (await statuses(own_db))[0] == 9


async def test_silence_drops_chatter_but_neither_facts_nor_people(own_db: Pool, config: Config) -> None:
    ledger = Ledger()
    async with transaction(own_db) as tx:
        await contacts.pause(tx, CHAT, 30)
        await outbox.put(tx, CHAT, Reply("yana nima kerak?"), idem="1", chatter=True)
        await outbox.put(tx, CHAT, Reply("250 000 soʻm"), idem="2")
        await outbox.put(tx, CHAT, Reply("men Lola"), idem="3", by_human=True, chatter=True)
    app = app_of(own_db, config, channel=ledger)
    await deliver(app, own_db)
    assert ledger.texts == ["250 000 soʻm", "men Lola"]
    assert await statuses(own_db) == [3, 1, 1]


async def test_chatter_is_dropped_after_a_hand_over_too(own_db: Pool, config: Config) -> None:
    ledger = Ledger()
    async with transaction(own_db) as tx:
        await contacts.pause(tx, CHAT, 0)
        await contacts.hand_over(tx, CHAT, "asked")
        await outbox.put(tx, CHAT, Reply("yana nima kerak?"), idem="1", chatter=True)
        await outbox.put(tx, Chat("lola", "telegram", "556"), Reply("salom"), idem="2", chatter=True)
    app = app_of(own_db, config, channel=ledger)
    await deliver(app, own_db)
    assert ledger.texts == ["salom"]


async def test_words_for_a_group_that_moved_go_to_its_new_place(own_db: Pool, config: Config) -> None:
    ledger = Ledger()
    ledger.fail = [Unavailable("moved", permanent=True, code="migrated:-100777")]
    await say(own_db, "a card", chat=Chat("lola", "telegram", "-777"), about="order:1")
    app = app_of(own_db, config, channel=ledger)
    await deliver(app, own_db)
    assert [(chat.id, reply.text) for chat, reply in ledger.sent] == [("-100777", "a card")]
    assert await own_db.fetchval("SELECT about FROM outbox WHERE shop_id = 'lola' AND status = 1") == "order:1"


async def test_a_crash_in_a_channel_is_tried_again_once(own_db: Pool, config: Config) -> None:
    ledger = Ledger("widget")  # no pace there
    ledger.fail = [ValueError("bug"), None, OSError("reset"), ValueError("bug")]
    await say(own_db, "salom", "hayr", chat=Chat("lola", "widget", "w1"))
    app = app_of(own_db, config, channel=ledger)
    await deliver(app, own_db)
    assert ledger.texts == ["salom"]
    assert (await statuses(own_db))[:2] == [1, 9]


async def dying(pool: Pool, *rows: Reply) -> None:
    """A sender that claimed `rows` and died before it noted what became of them."""
    async with transaction(pool) as tx:
        for number, reply in enumerate(rows):
            await outbox.put(tx, Chat("lola", "telegram", str(number)), reply, idem=str(number))
    ghost = Watch(pool, outbox.BELL, "ghost")
    await ghost.open()
    assert len(await outgoing.claim(pool, ghost.id, 64)) == len(rows)
    assert ghost._connection is not None
    ghost._connection.terminate()  # as kill -9 does: the session and its lock are gone, the rows remain


async def test_what_a_dead_sender_was_sending_is_said_again_within_two_seconds(own_db: Pool, config: Config) -> None:
    ledger = Ledger()
    await dying(own_db, Reply("salom"))
    app = app_of(own_db, config, channel=ledger)
    began = time.monotonic()
    await deliver(app, own_db)
    assert ledger.texts == ["salom"]
    assert time.monotonic() - began < 2.5


async def test_a_claim_whose_answer_was_lost_is_sent_once(own_db: Pool) -> None:
    await say(own_db, "salom", "second")
    assert len(await outgoing.claim(own_db, 1, 5)) == 1
    assert await outgoing.give_back_forgotten(own_db, 1, []) == 0
    await own_db.execute("UPDATE outbox SET lease_until = lease_until - interval '6 s' WHERE shop_id = 'lola'")
    assert await outgoing.give_back_forgotten(own_db, 1, []) == 1
    assert len(await outgoing.claim(own_db, 1, 5)) == 1


async def test_a_notice_is_expanded_by_staff(own_db: Pool, config: Config) -> None:
    room = StaffRoom()
    async with transaction(own_db) as tx:
        first = await outbox.tell_staff(tx, "lola", Notice("order", about="order:1", facts={"number": 1}), idem="n1")
        assert await outbox.tell_staff(tx, "lola", Notice("order", about="order:1"), idem="n1") == first
    app = app_of(own_db, config, staff=room)
    await deliver(app, own_db)
    assert [notice.about for notice in room.notices] == ["order:1"]


async def test_rows_of_a_channel_that_is_not_built_here_yet_are_left_to_others(own_db: Pool, config: Config) -> None:
    """The library behind a channel takes seconds to load; a process that has it says those rows meanwhile."""
    web = Chat("lola", "widget", "w1")
    async with transaction(own_db) as tx:
        for chat in (CHAT, web):
            await outbox.put(tx, chat, Reply("salom"), idem=chat.key)
    app = app_of(own_db, config, channel=Ledger("widget"))
    app.states["lola", "telegram"] = ""  # declared
    assert [row.key for row in await Sender(app).claim(64)] == [web.key]
    del app.states["lola", "telegram"]  # the shop has no bot: the row has to fail
    assert [row.key for row in await Sender(app).claim(64)] == [CHAT.key]
