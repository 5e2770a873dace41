"""A PostgreSQL that runs already, in the place of the embedded one: `SOTUV_TEST_DATABASE_URL=... make test`.

The address is a superuser's: each test process makes databases of its own on that server and drops them at the end.
It serves to run the suite on another version of PostgreSQL; what kills servers or reads their files runs on our own.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from kit.embedded import Engines


@dataclass
class Server:
    """Stands in for `kit.embedded.postgres.Postgres`, as far as tests ask; there must be a role `sotuv`."""

    address: str
    prefix: str = field(default_factory=lambda: f"t{os.getpid()}_")
    made: list[str] = field(default_factory=list)

    def url(self, *, admin: bool = False, database: str = "sotuv") -> str:
        """The address of a database of this test process; `postgres` is the server's own."""
        name = database if database in {"postgres", *self.made} else self.prefix + database
        return urlunsplit(urlsplit(self.address)._replace(path=f"/{name}"))

    async def make_database(self, name: str) -> str:
        """A fresh database with pgvector in it; its address."""
        whole = self.prefix + name
        await self._say("postgres", f"CREATE DATABASE {whole} TEMPLATE template0 ENCODING 'UTF8'")
        self.made.append(whole)
        await self._say(whole, "CREATE EXTENSION IF NOT EXISTS vector")
        return self.url(database=whole)

    async def drop_all(self) -> None:
        """Leave the server as it was found."""
        for name in self.made:
            await self._say("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    async def _say(self, database: str, statement: str) -> None:
        connection = await asyncpg.connect(self.url(database=database))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


class Elsewhere(Engines):
    """Engines whose PostgreSQL is a `Server`; Redis is embedded as always."""

    server: Server

    @classmethod
    async def around(cls, engines: Engines, address: str) -> Elsewhere:
        """`engines` with the server at `address` for its database."""
        made = cls(None, engines.redis, engines._watchers)
        made.server = Server(address)
        await made.server.make_database("sotuv")
        made.postgres = made.server  # type: ignore[assignment]  # the part of it that tests use
        return made

    async def stop(self) -> None:
        """Drop the databases, stop Redis."""
        self.postgres = None
        await super().stop()
        await self.server.drop_all()
