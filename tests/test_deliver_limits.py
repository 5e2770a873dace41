"""The platforms' limits, kept by all senders together; and answers that never wait behind a mailing."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import defaultdict

import pytest

from bot.deliver import PACES, Sender
from kit import outbox, outgoing
from kit.config import Config
from kit.db import Pool, transaction
from kit.errors import Unavailable
from kit.message import Chat, Reply
from kit.outgoing import Pace
from tests.queueing import Ledger, StaffRoom, app_of, running, until

_MANY = """
INSERT INTO outbox (shop_id, key, idem, payload, priority)
SELECT 'lola', 'telegram:' || n, 'many' || n, '{"text": "aksiya"}', $2::smallint FROM generate_series(1, $1::int) AS n
"""
# in a second, of 29 that have a place in it: a machine that stood still for 0.2 s says those of that time together
_MOST = 36


class Timed(Ledger):
    """Notes when each message came."""

    def __init__(self, name: str = "telegram", slow_s: float = 0.0) -> None:
        super().__init__(name, slow_s)
        self.at: list[float] = []
        self.spoken: dict[Chat, list[float]] = defaultdict(list)

    async def send(self, chat: Chat, reply: Reply) -> str:
        self.at.append(time.monotonic())
        self.spoken[chat].append(self.at[-1])
        return await super().send(chat, reply)


def most(at: list[float], window_s: float) -> int:
    """How many came in any window of that length."""
    return max(sum(begin <= other < begin + window_s for other in at) for begin in at)


async def say(pool: Pool, chat_id: str, *texts: str, priority: int = outbox.ANSWER) -> None:
    chat = Chat("lola", "telegram", chat_id)
    async with transaction(pool) as tx:
        for text in texts:
            await outbox.put(tx, chat, Reply(text), idem=f"{chat.key}:{text}", priority=priority)


async def left(pool: Pool) -> int:
    count: int = await pool.fetchval("SELECT count(*) FROM outbox WHERE shop_id = 'lola' AND status IN (0, 2)")
    return count


async def ten_left(pool: Pool) -> bool:
    return await left(pool) == 10


async def none_left(pool: Pool) -> bool:
    return not await left(pool)


@pytest.mark.slow
async def test_two_senders_keep_the_limit_of_one_bot(own_db: Pool, config: Config) -> None:
    ledger = Timed()
    await own_db.execute(_MANY, 90, outbox.ANSWER)
    app = app_of(own_db, config, channel=ledger)
    began = time.monotonic()
    async with running(Sender(app).run), running(Sender(app).run):
        await until(lambda: none_left(own_db), 20)
    assert most(ledger.at, 1.0) <= _MOST
    assert time.monotonic() - began < 5  # 3.1 s at best


async def test_a_chat_gets_five_at_once_and_then_one_a_second(own_db: Pool, config: Config) -> None:
    ledger = Timed()
    await say(own_db, "1", *map(str, range(7)))
    app = app_of(own_db, config, channel=ledger)
    async with running(Sender(app).run):
        await until(lambda: none_left(own_db))
    spans = [after - before for before, after in itertools.pairwise(ledger.at)]
    assert ledger.texts == list(map(str, range(7)))
    assert sum(spans[:4]) < 1 and spans[5] > 0.8


async def test_a_group_gets_twenty_a_minute_and_holds_nobody_back(own_db: Pool, config: Config) -> None:
    ledger = Timed()
    await say(own_db, "-7", *map(str, range(40)), priority=outbox.NOTICE)
    await say(own_db, "1", "salom")
    app = app_of(own_db, config, channel=ledger)
    async with running(Sender(app).run):
        await until(lambda: len(ledger.sent) == 6)
        await asyncio.sleep(1)
    assert len(ledger.spoken[Chat("lola", "telegram", "-7")]) == 5
    waits = await own_db.fetchval(
        "SELECT EXTRACT(epoch FROM min(due_at) - now())::float8 FROM outbox WHERE shop_id = 'lola' AND status = 0"
    )
    assert 1.5 < waits < 4  # and no sender holds it until then


async def test_an_hours_private_replies_leave_the_chat_free(own_db: Pool, config: Config) -> None:
    ledger = Timed("instagram")
    chats = [Chat("lola", "instagram", str(number)) for number in range(40)]
    async with transaction(own_db) as tx:
        for chat in chats:
            await outbox.put(tx, chat, Reply("narxi", private=f"c{chat.id}"), idem=chat.id)
    app = app_of(own_db, config, channel=ledger)
    async with running(Sender(app).run):
        await until(lambda: len(ledger.sent) == 30)
        async with transaction(own_db) as tx:
            await outbox.put(tx, chats[-1], Reply("salom"), idem="dm")
        await until(lambda: ledger.texts[-1] == "salom")
        await until(lambda: ten_left(own_db))
    assert len(ledger.sent) == 31


async def test_asked_to_wait_the_whole_account_waits(own_db: Pool, config: Config) -> None:
    ledger = Timed()
    ledger.fail = [Unavailable("429", retry_after=1.0, code="429")]
    await own_db.execute(_MANY, 20, outbox.ANSWER)
    app = app_of(own_db, config, channel=ledger)
    async with running(Sender(app).run):
        await until(lambda: none_left(own_db))
    assert len(ledger.sent) == 20 and len(ledger.at) <= 22  # one was refused, one may have been on its way
    refused, later = ledger.at[0], [at for at in ledger.at[1:] if at > ledger.at[0] + 0.2]
    assert later[0] - refused >= 0.95
    assert await own_db.fetchval("SELECT max(attempts) FROM outbox WHERE shop_id = 'lola'") <= 2


async def test_a_group_that_must_wait_stops_only_itself(own_db: Pool, config: Config) -> None:
    ledger = Ledger()
    ledger.fail = [Unavailable("429", retry_after=30.0, code="429")]
    await say(own_db, "-7", "card")
    app = app_of(own_db, config, channel=ledger)
    async with running(Sender(app).run):
        await until(lambda: ledger.fail == [])
        await say(own_db, "1", "salom")
        await until(lambda: ledger.texts == ["salom"], 2)


async def test_another_shops_bot_is_not_held_back_by_one_that_hangs(own_db: Pool, config: Config) -> None:
    hangs, works = Ledger(slow_s=30), Ledger()
    await own_db.execute(_MANY, 200, outbox.ANSWER)
    async with transaction(own_db) as tx:
        for number in range(20):
            await outbox.put(tx, Chat("other", "telegram", str(number)), Reply("salom"), idem=str(number))
    app = app_of(own_db, config, channel=hangs)
    app.channels[("other", "telegram")] = works
    no_pace = (Pace("telegram", 0),)
    sender = Sender(app, paces=no_pace)
    async with running(sender.run):
        await until(lambda: len(works.sent) == 20, 3)
        for task in sender.busy.values():
            task.cancel()
    assert hangs.sent == []


# ---- what waits behind what ------------------------------------------------------------------------------------------


async def test_in_a_chat_an_answer_overtakes_a_mailing_but_not_an_answer(own_db: Pool, config: Config) -> None:
    ledger = Ledger()
    await say(own_db, "1", "aksiya", priority=outbox.BROADCAST)
    await say(own_db, "1", "xabar", priority=outbox.NOTICE)
    await say(own_db, "1", "bir", "ikki")
    app = app_of(own_db, config, channel=ledger)
    async with running(Sender(app).run):
        await until(lambda: none_left(own_db))
    assert ledger.texts == ["bir", "ikki", "xabar", "aksiya"]
    assert ledger.overlaps == 0


async def test_a_mailing_that_fails_in_a_chat_does_not_hold_its_answers(own_db: Pool, config: Config) -> None:
    ledger = Ledger()
    ledger.fail = [Unavailable("502", code="5xx")]
    await say(own_db, "1", "aksiya", priority=outbox.BROADCAST)
    app = app_of(own_db, config, channel=ledger)
    async with running(Sender(app, backoff_s=(60.0,)).run):
        await until(lambda: ledger.fail == [])
        await say(own_db, "1", "salom")
        await until(lambda: ledger.texts == ["salom"])


@pytest.mark.slow
async def test_answers_leave_within_a_second_of_a_mailing_to_fifty_thousand(own_db: Pool, config: Config) -> None:
    ledger = Timed()
    await own_db.execute(_MANY, 50_000, outbox.BROADCAST)
    app = app_of(own_db, config, channel=ledger)
    waits = []
    async with running(Sender(app).run), running(Sender(app).run):
        await until(lambda: len(ledger.sent) > 10)
        for number in range(30):
            chat = Chat("lola", "telegram", f"9{number:06}")
            put = time.monotonic()
            await say(own_db, chat.id, "salom")
            await until(lambda: bool(ledger.spoken.get(chat)))  # noqa: B023
            waits.append(ledger.spoken[chat][0] - put)
    assert sorted(waits)[28] < 1.0  # 0.2 s on an idle machine
    assert len(ledger.sent) > 60  # and the mailing goes on
    assert most(ledger.at, 1.0) <= _MOST


async def test_a_claim_does_not_look_at_all_that_waits(own_db: Pool) -> None:
    await own_db.execute(_MANY, 50_000, outbox.BROADCAST)  # no statistics yet: as right after a mailing was put
    took = []
    for _ in range(7):
        began = time.perf_counter()
        rows = await outgoing.claim(own_db, 1, 64, PACES)
        took.append(time.perf_counter() - began)
        assert len(rows) <= 7 and all(row.wait_s <= 0.2 for row in rows)  # what leaves in the next 0.2 s
        await own_db.execute("UPDATE outbox SET status = 1 WHERE shop_id = 'lola' AND status = 2")
        await asyncio.sleep(0.05)
    assert sorted(took)[3] < 0.05  # 3 ms on an idle machine; looking at all of them takes 100


# ---- refused accounts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["401", "token"])
async def test_a_dead_token_stops_the_account_and_is_told_once(own_db: Pool, config: Config, code: str) -> None:
    ledger, room = Timed(), StaffRoom()
    dead = Unavailable("Unauthorized", retry_after=0.5, code=code)
    ledger.fail = [dead] * 100
    await own_db.execute(_MANY, 50, outbox.ANSWER)
    app = app_of(own_db, config, channel=ledger, staff=room)
    app.states[("lola", "telegram")] = "ok"
    async with running(Sender(app).run):
        await until(lambda: app.states[("lola", "telegram")] == "token refused")
        await asyncio.sleep(1.2)
        tried = len(ledger.at)
        assert await outgoing.closed(own_db) == {("lola", "telegram"): "token refused"}
        ledger.fail = []
        await until(lambda: none_left(own_db))
    assert tried <= 5  # the first few in flight, then one each half second
    assert len(ledger.sent) == 50
    assert app.states[("lola", "telegram")] == "ok" and await outgoing.closed(own_db) == {}
    assert [notice.facts["what"] for notice in room.notices] == ["token"]
    assert await own_db.fetchval("SELECT max(attempts) FROM outbox WHERE shop_id = 'lola'") <= 3


async def test_a_new_token_is_tried_at_once(own_db: Pool, config: Config) -> None:
    old, new = Ledger(), Ledger()
    old.fail = [Unavailable("Unauthorized", retry_after=60.0, code="401")] * 9
    await say(own_db, "1", "salom")
    app = app_of(own_db, config, channel=old)
    async with running(Sender(app).run):
        await until(lambda: bool(app.states))
        app.channels[("lola", "telegram")] = new
        await until(lambda: new.texts == ["salom"], 10)


async def test_more_than_an_accounts_share_leaves_without_waiting_for_a_poll(own_db: Pool, config: Config) -> None:
    ledger = Ledger("widget", slow_s=0.005)
    async with transaction(own_db) as tx:
        for number in range(300):
            await outbox.put(tx, Chat("lola", "widget", str(number)), Reply("salom"), idem=str(number))
    async with running(Sender(app_of(own_db, config, channel=ledger)).run):
        await until(lambda: none_left(own_db), 6)  # 32 at once; a poll's second for each would be nine
