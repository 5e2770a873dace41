"""Who writes too much is told so once, is answered again later, and loses neither a word nor a receipt."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bot.inbox import accept
from bot.inbox.worker import Worker
from kit import lanes
from kit.config import TurnConfig
from kit.db import Pool, transaction
from kit.message import Chat, Incoming, Media
from shop import contacts
from tests.queueing import CHAT, Echo, idle, message, running, stranded, trail, until

TURN = TurnConfig(complete_ms=0, fragment_ms=0, album_ms=0, max_ms=0, per_minute=5, per_hour=12)
WINDOW = "UPDATE lane SET {0}_at = {0}_at - interval '1 {0}' WHERE shop_id = 'lola'"


def said(number: int, chat: Chat = CHAT, **parts: Any) -> Incoming:
    return Incoming(chat, f"e{number}", parts.pop("sender", chat.id), text=f"{number}", **parts)


async def hear(pool: Pool, *numbers: int, **parts: Any) -> None:
    for number in numbers:
        assert await accept(pool, [said(number, **parts)], TURN) == 1


async def statuses(pool: Pool) -> list[int]:
    return [row["status"] for row in await pool.fetch("SELECT status FROM inbox WHERE shop_id = 'lola' ORDER BY id")]


async def told(pool: Pool) -> list[str]:
    rows = await pool.fetch("SELECT payload, chatter FROM outbox WHERE shop_id = 'lola' ORDER BY id")
    assert all(row["chatter"] for row in rows)  # not said once a person has the conversation
    return [row["payload"]["text"] for row in rows]


async def test_more_than_the_limit_is_kept_unanswered_and_said_once(own_db: Pool) -> None:
    await hear(own_db, *range(9))
    assert await statuses(own_db) == [0] * 5 + [2] * 4
    [once] = await told(own_db)
    assert "daqiqa" in once
    assert await own_db.fetchval("SELECT payload->>'text' FROM inbox WHERE event_id = 'e8' AND shop_id = 'lola'") == "8"


async def test_it_is_said_in_the_shoppers_language(own_db: Pool) -> None:
    async with transaction(own_db) as tx:
        await contacts.seen(tx, said(100))
        await contacts.set_language(tx, CHAT, "ru")
    await hear(own_db, *range(7))
    assert "минуту" in (await told(own_db))[0]


async def test_the_next_minute_is_answered_and_may_be_too_much_again(own_db: Pool) -> None:
    await hear(own_db, *range(6))
    await own_db.execute(WINDOW.format("minute"))
    await hear(own_db, *range(10, 16))
    assert await statuses(own_db) == [0] * 5 + [2] + [0] * 5 + [2]
    assert len(await told(own_db)) == 2


async def test_an_hour_has_its_own_limit(own_db: Pool) -> None:
    for minute in range(4):
        await hear(own_db, *range(10 * minute, 10 * minute + 5))
        await own_db.execute(WINDOW.format("minute"))
    assert (await statuses(own_db)).count(0) == 12
    assert "soat" in (await told(own_db))[0] and len(await told(own_db)) == 1
    await own_db.execute(WINDOW.format("hour"))
    await hear(own_db, 90)
    assert (await statuses(own_db))[-1] == 0


async def test_one_who_floods_limits_nobody_else(own_db: Pool) -> None:
    await hear(own_db, *range(9))
    await hear(own_db, 20, chat=Chat("lola", "telegram", "556"))
    assert (await statuses(own_db))[-1] == 0


async def test_staff_are_not_limited(own_db: Pool) -> None:
    await own_db.execute(
        "INSERT INTO staff (shop_id, channel, id, chat_id, role) VALUES ('lola', 'telegram', '555', '555', 'owner')"
    )
    await hear(own_db, *range(9))
    assert await statuses(own_db) == [0] * 9
    assert await told(own_db) == []


async def test_what_waited_at_the_platform_while_we_were_down_is_no_flood(own_db: Pool) -> None:
    began = time.time() - 7000
    for number in range(10):
        await hear(own_db, number, sent_at=began + 600 * number)
    assert await statuses(own_db) == [0] * 10
    await hear(own_db, *range(20, 30), sent_at=time.time() + 10**6)  # a clock ahead of ours gives no second window
    assert (await statuses(own_db)).count(2) == 5


async def test_a_repeated_event_counts_once(own_db: Pool) -> None:
    for _ in range(9):
        await accept(own_db, [said(1)], TURN)
    await hear(own_db, 2, 3, 4, 5)
    assert await statuses(own_db) == [0] * 5


@pytest.mark.parametrize(("status", "read"), [("awaiting_payment", True), ("claimed", True), ("delivered", False)])
async def test_a_receipt_is_read_however_much_was_written(own_db: Pool, status: str, read: bool) -> None:
    await own_db.execute(
        "INSERT INTO orders (shop_id, number, status, key, channel, shopper, total, currency)"
        " VALUES ('lola', 1, $1, $2, 'telegram', '555', 1, 'UZS')",
        status,
        CHAT.key,
    )
    await hear(own_db, *range(9))
    await hear(own_db, 20, media=(Media("photo", "f1"),))
    assert (await statuses(own_db))[-1] == (0 if read else 2)


async def test_a_full_group_hears_nothing(own_db: Pool) -> None:
    await hear(own_db, *range(9), chat=Chat("lola", "telegram", "-100"), sender="5", group=True)
    assert await told(own_db) == []


async def test_a_lane_that_is_full_is_not_woken(own_db: Pool) -> None:
    await hear(own_db, *range(6))
    [held] = await lanes.claim(own_db, 1, 5)
    rows = await lanes.waiting(own_db, held)
    async with transaction(own_db) as tx:
        await lanes.fence(tx, held)
        await lanes.settle(tx, held, [row.id for row in rows])
    await hear(own_db, 7, 8)
    assert await lanes.release(own_db, held) is False
    assert await lanes.next_due(own_db) is None


# ---- a backlog from before the limits ------------------------------------------------------------------------------


async def test_a_backlog_is_cut_to_the_newest(own_db: Pool) -> None:
    """2,000 words wait; the newest 40 are answered, all pictures are looked at, in 5 turns instead of 127."""
    waits = [message("5", number) for number in range(2000)]
    waits[3] = Incoming(waits[3].chat, "5-3", "5", text="3", media=(Media("photo", "f"),))
    free = TurnConfig(complete_ms=0, fragment_ms=0, album_ms=0, max_ms=0, per_minute=0, per_hour=0)
    await accept(own_db, waits, free)
    echo = Echo()
    async with running(Worker(own_db, echo, most_waiting=40).run):
        await until(lambda: idle(own_db), 20)
    assert (await trail(own_db))["telegram:5"] == [3, *range(1960, 2000)]
    assert len(echo.bursts) <= 5
    assert await own_db.fetchval("SELECT count(*) FROM inbox WHERE status = 2 AND shop_id = 'lola'") == 1959
    assert await stranded(own_db) == 0


async def test_a_worker_that_lost_the_lane_sheds_nothing(own_db: Pool) -> None:
    await accept(
        own_db, [message("5", number) for number in range(30)], TURN.model_copy(update={"per_minute": 0, "per_hour": 0})
    )
    [late] = await lanes.claim(own_db, 1, 5)
    await lanes.free(own_db, late)
    await lanes.claim(own_db, 2, 5)
    assert await lanes.shed(own_db, late, 5) == 0
