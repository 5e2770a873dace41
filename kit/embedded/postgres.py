"""The embedded PostgreSQL 18: made, started, recovered.

Its folder is an ordinary data folder (initdb's, plus `sock` and `sotuv.secret`). The product works as the role `sotuv`,
who owns the database `sotuv` and is not a superuser; the superuser is used for set-up alone.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import asyncpg
import structlog

from kit.embedded.roads import named_uid
from kit.embedded.server import START_S, Server, until
from kit.errors import Misconfigured, Unavailable

log = structlog.get_logger(__name__)

_OPTIONS = {
    "listen_addresses": "",  # the socket alone: nothing on the network
    "unix_socket_directories": "sock",  # relative to the data folder, so its path may be of any length
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    # taken as tables are touched, and those of a shop are some megabytes. 100,000 photos have an index of 195 MB, and
    # a walk through it takes 87 ms with 64 MB here, 67 with 128 and 40 with 256
    "shared_buffers": "256MB",
    "max_wal_size": "512MB",
    "scram_iterations": "64",  # the password is 256 random bits: stretching it only slows each connection by 15 ms
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",  # DETAIL lines quote rows, and rows are people
    "log_min_error_statement": "panic",
    "jit": "off",
    "cluster_name": "sotuv",
}
_LIMITS = {"statement_timeout": "15s", "lock_timeout": "5s", "idle_in_transaction_session_timeout": "30s"}


class Postgres(Server):
    """PostgreSQL in `data_dir/postgres`."""

    name = "postgres"
    stop_signals = (signal.SIGINT, signal.SIGQUIT)  # fast shutdown; immediate: recovery at the next start
    passing = ("postmaster.pid", "shared memory", "starting up", "shutting down")

    def command(self) -> Sequence[str]:
        """`postgres` in the foreground, as our own child: pg_ctl leaves zombies where process 1 does not reap."""
        options = [part for name, value in _OPTIONS.items() for part in ("-c", f"{name}={value}")]
        return [str(self.road.binaries.postgres / "postgres"), "-D", self.road.named(self.home), *options]

    # -- connecting

    def url(self, *, admin: bool = False, database: str = "sotuv") -> str:
        """The address for asyncpg and psql, as the product's role or as the superuser."""
        role = "postgres" if admin else "sotuv"
        secret = json.loads((self.home / "sotuv.secret").read_text())[role]
        return f"postgresql://{role}:{secret}@/{database}?host={quote(str(self.socket_folder()))}"

    async def answers(self) -> bool:
        """A connection to the product's database, as the owner also before that database exists."""
        if not (self.home / "sotuv.secret").exists():
            return False
        url = self.url(admin=True, database="postgres") if self.owner else self.url()
        try:
            connection = await asyncpg.connect(url, timeout=5)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False  # starting, recovering, not there: the caller's patience decides
        await connection.close()
        return True

    # -- the folder

    async def prepare(self) -> None:
        """A data folder, and nobody else's server in it."""
        if not (self.home / "PG_VERSION").exists():
            if self.home.exists() and any(self.home.iterdir()):
                raise Misconfigured(f"data_dir: {self.home} holds something that is not PostgreSQL's; move it away")
            await self._initdb()
        await self._end_orphan()

    async def _initdb(self) -> None:
        """Make the folder beside and rename it, so that one interrupted half-way is never taken for a whole."""
        new = self.home.with_name("postgres.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        uid = None if self.road.uid is None else named_uid()  # initdb wants a name in passwd, the server does not
        words = {"postgres": secrets.token_urlsafe(32), "sotuv": secrets.token_urlsafe(32)}
        with tempfile.NamedTemporaryFile("w", dir=self.data_dir) as password:
            password.write(words["postgres"])
            password.flush()
            if uid is not None:
                os.chown(password.name, uid, uid)
                os.chown(new, uid, uid)
            await self._run_initdb(new, password.fileno(), uid)
        (new / "sotuv.secret").touch(mode=0o600)
        (new / "sotuv.secret").write_text(json.dumps(words))
        self.road.give(new)
        if self.home.exists():
            self.home.rmdir()
        new.rename(self.home)

    async def _run_initdb(self, new: Path, password: int, uid: int | None) -> None:
        arguments = (
            *(str(self.road.binaries.postgres / "initdb"), "-D", self.road.named(new), "-U", "postgres"),
            *("--auth=scram-sha-256", f"--pwfile=/dev/fd/{password}", "--encoding=UTF8", "--locale=C.UTF-8"),
            "--no-instructions",
        )
        command = self.road.plan(arguments, new, uid=uid, signal=int(signal.SIGKILL))
        log.info("postgres_is_made", folder=str(self.home))
        process = subprocess.Popen(  # noqa: S603, ASYNC220  see Road.plan: it must be this thread
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, pass_fds=[password]
        )
        _, said = await asyncio.to_thread(process.communicate)
        if process.returncode != 0:
            words = [
                line for line in said.decode(errors="replace").splitlines() if "error" in line or "could not" in line
            ]
            raise Unavailable(f"initdb failed in {new}: {(words or ['no reason given'])[0]}", permanent=True)

    # -- after kill -9

    async def _end_orphan(self) -> None:
        """Stop a server that outlived its supervisor; remove a postmaster.pid that names a stranger.

        PostgreSQL itself clears a pid file whose pid is dead, and refuses while old children hold the shared memory.
        What it cannot tell is a pid that another process got since (usual after a reboot), or a zombie.
        """
        file = self.home / "postmaster.pid"
        try:
            pid = int(file.read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return
        if self._runs_here(pid):
            log.warning("postgres_orphan", pid=pid)
            for number in self.stop_signals:
                os.kill(pid, number)
                if await until(lambda: not self._runs_here(pid), START_S / 10):
                    return
            raise Unavailable(f"postgres: the process {pid} of an earlier run does not stop")
        if _exists(pid):
            file.unlink(missing_ok=True)

    def _runs_here(self, pid: int) -> bool:
        """Whether `pid` is a living PostgreSQL of this folder (it works inside it)."""
        if not _exists(pid):
            return False
        try:
            return Path(f"/proc/{pid}/cwd").samefile(self.home)  # a zombie has none
        except OSError:
            if Path("/proc/self").exists():
                return False
        ps = ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)]  # macOS
        shown = subprocess.run(ps, capture_output=True, text=True, check=False)  # noqa: S603
        return "postgres" in shown.stdout and str(self.home) in shown.stdout

    # -- roles and the database

    async def settle(self) -> None:
        """Role, database and extension, when they are not there yet. Raises Unavailable."""
        try:
            if not await self._is_settled():
                await self._make_role()
                await self.make_database("sotuv")
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise Unavailable(f"postgres: set-up failed: {str(error) or type(error).__name__}") from error

    async def _is_settled(self) -> bool:
        try:
            connection = await asyncpg.connect(self.url(), timeout=5)
        except (
            asyncpg.InvalidPasswordError,
            asyncpg.InvalidCatalogNameError,
            asyncpg.InvalidAuthorizationSpecificationError,
        ):
            return False
        try:
            return bool(await connection.fetchval("SELECT to_regtype('halfvec') IS NOT NULL"))
        finally:
            await connection.close()

    async def _make_role(self) -> None:
        secret = json.loads((self.home / "sotuv.secret").read_text())["sotuv"]
        assert secret.replace("-", "").replace("_", "").isalnum()  # our own token: it stands in SQL that takes no $1
        connection = await asyncpg.connect(self.url(admin=True, database="postgres"), timeout=5)
        try:
            if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = 'sotuv'"):
                await connection.execute("CREATE ROLE sotuv LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE")
            await connection.execute(f"ALTER ROLE sotuv PASSWORD '{secret}'")
            for name, value in _LIMITS.items():
                await connection.execute(f"ALTER ROLE sotuv SET {name} = '{value}'")
        finally:
            await connection.close()

    async def make_database(self, name: str, template: str = "template0") -> str:
        """A database that `sotuv` owns, with pgvector in it; its address. `name` and `template` are our own words."""
        assert name.isidentifier() and template.isidentifier()
        connection = await asyncpg.connect(self.url(admin=True, database="postgres"), timeout=5)
        try:
            if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
                await connection.execute(f"CREATE DATABASE {name} OWNER sotuv TEMPLATE {template}")
        finally:
            await connection.close()
        connection = await asyncpg.connect(self.url(admin=True, database=name), timeout=5)
        try:
            await connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        finally:
            await connection.close()
        return self.url(database=name)


def _exists(pid: int) -> bool:
    """Whether there is a process `pid` that we may signal (a stranger's is no server of ours)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return os.geteuid() == 0
    return True
