"""Stale answers and people of the shop who write themselves: at every point of a turn, with real interleavings."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from agent import loop
from bot.app import App
from bot.deliver import Sender
from bot.inbox import work
from bot.inbox.accept import _note, _store
from bot.inbox.turn import Desk
from bot.inbox.worker import Thought, Worker
from kit import lanes, outbox, tasks
from kit.cache import Redis
from kit.config import Config
from kit.crypto import Box
from kit.db import Pool, transaction
from kit.lanes import Held, Row
from kit.message import Incoming, Media, Reply
from shop import contacts
from tests.queueing import AT_ONCE, CHAT, Ledger, answered, app_of, hear, idle, message, running, trail, until
from tests.test_inbox_turn import Mind, Shops, replies, said, statuses, thinks

ECHO = Incoming(CHAT, "echo1", "shop", kind="echo", text="men oʻzim javob beraman", message_id="m1")


# ---- newer words ---------------------------------------------------------------------------------------------------


async def test_words_being_stored_while_the_answer_is_written_make_it_stale(own_db: Pool) -> None:
    """The store is not committed when the answer takes the fence: the fence waits for it, and sees it."""
    bursts = []
    storing = await own_db.acquire()
    newer = storing.transaction()

    async def think(held: Held, rows: Sequence[Row]) -> Thought:
        bursts.append([row.incoming.text for row in rows])
        if len(bursts) == 1:
            await newer.start()
            await _store(storing, message("5", 2), AT_ONCE, None)
            tasks.start(commit(), "commit")
        return Thought(rows, write=lambda tx: answered(tx, held, rows))

    async def commit() -> None:
        await until(lambda: _somebody_waits_for_the_lane(storing))
        assert await trail(own_db) == {}
        await newer.commit()

    await hear(own_db, message("5", 1))
    async with running(Worker(own_db, think).run):
        await until(lambda: len(bursts) == 2)
        await until(lambda: idle(own_db))
    await own_db.release(storing)
    assert bursts == [["1"], ["1", "2"]]
    assert (await trail(own_db))["telegram:5"] == [1, 2]


async def _somebody_waits_for_the_lane(connection: Any) -> bool:
    return bool(
        await connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
    )


# ---- a person of the shop writes -----------------------------------------------------------------------------------


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def app(own_db: Pool, config: Config, redis: Redis, ledger: Ledger, tmp_path: Path) -> App:
    return app_of(own_db, config, channel=ledger, redis=redis, shops=Shops(), box=Box(tmp_path / "key"))


class Slow(Mind):
    """Thinks until told to go on; `receipt`: what it came to must not be thought twice."""

    def __init__(self, receipt: bool = False) -> None:
        super().__init__()
        self.thinking, self.go_on = asyncio.Event(), asyncio.Event()
        self.receipt = receipt
        self.silenced: list[bool] = []

    async def answer(self, turn: Any, brain: object) -> loop.Outcome:
        outcome = await super().answer(turn, brain)
        self.silenced.append(turn.silenced)
        self.thinking.set()
        await self.go_on.wait()
        return loop.Outcome(outcome.cart, outcome.session, irrevocable=self.receipt)

    async def apply(self, tx: Any, turn: Any, outcome: loop.Outcome) -> None:
        if not turn.silenced:
            await super().apply(tx, turn, outcome)


async def pause(pool: Pool) -> None:
    """As an echo that is not ours does it."""
    async with transaction(pool) as tx:
        assert await _note(tx, ECHO)


async def test_a_pause_set_while_the_brain_thinks_silences_it(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = thinks(monkeypatch, Slow())
    await hear(app.db, said("narxi qancha?"))
    async with running(lambda stop: work(app, stop)):
        await slow.thinking.wait()
        await pause(app.db)
        slow.go_on.set()
        await until(lambda: idle(app.db))
    assert await replies(app) == []
    assert slow.silenced == [False, True]  # thought again, silenced: a receipt is still read
    assert 0 not in await statuses(app)


async def test_a_pause_being_stored_while_the_answer_is_written(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = thinks(monkeypatch, Slow())
    await hear(app.db, said("narxi qancha?"))
    async with running(lambda stop: work(app, stop)):
        await slow.thinking.wait()
        async with transaction(app.db) as tx:
            await _note(tx, ECHO)
            slow.go_on.set()
            await until(lambda: _somebody_waits_for_the_lane(tx))
            assert await replies(app) == []
        await until(lambda: idle(app.db))
    assert await replies(app) == []


async def test_what_must_not_be_thought_twice_is_written_and_not_said(
    app: App,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = thinks(monkeypatch, Slow(receipt=True))
    await hear(app.db, said("", media=(Media("voice", "f"),)))
    async with running(lambda stop: work(app, stop)):
        await slow.thinking.wait()
        await pause(app.db)
        slow.go_on.set()
        await until(lambda: idle(app.db))
    assert len(slow.turns) == 1
    assert await replies(app) == []
    assert await statuses(app) == [1, 2]


async def test_a_pause_by_the_databases_clock_whatever_ours_says(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our clock an hour ahead would end every pause, and a turn overtaken by it would be thought for ever."""
    real = app.clock
    app.clock = lambda: real().replace(year=real().year + 1)
    slow = thinks(monkeypatch, Slow())
    slow.go_on.set()
    await pause(app.db)
    await hear(app.db, said("narxi qancha?"))
    async with running(lambda stop: work(app, stop)):
        await until(lambda: idle(app.db))
    assert slow.silenced == [True]
    assert await replies(app) == []


async def test_a_reply_of_ours_that_comes_back_as_an_echo_silences_nobody(app: App) -> None:
    async with transaction(app.db) as tx:
        row = await outbox.put(tx, CHAT, Reply("men oʻzim javob beraman"), idem="r")
        await tx.execute(
            "UPDATE outbox SET status = 1, sent_at = now(), provider_id = 'm1' WHERE shop_id = 'lola' AND id = $1", row
        )
    await pause(app.db)
    assert (await contacts.get(app.db, CHAT)).paused_until is None


async def test_a_pause_set_while_the_answer_waits_to_leave_drops_it(app: App, ledger: Ledger) -> None:
    """Small talk is dropped at the last moment, facts and people's words leave."""
    async with transaction(app.db) as tx:
        await outbox.put(tx, CHAT, Reply("yana nima kerak?"), idem="a", chatter=True)
        await outbox.put(tx, CHAT, Reply("men oʻzim"), idem="b", by_human=True)
    await pause(app.db)
    async with running(Sender(app).run):
        await until(lambda: bool(ledger.sent))
        await asyncio.sleep(0.2)
    assert ledger.texts == ["men oʻzim"]
    assert await app.db.fetchval("SELECT status FROM outbox WHERE shop_id = 'lola' AND idem = 'a'") == 3


async def test_a_frozen_worker_says_nothing_over_a_person(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fence comes first: a turn that lost its lane does not even look at the pause."""
    thinks(monkeypatch, Mind())
    desk = Desk(app)
    await hear(app.db, said("salom"))
    [held] = await lanes.claim(app.db, 1, 1)
    rows = await lanes.waiting(app.db, held)
    thought = await desk.think(held, rows)
    await lanes.free(app.db, held)
    await pause(app.db)
    worker = Worker(app.db, desk.think)
    with pytest.raises(lanes.Fenced):
        await worker._write(held, rows, thought)
    assert await replies(app) == []


async def test_a_worker_that_lost_its_lane_while_asleep_does_not_even_note_who_wrote(app: App) -> None:
    await hear(app.db, said("salom"))
    [held] = await lanes.claim(app.db, 1, 1)
    rows = await lanes.waiting(app.db, held)
    await lanes.free(app.db, held)
    with pytest.raises(lanes.Fenced):
        await Desk(app).think(held, rows)
    assert await app.db.fetchval("SELECT count(*) FROM contacts WHERE shop_id = 'lola'") == 0
