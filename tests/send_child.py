"""A sender process to be killed: `python tests/send_child.py DATABASE_URL LEDGER PACE`. A line for each message."""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from pathlib import Path
from typing import Any, cast

sys.path.insert(0, str(Path(__file__).parent.parent))

from bot.app import App
from bot.deliver import PACES, Sender
from kit import clock
from kit.config import Config, ShopConfig
from kit.db import open_pool
from kit.message import Chat, Reply
from kit.outgoing import Pace


class Platform:
    """Takes a message in a few milliseconds; what it took stands in the ledger, whoever dies then."""

    name = "telegram"

    def __init__(self, ledger: int) -> None:
        self._ledger = ledger

    async def send(self, chat: Chat, reply: Reply) -> str:
        await asyncio.sleep(random.random() * 0.01)
        line = f"{chat.id} {reply.text} {time.time()} {os.getpid()}\n"
        os.write(self._ledger, line.encode())  # one write of an appended file: whole or not at all
        await asyncio.sleep(random.random() * 0.01)  # the answer is on its way: here many die
        return "1"

    async def said(self, chat: Chat, reply: Reply) -> str | None:
        return None

    async def typing(self, chat: Chat) -> None:
        return None


async def main(url: str, ledger: str, pace: str) -> None:
    pool = await open_pool(url)
    nothing: dict[str, Any] = dict.fromkeys(("redis", "shops", "media", "brain", "index", "box", "staff"))
    file = os.open(ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    channels = cast(Any, {("lola", "telegram"): Platform(file)})
    app = App(
        config=Config(shops={"lola": ShopConfig(folder=Path(__file__).parent / "shop")}),
        db=pool,
        clock=clock.now,
        channels=channels,
        **nothing,
    )
    paces = PACES if pace == "paced" else (Pace("telegram", 0),)
    print("sending", flush=True)
    await Sender(app, paces=paces).run(asyncio.Event())


asyncio.run(main(*sys.argv[1:]))
