"""The comparison: aiogram's own polling beside the product, hearing what our shops hear and killed when ours are.

Every message that a person of the world writes is written to the peer's bot too, its platform has the same faults, and
every stroke that ends a process of ours ends it. It has no database, so strokes at the engines alone spare it.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from typing import Any

from kit import tasks
from tests.fakes.server import Call
from tests.product import ROOT
from tests.world.plan import Plan
from tests.world.platforms import ChaosTelegram, Ledger

TOKEN = "69999:peer-token-of-no-shop"
_ENDS = frozenset(("worker", "web", "all", "clock"))
_QUIET_S, _MOST_S = 10.0, 180.0  # so long nothing new, or at most so long: then what has no answer never gets one


class PeerTelegram(ChaosTelegram):
    """Remembers which words it refused to take."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan, Ledger())
        self.refused: set[str] = set()

    def record(self, call: Call) -> None:
        """A refused answer is lost by the bot, not by a kill."""
        if not call.ok and call.method == "sendMessage":
            self.refused.add(str(call.fields.get("text")))
        super().record(call)


class Peer:
    """`async with Peer(seed, trouble) as peer:` then `wrote` and `struck`; `settle` says what became of it.

    `unanswered`: got no answer; `refused`: of these, the platform refused the only try; `again`: answers too many.
    """

    def __init__(self, seed: int, trouble: float) -> None:
        self.telegram = PeerTelegram(Plan(seed, trouble))
        self.kills = 0
        self.messages = 0
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Peer:
        await self.telegram.start()
        self.telegram.open_shop("peer", TOKEN)
        await self._start()
        self._keeper = tasks.start(self._keep(), "peer")
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        await self.telegram.stop()

    async def _start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(ROOT / "tests/world/peer_bot.py"), self.telegram.url, TOKEN),
            cwd=ROOT, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip

    async def _keep(self) -> None:
        while True:
            assert self._process is not None
            await self._process.wait()
            await self._start()

    def wrote(self, who: str) -> None:
        """Somebody of the world wrote: the same to the peer, under a number that its answer brings back."""
        self.messages += 1
        person = self.telegram.people.get(_number(who)) or self.telegram.person(who, id=_number(who))
        tasks.start(self.telegram.text(person, f"m{self.messages}"), "to the peer")

    def struck(self, what: str) -> None:
        """A stroke fell on ours."""
        if what in _ENDS and self._process is not None and self._process.returncode is None:
            self.kills += 1
            self._process.kill()

    async def settle(self) -> dict[str, Any]:
        """Wait until the bot has fetched everything and says nothing more; the figures."""
        began, said, quiet_at = time.monotonic(), -1, time.monotonic()
        bot = self.telegram.bots[TOKEN]
        while time.monotonic() - quiet_at < _QUIET_S and time.monotonic() - began < _MOST_S:
            if bot.waiting or len(self.telegram.ledger.said) != said:
                said, quiet_at = len(self.telegram.ledger.said), time.monotonic()
            await asyncio.sleep(0.2)
        answers = Counter(one.text for one in self.telegram.ledger.said)
        unanswered = {f"m{number}" for number in range(1, self.messages + 1)} - answers.keys()
        return {
            "messages": self.messages,
            "kills": self.kills,
            "unanswered": len(unanswered),
            "refused": len(unanswered & self.telegram.refused),
            "again": sum(answers.values()) - len(answers),
        }


def _number(who: str) -> int:
    return 6_000_000_000 + int(who.rpartition(":")[2])
