"""The embedded Redis: Valkey's server with an append-only file, so that a restart forgets at most a second."""

from __future__ import annotations

import asyncio
import shutil
import signal
import socket
from collections.abc import Sequence
from urllib.parse import quote

import structlog

from kit.embedded.server import Server, until

log = structlog.get_logger(__name__)
_SOCKET = "valkey.sock"


class Valkey(Server):
    """Valkey in `data_dir/redis`, on a socket alone."""

    name = "redis"
    stop_signals = (signal.SIGTERM,)

    def command(self) -> Sequence[str]:
        """`valkey-server` in the foreground; every name in its options is relative to its folder."""
        options = {
            "port": "0",
            "unixsocket": f"sock/{_SOCKET}",
            "unixsocketperm": "700",
            "dir": ".",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory": "128mb",  # sessions of a few kilobytes: tens of thousands of conversations
            "maxmemory-policy": "allkeys-lru",
            "stop-writes-on-bgsave-error": "no",
            "daemonize": "no",
        }
        return [
            str(self.road.binaries.valkey),
            *[part for name, value in options.items() for part in (f"--{name}", value)],
        ]

    def url(self) -> str:
        """The address for redis-py."""
        return f"unix://{quote(str(self.socket_folder() / _SOCKET))}"

    async def answers(self) -> bool:
        """PING, PONG."""
        return await self._say(b"PING\r\n") == b"+PONG\r\n"

    async def _say(self, words: bytes) -> bytes:
        try:
            async with asyncio.timeout(2):
                reader, writer = await asyncio.open_unix_connection(str(self.socket_folder() / _SOCKET))
                try:
                    writer.write(words)
                    return await reader.readline()
                finally:
                    writer.close()
        except (OSError, TimeoutError):
            return b""

    async def prepare(self) -> None:
        """A folder, no orphan on its socket, and no file that a start could choke on for ever."""
        self.home.mkdir(exist_ok=True, mode=0o700)
        self.road.give(self.home)
        if await self.answers():
            log.warning("redis_orphan")
            await self._say(b"SHUTDOWN NOSAVE FORCE\r\n")
            await until(lambda: not self._socket_listens(), 5.0)
        if "AOF" in self.last_words() and self._child is not None and self._child.poll() not in (None, 0):
            log.warning("redis_forgets", why="its file is broken")  # Redis is forgettable: an empty one beats none
            shutil.rmtree(self.home / "appendonlydir", ignore_errors=True)

    async def settle(self) -> None:
        """Nothing: an empty Redis is as good as any."""

    def _socket_listens(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.socket_folder() / _SOCKET)) == 0
