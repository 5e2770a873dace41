"""`run`, `web` and `worker`: one process, from the settings to the last answered message.

Order of the end: no new requests, the turns that run are finished, then Redis, then PostgreSQL; 15 s all in.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
from collections.abc import Coroutine
from typing import Any

import structlog
import uvloop

from agent import language
from bot import cron, deliver, inbox
from bot import web as door_of
from bot.app import App
from bot.instagram import accounts
from bot.telegram import bots
from cli.build import build, prepare_shops
from cli.stores import open_stores
from kit import clock, db, tasks
from kit.config import Config, secrets_of
from kit.errors import Misconfigured
from kit.log import hide
from kit.metrics import ErrorCounter
from kit.watch import STORE_AWAY
from shop.staff import owner_code

log = structlog.get_logger(__name__)
_DRAIN_S = 11.0  # workers give a running turn 10 s; with the engines' second or two the end comes within 15
_AGREE_S = 10.0
_LOADS_S = 30  # a bot's library is in by then, also on a busy machine
_WRONG_S = 2.0  # a difference worth a line in the log
_FOLLOW_S = 1.0  # `main.py connect` must be noticed within 2 s


def run(config: Config, *, web: bool, worker: bool) -> int:
    """Serve until SIGTERM or Ctrl-C; the exit status."""
    door = door_of.listen(config.http) if web else None  # before the engines: a taken port is said at once
    if door is not None:
        port = door.getsockname()[1]
        config = config.model_copy(update={"http": config.http.model_copy(update={"port": port})})
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(Process(config, door, worker=worker).run())


class Process:
    """One running product: the HTTP door when it has one, workers when asked."""

    def __init__(self, config: Config, door: socket.socket | None, *, worker: bool) -> None:
        self._config = config
        self._door = door
        self._worker = worker
        self._stop = asyncio.Event()
        self._serving = False
        self._opened = asyncio.Event()  # the door answers

    async def run(self) -> int:
        """From the engines' start to their stop. 1 when a part of it broke: then a supervisor should start it again."""
        main = asyncio.current_task()
        assert main is not None
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._on_signal, main)
        try:
            async with open_stores(self._config, pool_size=20) as stores:
                app = build(self._config, stores)
                logging.getLogger().addHandler(ErrorCounter(app.metrics, frozenset({"bot.cron.ticks"})))
                await clock.agree(app.db)
                await prepare_shops(app)
                try:
                    return await self._serve(app)
                finally:
                    await app.brain.close()
                    await app.index.close()
        except asyncio.CancelledError:
            return 0

    def _on_signal(self, main: asyncio.Task[Any]) -> None:
        """The first signal drains; one during the start, or a second one, ends at once."""
        if self._serving and not self._stop.is_set():
            self._stop.set()
        else:
            main.cancel()

    async def _serve(self, app: App) -> int:
        bots.declare(app)
        accounts.declare(app)
        parts = [tasks.start(work, name) for name, work in self._parts(app).items()]
        tasks.start(self._collect(app), "garbage collection")
        ending = tasks.start(self._stop.wait(), "stop")
        self._serving = True
        try:
            opened = [tasks.start(self._opened.wait(), "opened")] if self._door is not None else []
            await asyncio.wait([ending, *opened, *parts], return_when=asyncio.FIRST_COMPLETED)
            if self._opened.is_set():
                tasks.start(self._announce(app), "announce")
                await asyncio.wait([ending, *parts], return_when=asyncio.FIRST_COMPLETED)
            broken = [part for part in parts if part.done()] if not self._stop.is_set() else []
            for part in broken:
                log.error("part_ended", part=part.get_name())
            return 1 if broken else 0
        finally:
            self._stop.set()
            log.info("draining")
            await asyncio.wait(parts, timeout=_DRAIN_S)
            await tasks.stop_all(2.0)

    async def _collect(self, app: App) -> None:
        """Collect garbage again (main.py stopped it), but never look at what a start has loaded, bots included.

        Then, when nobody waits for the start any more, load what a worker's first odd message would wait for.
        """
        for _ in range(_LOADS_S):
            if all(app.states.values()):
                break
            await asyncio.sleep(1)
        gc.freeze()
        gc.enable()
        if self._worker:
            await asyncio.to_thread(language.prepare)

    def _parts(self, app: App) -> dict[str, Coroutine[Any, Any, Any]]:
        """Everything that runs until the end, by name."""
        parts: dict[str, Coroutine[Any, Any, Any]] = {
            "settings": follow(app, self._stop),
            "clock": keep_time(app, self._stop),
            "telegram": bots.keep(app, self._stop, listen=self._door is not None),
            "instagram": accounts.keep(app, self._stop, listen=self._door is not None),
        }
        if self._door is not None:
            parts["web"] = door_of.serve(app, self._stop, self._door, self._opened)
        elif self._config.http.metrics_port:
            parts["metrics"] = door_of.serve_metrics(app, self._stop)
        if self._worker:
            parts["inbox"] = inbox.work(app, self._stop)
            parts["deliver"] = deliver.work(app, self._stop)
            parts["cron"] = cron.work(app, self._stop)
        return parts

    async def _announce(self, app: App) -> None:
        """Where to look, and how to become the owner: on stdout, for people and scripts."""
        for shop_id in app.shops.ids():
            say(f"open {app.public_url.replace('//0.0.0.0', '//127.0.0.1')}/chat/{shop_id}")
            if code := await self._code(app, shop_id):
                say(f"claim {shop_id} {code}")
            if not app.config.shops[shop_id].telegram.token.get_secret_value():
                say(f"next ./sotuv connect --shop {shop_id}    asks for the token of your Telegram bot")

    async def _code(self, app: App, shop_id: str) -> str | None:
        """The shop's claim code, None when it has an owner. A store that is away now is no reason to end."""
        while not self._stop.is_set():
            try:
                async with db.transaction(app.db) as tx:
                    return await owner_code(tx, shop_id)
            except STORE_AWAY as error:
                log.warning("announcement_waits", error=type(error).__name__)
                await asyncio.sleep(_FOLLOW_S)
        return None


def say(line: str) -> None:
    """A line of stdout, at once also through a pipe."""
    print(line, flush=True)


async def follow(app: App, stop: asyncio.Event) -> None:
    """Read the settings again when one of their files changes; wrong ones are logged and the last good ones stay."""
    seen = app.config.stamp()
    while not stop.is_set():
        await asyncio.sleep(_FOLLOW_S)
        now = app.config.stamp()
        if now == seen:
            continue
        seen = now
        try:
            fresh = Config.load(app.config.path)
        except Misconfigured as wrong:
            log.error("settings_wrong", why=str(wrong))
            continue
        hide(*secrets_of(fresh))
        app.config = fresh.model_copy(update={"http": app.config.http})  # the door is open already
        app.shops.configure(app.config)
        log.info("settings_read_again", pid=os.getpid())


async def keep_time(app: App, stop: asyncio.Event) -> None:
    """Go by the database's clock until `stop`: this machine's own may be wrong, or be set while we run."""
    wrong_s = 0.0
    while not stop.is_set():
        try:
            skew_s = (await clock.agree(app.db)).total_seconds()
        except STORE_AWAY:
            skew_s = wrong_s
        if abs(skew_s - wrong_s) > _WRONG_S:
            log.warning("clock_is_wrong", seconds=round(-skew_s, 1))
            wrong_s = skew_s
        try:
            async with asyncio.timeout(_AGREE_S):
                await stop.wait()
        except TimeoutError:
            continue
