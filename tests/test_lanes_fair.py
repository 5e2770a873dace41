"""One shop's flood is that shop's: claims by turns between shops, and fewer turns at once while they compute."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

import pytest

from bot.inbox.worker import Thought, Worker
from kit import lanes
from kit.db import Pool
from kit.hands import FEW, Hands
from kit.lanes import Held, Row
from kit.message import Chat, Incoming
from tests.queueing import hear, idle, running, until

_DUE = """
INSERT INTO lane (shop_id, key, seq, due_at)
SELECT $1, 'telegram:' || n, 1, now() - make_interval(secs => $3) FROM generate_series(1, $2::int) AS n
"""


async def due(pool: Pool, shop: str, count: int, ago_s: float = 1.0) -> None:
    await pool.execute(_DUE, shop, count, ago_s)


async def fairly(pool: Pool, room: int, after: str = "", **busy: int) -> tuple[Counter[str], str]:
    held, last = await lanes.claim_fairly(pool, 1, room, busy, after)
    return Counter(one.shop_id for one in held), last


async def test_the_longest_waiting_shop_does_not_take_all(own_db: Pool) -> None:
    await due(own_db, "big", 500, 60)
    for number in range(9):
        await due(own_db, f"shop{number}", 2)
    assert await fairly(own_db, 10) == ({"big": 1} | {f"shop{number}": 1 for number in range(9)}, "")
    assert (await fairly(own_db, 20))[0] == {"big": 11} | {f"shop{number}": 1 for number in range(9)}  # nothing idle


async def test_who_has_more_turns_under_way_waits(own_db: Pool) -> None:
    await due(own_db, "big", 50, 60)
    await due(own_db, "small", 3)
    assert (await fairly(own_db, 3, big=10))[0] == {"small": 3}
    assert (await fairly(own_db, 3, big=10))[0] == {"big": 3}


async def test_lanes_of_a_shop_go_by_their_time(own_db: Pool) -> None:
    await own_db.execute(
        "INSERT INTO lane (shop_id, key, due_at) SELECT 'lola', n::text, now() - make_interval(secs => n)"
        " FROM generate_series(1, 20) AS n"
    )
    await own_db.execute("INSERT INTO lane (shop_id, key, due_at) VALUES ('lola', 'later', now() + interval '1 hour')")
    held, _ = await lanes.claim_fairly(own_db, 1, 3, {})
    assert sorted(one.key for one in held) == ["18", "19", "20"]
    held, _ = await lanes.claim_fairly(own_db, 1, 100, {})
    assert len(held) == 17


async def test_more_shops_than_are_looked_at_once_take_turns(own_db: Pool) -> None:
    for number in range(2 * lanes.SHOPS + 10):
        await due(own_db, f"shop{number:03}", 3)
    after, found, looks = "", Counter[str](), 0
    while looks < 200 and len(found) < 2 * lanes.SHOPS + 10:
        claimed, after = await fairly(own_db, 16, after)
        found += claimed
        looks += 1
    assert len(found) == 2 * lanes.SHOPS + 10
    assert max(found.values()) <= 3
    assert looks < 40


async def test_workers_who_choose_alike_do_not_get_in_each_others_way(own_db: Pool) -> None:
    for number in range(10):
        await due(own_db, f"shop{number}", 20)
    epochs = Counter[tuple[str, str]]()

    async def worker(id_: int) -> None:
        empty = 0
        while empty < 3:
            held, _ = await lanes.claim_fairly(own_db, id_, 4, {})
            epochs.update((one.shop_id, one.key) for one in held)
            empty = 0 if held else empty + 1

    await asyncio.gather(*(worker(id_) for id_ in range(1, 6)))
    assert len(epochs) == 200
    assert set(epochs.values()) == {1}


@pytest.mark.slow
async def test_one_shops_flood_does_not_hold_up_another(own_db: Pool) -> None:
    """Eight hands, 400 conversations of one shop in front; four of another shop are answered among the first."""
    order: list[str] = []

    async def think(held: Held, rows: Sequence[Row]) -> Thought:
        await asyncio.sleep(0.01)
        order.append(held.shop_id)
        return Thought(rows)

    async def write(shop: str, count: int) -> None:
        await hear(
            own_db, *(Incoming(Chat(shop, "telegram", str(n)), f"{n}-1", str(n), text="a") for n in range(count))
        )

    await write("big", 400)
    worker = Worker(own_db, think, at_once=8)
    async with running(worker.run):
        await until(lambda: len(order) >= 30)
        await write("small", 4)
        came = len(order)
        await until(lambda: len(order) == 404, 30)
    assert [place for place, shop in enumerate(order) if shop == "small"][-1] < came + 60


# ---- hands -----------------------------------------------------------------------------------------------------------


class Times:
    """A thread's clocks: `pass_` lets wall time go by, of which it computed a share."""

    def __init__(self) -> None:
        self.cpu_s = self.wall_s = 0.0

    def pass_(self, seconds: float, share: float) -> None:
        self.wall_s += seconds
        self.cpu_s += seconds * share

    def hands(self, most: int) -> Hands:
        return Hands(most, cpu=lambda: self.cpu_s, clock=lambda: self.wall_s)


def test_hands_grow_while_turns_wait_for_a_provider() -> None:
    times = Times()
    hands = times.hands(50)
    assert hands.now == 8
    for expected in (16, 32, 50, 50):
        times.pass_(0.25, 0.3)
        hands.feel()
        assert hands.now == expected


def test_hands_shrink_while_turns_compute_and_come_back() -> None:
    times = Times()
    hands = times.hands(50)
    for _ in range(10):
        times.pass_(0.25, 0.95)
        assert hands.feel() is False
    assert hands.now == FEW
    times.pass_(0.25, 0.1)
    assert hands.feel() is True
    assert hands.now == 2 * FEW


def test_hands_are_looked_at_five_times_a_second() -> None:
    times = Times()
    hands = times.hands(50)
    for _ in range(10):
        times.pass_(0.01, 0.1)
        hands.feel()
    assert hands.now == 8


def test_a_process_with_two_hands_keeps_them() -> None:
    times = Times()
    hands = times.hands(2)
    for share in (0.99, 0.1, 0.99):
        times.pass_(1, share)
        hands.feel()
        assert hands.now == 2


@pytest.mark.slow
async def test_a_worker_gets_all_its_hands(own_db: Pool) -> None:
    at_once = most = 0

    async def think(_held: Held, rows: Sequence[Row]) -> Thought:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.4)
        at_once -= 1
        return Thought(rows)

    chats = [Chat("lola", "telegram", str(number)) for number in range(150)]
    await hear(own_db, *(Incoming(chat, f"{chat.id}-1", chat.id, text="a") for chat in chats))
    async with running(Worker(own_db, think, at_once=30).run):
        await until(lambda: idle(own_db), 60)
    assert most == 30
