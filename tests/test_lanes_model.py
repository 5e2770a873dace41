"""The queue's verbs in any order: three workers, some dead, some late, against a model that knows what must hold.

One thread, so a seed is a run: each step is one transaction of one actor, and a turn is cut into its steps, between
which anything may happen to it. After each step the invariants are looked at; at the end everything is worked off.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field

import pytest

from kit import buried, lanes
from kit.db import Pool, transaction
from kit.errors import Fenced
from kit.lanes import Held, Row
from tests.queueing import answered, hear, message, stranded, trail

CHATS, STEPS, WORKERS = 4, 250, (1, 2, 3)
SEEDS = [seed if seed < 5 else pytest.param(seed, marks=pytest.mark.slow) for seed in range(20)]


@dataclass
class Turn:
    """A lane somebody claimed. `dead`: its worker was killed or declared dead, and does not know it."""

    held: Held
    rows: list[Row] = field(default_factory=list)
    read: bool = False
    settled: bool = False
    dead: bool = False


class World:
    """The actors and what they did."""

    def __init__(self, pool: Pool, seed: int) -> None:
        self.pool = pool
        self.dice = random.Random(seed)
        self.said: dict[str, int] = defaultdict(int)
        self.turns: list[Turn] = []
        self.next_worker = max(WORKERS)
        self.workers = list(WORKERS)
        self.revived: set[int] = set()
        self.skipped = 0
        self.fenced = 0

    # ---- what may happen ---------------------------------------------------------------------------------------------

    async def put(self) -> None:
        """A message, now and then together with a redelivery of an old one."""
        chat = str(self.dice.randrange(CHATS))
        number = self.said[chat]
        self.said[chat] += 1
        again = [message(chat, self.dice.randrange(number))] if number and self.dice.random() < 0.3 else []
        assert await hear(self.pool, message(chat, number), *again) == 1

    async def claim(self) -> None:
        worker = self.dice.choice(self.workers)
        if self.dice.random() < 0.5:
            held = await lanes.claim(self.pool, worker, 2)
        else:
            held, _ = await lanes.claim_fairly(self.pool, worker, 2, {})
        alive = {turn.held.key for turn in self.turns if not turn.dead}
        assert not alive & {one.key for one in held}  # nobody works where somebody lives
        self.turns += [Turn(one) for one in held]

    async def read(self, turn: Turn) -> None:
        turn.rows, turn.read = await lanes.waiting(self.pool, turn.held), True

    async def settle(self, turn: Turn) -> None:
        """The effects and the end of the messages, under the fence."""
        try:
            async with transaction(self.pool) as tx:
                await lanes.fence(tx, turn.held)
                assert not turn.dead or not await self._overlapped(turn)
                await answered(tx, turn.held, turn.rows)
                await lanes.settle(tx, turn.held, [row.id for row in turn.rows])
            turn.settled = True
        except Fenced:
            assert turn.dead  # only who was declared dead loses a lane
            self.fenced += 1
            self.turns.remove(turn)

    async def _overlapped(self, turn: Turn) -> bool:
        return any(other.held.key == turn.held.key and other is not turn for other in self.turns if not other.dead)

    async def release(self, turn: Turn) -> None:
        """Alone, or together with all others that are settled."""
        ended = [one for one in self.turns if one is turn or one.settled] if self.dice.random() < 0.5 else [turn]
        due = await lanes.release_each(self.pool, [one.held for one in ended])
        for one, again in zip(ended, due, strict=True):
            if again is None:
                assert not await lanes.release(self.pool, one.held)  # one thread: nobody has locked it
            self.turns.remove(one)

    async def fail(self, turn: Turn) -> None:
        """The turn failed: tried again a little later, or its first message is given up."""
        try:
            async with transaction(self.pool) as tx:
                await lanes.fence(tx, turn.held)
                dead = turn.rows[:1] if self.dice.random() < 0.5 else []
                await lanes.bury(tx, turn.held, [row.id for row in dead], "poison")
                left = [row.id for row in turn.rows if row not in dead]
                await lanes.retry(tx, turn.held, left, "stumbled", self.dice.random() * 0.01)
        except Fenced:
            assert turn.dead
            self.fenced += 1
        self.turns.remove(turn)

    async def kill(self) -> None:
        """A worker dies; peers free what it held. Its turns go on as zombies: frozen, they wake up later."""
        worker = self.dice.choice(self.workers)
        self.workers.remove(worker)
        self.next_worker += 1
        self.workers.append(self.next_worker)
        await lanes.free_owner(self.pool, worker)
        for turn in self.turns:
            turn.dead = turn.dead or turn.held.worker == worker

    async def revive(self) -> None:
        letters = await buried.dead_letters(self.pool, "lola", 100)
        if letters:
            letter = int(self.dice.choice(letters).id[1:])
            async with transaction(self.pool) as tx:
                if self.dice.random() < 0.8:
                    assert await buried.revive(tx, "lola", letter)
                    self.revived.add(letter)
                else:
                    assert await buried.skip(tx, "lola", letter)
                    self.skipped += 1

    async def step(self) -> None:
        """One thing happens."""
        roll = self.dice.random()
        if roll < 0.3:
            await self.put()
        elif roll < 0.5:
            await self.claim()
        elif roll < 0.54:
            await self.kill()
        elif roll < 0.6:
            await self.revive()
        elif self.turns:
            await self.advance(self.dice.choice(self.turns))

    async def advance(self, turn: Turn) -> None:
        """A turn goes on by one step, as `bot.inbox.worker` would take it."""
        if not turn.read:
            await self.read(turn)
        elif turn.settled or not turn.rows:
            await self.release(turn)
        elif self.dice.random() < 0.4:
            await self.fail(turn)
        else:
            await self.settle(turn)

    async def end(self) -> None:
        """Everybody finishes, then one worker works off what is left, also what was given up."""
        while self.turns:
            await self.advance(self.turns[0])
        for letter in await buried.dead_letters(self.pool, "lola", 1000):
            async with transaction(self.pool) as tx:
                assert await buried.revive(tx, "lola", int(letter.id[1:]))
                self.revived.add(int(letter.id[1:]))
        await self.pool.execute("UPDATE lane SET due_at = now() WHERE shop_id = 'lola' AND retrying")
        while claimed := await lanes.claim(self.pool, 99, 10):
            for held in claimed:
                turn = Turn(held)
                await self.read(turn)
                self.turns.append(turn)
                if turn.rows:
                    await self.settle(turn)
                await self.release(turn)

    # ---- what must hold ----------------------------------------------------------------------------------------------

    async def check(self) -> None:
        """At any moment: nothing waits where nobody looks."""
        assert await stranded(self.pool) == 0

    async def check_end(self) -> None:
        """Each message's effects once; in order, but for what staff let wait again."""
        found = await trail(self.pool)
        late = {
            row["event_id"]
            for row in await self.pool.fetch(
                "SELECT event_id FROM inbox WHERE shop_id = 'lola' AND id = ANY($1::bigint[])", list(self.revived)
            )
        }
        aside = await self.pool.fetch("SELECT event_id FROM inbox WHERE shop_id = 'lola' AND status = 8")
        assert len(aside) == self.skipped
        skipped = {row["event_id"] for row in aside}
        for chat, count in self.said.items():
            numbers = found.get(f"telegram:{chat}", [])
            expected = [number for number in range(count) if f"{chat}-{number}" not in skipped]
            assert sorted(numbers) == expected
            in_order = [number for number in numbers if f"{chat}-{number}" not in late]
            assert in_order == sorted(in_order)
        waits = "SELECT count(*) FROM inbox WHERE shop_id = 'lola' AND status NOT IN (1, 8)"
        assert await self.pool.fetchval(waits) == 0
        assert await self.pool.fetchval("SELECT count(*) FROM lane WHERE shop_id = 'lola' AND due_at < 'infinity'") == 0


@pytest.mark.parametrize("seed", SEEDS)
async def test_any_order_of_verbs_keeps_every_message_once_and_in_order(own_db: Pool, seed: int) -> None:
    world = World(own_db, seed)
    for _ in range(STEPS):
        await world.step()
        await world.check()
    await world.end()
    await world.check_end()


async def test_the_runs_meet_what_they_are_about(own_db: Pool) -> None:
    """A model that never fences, revives or skips would prove little: one long run meets all of it."""
    world = World(own_db, 1000)
    for _ in range(STEPS * 5):
        await world.step()
    await world.end()
    await world.check_end()
    assert world.fenced >= 5
    assert len(world.revived) >= 5
    assert world.skipped >= 1
