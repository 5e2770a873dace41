"""Who polls which bot: a leased row in `pollers`, taken over at once when its holder has died.

Two getUpdates of one bot end each other (409), so exactly one process may listen. The row also keeps the offset, which
moves only after the updates below it are stored.
"""

from __future__ import annotations

import asyncio
import secrets

import asyncpg

from kit.db import Pool, Tx, give_back

_CLASS = 736_862  # first half of the advisory locks' numbers, the second is the owner; any constant but kit.watch's
# renewed before each call, which lasts 35 s at most; a killed process frees its seat at once by its advisory lock, so
# the minute only counts for a machine that vanished
_TAKE = """
INSERT INTO pollers (shop_id, channel, bot_id, owner, lease_until)
VALUES ($1, 'telegram', $2, $3, now() + interval '60 s')
ON CONFLICT (shop_id, channel, bot_id) DO UPDATE SET owner = EXCLUDED.owner, lease_until = EXCLUDED.lease_until
WHERE pollers.owner IS NULL OR pollers.owner IN (EXCLUDED.owner, $4) OR pollers.lease_until < now()
RETURNING "offset"
"""
_OWNER = "SELECT owner FROM pollers WHERE shop_id = $1 AND channel = 'telegram' AND bot_id = $2"
_ADVANCE = """
UPDATE pollers SET "offset" = $4 WHERE shop_id = $1 AND channel = 'telegram' AND bot_id = $2 AND owner = $3
"""
_LEAVE = """
UPDATE pollers SET owner = NULL, lease_until = NULL
WHERE shop_id = $1 AND channel = 'telegram' AND bot_id = $2 AND owner = $3
"""
_NOBODY = 0


class Seats:
    """The seats of one process. `close` it at the end."""

    def __init__(self, pool: Pool) -> None:
        self.owner = secrets.randbelow(2**31 - 1) + 1
        self._pool = pool
        self._line: Tx | None = None  # one connection for as long as we live: it carries our lock
        self._using = asyncio.Lock()

    async def take(self, shop_id: str, bot_id: str) -> int | None:
        """The offset from which we may listen for the next minute; None while another process does."""
        await self._alone()
        offset: int | None = await self._pool.fetchval(_TAKE, shop_id, bot_id, self.owner, _NOBODY)
        if offset is not None:
            return offset
        holder = await self._pool.fetchval(_OWNER, shop_id, bot_id)
        if holder is None or not await self._dead(holder):
            return None
        taken: int | None = await self._pool.fetchval(_TAKE, shop_id, bot_id, self.owner, holder)
        return taken

    async def advance(self, shop_id: str, bot_id: str, offset: int) -> None:
        """Note that everything below `offset` is stored."""
        await self._pool.execute(_ADVANCE, shop_id, bot_id, self.owner, offset)

    async def leave(self, shop_id: str, bot_id: str) -> None:
        """Let another process listen."""
        await self._pool.execute(_LEAVE, shop_id, bot_id, self.owner)

    async def close(self) -> None:
        """Give the connection back, and the lock with it."""
        async with self._using:
            line, self._line = self._line, None
            if line is not None:
                await give_back(self._pool, line)

    async def _alone(self) -> None:
        """Hold our lock: while it is held nobody takes us for dead."""
        async with self._using:
            await self._connected()

    async def _dead(self, owner: int) -> bool:
        async with self._using:
            line = await self._connected()
            free: bool = await line.fetchval("SELECT pg_try_advisory_lock($1, $2)", _CLASS, owner)
            if free:
                await line.execute("SELECT pg_advisory_unlock($1, $2)", _CLASS, owner)
            return free

    async def _connected(self) -> Tx:
        if self._line is not None and _broken(self._line):
            line, self._line = self._line, None
            await give_back(self._pool, line)
        if self._line is None:
            line = await self._pool.acquire()
            if not await line.fetchval("SELECT pg_try_advisory_lock($1, $2)", _CLASS, self.owner):
                await give_back(self._pool, line)
                raise TimeoutError("a peer looks after us just now; the next try will do")
            self._line = line
        return self._line


def _broken(line: Tx) -> bool:
    try:
        return line.is_closed()
    except asyncpg.InterfaceError:  # the pool has taken a broken connection back and says so this way
        return True
