"""What both platforms share: an HTTP server on 127.0.0.1, a ledger of calls, and faults on demand."""

from __future__ import annotations

import asyncio
import itertools
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import ClientSession, ClientTimeout, web

T = TypeVar("T")


@dataclass(frozen=True)
class Call:
    """One call the product made. `fields`: its parameters, nested ones as Python data; `files`: uploaded bytes.

    `ok`: whether the work was done (the answer may still have been lost on the way, see `Fault`).
    """

    method: str
    fields: dict[str, Any]
    files: dict[str, bytes]
    ok: bool
    at: float = field(default_factory=time.monotonic)


@dataclass
class Fault:
    """Goes wrong `times` times for calls of `method` ("" = any), after `after` that went well.

    `kind`: refuse (answer `status` with `retry_after` seconds), hang (answer after `seconds`, without doing the work),
    cut (close the connection before the work), drop (do the work, then close the connection without an answer),
    page (an HTML page with `status`, as a proxy gives). `code`, `subcode` and `headers` are the Graph API's.
    """

    kind: str
    method: str = ""
    times: int = 1
    after: int = 0
    status: int = 500
    retry_after: int = 0
    seconds: float = 60.0
    code: int = 2
    subcode: int = 0
    headers: dict[str, str] = field(default_factory=dict)


class Server(ABC):
    """Base of the fakes. `async with FakeTelegram() as telegram:` starts it on a free port of 127.0.0.1."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.url = ""
        self.numbers = itertools.count(1)
        self._news = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self.client: ClientSession | None = None

    @abstractmethod
    def routes(self, app: web.Application) -> None:
        """Add the platform's routes."""

    async def start(self, port: int = 0) -> None:
        """Listen; `url` is known afterwards."""
        app = web.Application(client_max_size=60_000_000)
        self.routes(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.client = ClientSession(timeout=ClientTimeout(total=30))

    async def stop(self) -> None:
        """Close every connection."""
        if self.client:
            await self.client.close()
        if self._runner:
            await self._runner.cleanup()

    async def __aenter__(self):
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    def fail(self, kind: str, method: str = "", **how: Any) -> None:
        """Arrange a fault: `fail("refuse", "sendMessage", status=429, retry_after=2, times=3)`. See `Fault`."""
        self.faults.append(Fault(kind, method, **how))

    def fault_for(self, method: str) -> Fault | None:
        """The fault that meets this call, used up by one."""
        for fault in self.faults:
            if fault.method not in ("", method) or fault.times <= 0:
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            fault.times -= 1
            return fault
        return None

    def record(self, call: Call) -> None:
        """Write into the ledger and wake whoever waits."""
        self.calls.append(call)
        self.stir()

    def stir(self) -> None:
        """Wake `until`."""
        self._news.set()
        self._news = asyncio.Event()

    def made(self, method: str) -> list[Call]:
        """The calls of `method` that did their work, oldest first."""
        return [call for call in self.calls if call.method == method and call.ok]

    async def until(self, ready: Callable[[], T], timeout: float = 10.0) -> T:
        """Wait until `ready()` gives something true and return it. Raises TimeoutError."""
        async with asyncio.timeout(timeout):
            while not (found := ready()):
                news = self._news
                # what is waited for may also be the passing of time, of which nobody tells
                try:
                    async with asyncio.timeout(0.05):
                        await news.wait()
                except TimeoutError:
                    continue
        return found


def cut(request: web.Request) -> web.Response:
    """Close the connection under a request: the caller never gets an answer."""
    if request.transport is not None:
        request.transport.close()
    return web.Response(status=500)
