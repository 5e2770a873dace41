"""A shopper whose agent is a language model behind the fake wire: for tests of the model's brain."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from agent.brain_llm import LlmBrain
from agent.patience import Patience
from agent.session import Session
from kit import db as database
from kit.config import LlmConfig
from kit.metrics import Metrics
from tests import talk
from tests.fakes.openai import KEY, MODEL, FakeOpenAI
from tests.talking import Shopper, shopper


@dataclass
class Room:
    """The shopper, the fake model, the brain between them, and its counters."""

    me: Shopper
    model: FakeOpenAI
    brain: LlmBrain
    metrics: Metrics

    async def say(self, *texts: str, **parts: Any) -> str:
        """Says a burst; what came back, with ordinary spaces."""
        return (await self.me.say(*texts, **parts)).replace("\xa0", " ")

    async def timed(self, text: str) -> tuple[str, float]:
        """What came back, and in how many seconds."""
        began = time.monotonic()
        return await self.say(text), time.monotonic() - began

    def fresh(self) -> None:
        """Another shopper, before a provider that has done nothing wrong yet."""
        self.me.play.chat, self.me.play.session = talk.Chat(talk.SHOP_ID, "telegram", talk.event()), Session()
        self.brain.patience = Patience(self.brain.patience.patience_s, self.brain.patience.timeout_s)
        self.model.answers.clear()
        self.model.faults.clear()
        self.model.bodies.clear()

    def heard(self, request: int = -1) -> str:
        """All that one request said of the talk; the tools are the same always."""
        return json.dumps(self.model.bodies[request]["messages"], ensure_ascii=False)

    def last(self, request: int = -1) -> str:
        """The last message of one request."""
        return str(self.model.bodies[request]["messages"][-1]["content"])

    def counted(self, name: str) -> float:
        """A counter as /metrics shows it."""
        for line in self.metrics.text().decode().splitlines():
            if line.startswith(name + " "):
                return float(line.split()[-1])
        return 0.0


@asynccontextmanager
async def room(
    connection: database.Tx,
    pool: database.Pool,
    scratch: Path,
    style: str = "openai",
    *,
    streams: bool = True,
    folder: Path | None = None,
    **settings: Any,
) -> AsyncIterator[Room]:
    """A new shopper before a new model. `settings`: of LlmConfig."""
    async with FakeOpenAI(style, streams=streams) as model, shopper(connection, scratch, folder=folder) as me:
        config = LlmConfig(**({"base_url": model.base_url, "api_key": SecretStr(KEY), "model": MODEL} | settings))
        metrics = Metrics()
        brain = LlmBrain(config, pool, metrics)
        me.play.brain = brain
        yield Room(me, model, brain, metrics)
        await brain.close()
