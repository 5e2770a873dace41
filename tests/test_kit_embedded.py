"""The engines come up again after everything that happens to processes, and never for two owners at once."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
import redis.asyncio as aioredis

from kit import embedded, tasks
from kit.embedded import roads
from kit.embedded.postgres import Postgres
from kit.errors import Misconfigured, Unavailable

ROOT = Path(__file__).parent.parent
as_root = pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="needs root on Linux")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that was started and stopped once, to be copied."""
    folder = tmp_path_factory.mktemp("made")

    async def make() -> None:
        running = await embedded.start(folder, postgres=True, redis=True)
        await sql(running, "CREATE TABLE kept (x int)")
        await sql(running, "INSERT INTO kept VALUES (7)")
        await running.stop()

    asyncio.run(make())
    return folder


@pytest.fixture
async def data(made: Path, tmp_path: Path) -> AsyncIterator[Path]:
    folder = tmp_path / "data"
    shutil.copytree(made, folder)
    yield folder
    await tasks.stop_all()


async def sql(engines: embedded.Engines, query: str) -> object:
    connection = await asyncpg.connect(engines.database_url, timeout=5)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def patient(engines: embedded.Engines, query: str, timeout_s: float = 15) -> object:
    """The answer as soon as the server gives one again."""
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            return await sql(engines, query)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            assert time.monotonic() < deadline, "PostgreSQL did not come back"
            await asyncio.sleep(0.05)


async def both(data: Path) -> embedded.Engines:
    return await embedded.start(data, postgres=True, redis=True)


async def only_postgres(data: Path) -> embedded.Engines:
    return await embedded.start(data, postgres=True, redis=False)


async def test_a_second_start_finds_the_data(data: Path) -> None:
    engines = await both(data)
    assert await sql(engines, "SELECT x FROM kept") == 7
    assert await sql(engines, "SELECT current_setting('is_superuser') || current_user") == "offsotuv"
    assert await sql(engines, "SELECT current_setting('listen_addresses')") == ""
    assert await sql(engines, "SELECT current_setting('lock_timeout')") == "5s"
    await engines.stop()
    assert not (data / "postgres" / "postmaster.pid").exists()


async def test_nobody_else_can_reach_the_sockets(data: Path) -> None:
    engines = await both(data)
    for name in ("postgres", "redis"):
        assert (data / name / "sock").stat().st_mode & 0o777 == 0o700
    assert (data / "postgres" / "sotuv.secret").stat().st_mode & 0o777 == 0o600
    await engines.stop()


async def test_killed_engines_come_back_with_what_they_knew(data: Path) -> None:
    engines = await both(data)
    assert engines.postgres and engines.redis and engines.postgres.pid and engines.redis.pid
    client = aioredis.from_url(engines.redis_url)
    await client.set("a", "b")
    await sql(engines, "INSERT INTO kept VALUES (8)")
    os.kill(engines.postgres.pid, signal.SIGKILL)
    os.kill(engines.redis.pid, signal.SIGKILL)
    assert await patient(engines, "SELECT sum(x) FROM kept") == 15
    for _ in range(100):
        if await engines.redis.answers():
            break
        await asyncio.sleep(0.05)
    assert await client.get("a") == b"b"
    await client.aclose()
    await engines.stop()


async def test_a_second_process_attaches_and_stops_nothing(data: Path) -> None:
    first, second = await asyncio.gather(both(data), both(data))
    assert first.postgres and second.postgres
    assert first.postgres.owner != second.postgres.owner
    owner, guest = (first, second) if first.postgres.owner else (second, first)
    assert await sql(guest, "SELECT x FROM kept") == 7
    await guest.stop()
    assert await sql(owner, "SELECT x FROM kept") == 7
    await owner.stop()


async def test_a_guest_takes_over_when_the_owner_goes(data: Path) -> None:
    owner = await only_postgres(data)
    guest = await only_postgres(data)
    await owner.stop()
    assert await patient(guest, "SELECT x FROM kept") == 7
    assert guest.postgres and guest.postgres.owner
    await guest.stop()


@pytest.fixture
def stranger() -> Iterator[int]:
    """The pid of a living process that is no PostgreSQL."""
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process.pid
        process.kill()


@pytest.fixture
def zombie() -> Iterator[int]:
    """The pid of a process that ended and that nobody waited for."""
    process = subprocess.Popen(["true"])
    while Path(f"/proc/{process.pid}/stat").exists() and ") Z" not in Path(f"/proc/{process.pid}/stat").read_text():
        time.sleep(0.01)
    yield process.pid
    process.wait()


@pytest.mark.parametrize("who", ["stranger", "zombie"])
async def test_a_pid_file_that_names_somebody_else_is_no_hindrance(
    data: Path, who: str, request: pytest.FixtureRequest
) -> None:
    home = data / "postgres"
    (home / "postmaster.pid").write_text(f"{request.getfixturevalue(who)}\n{home}\n1700000000\n5432\nsock\n\n")
    start = time.monotonic()
    engines = await only_postgres(data)
    assert time.monotonic() - start < 5
    assert await sql(engines, "SELECT x FROM kept") == 7
    await engines.stop()


async def test_a_server_that_outlived_its_supervisor_is_ended(data: Path) -> None:
    road = roads.choose(data, [data / "postgres"])
    plan = road.plan(Postgres(data, road).command(), data / "postgres")
    orphan = subprocess.Popen(plan, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not (data / "postgres" / "postmaster.pid").exists():
        await asyncio.sleep(0.02)
    engines = await only_postgres(data)
    assert engines.postgres and engines.postgres.owner and engines.postgres.pid != orphan.pid
    assert orphan.wait(5) == 0
    assert await sql(engines, "SELECT x FROM kept") == 7
    await engines.stop()


SUPERVISOR = """
import asyncio, sys
from pathlib import Path
from kit import embedded
async def main():
    engines = await embedded.start(Path(sys.argv[1]), postgres=True, redis=True)
    print(engines.postgres.pid, engines.redis.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


async def test_killing_the_supervisor_leaves_no_orphans_and_blocks_nothing(data: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(data)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT
    ) as supervisor:
        assert supervisor.stdout
        pids = [int(pid) for pid in supervisor.stdout.readline().split()]
        supervisor.kill()
    engines = await both(data)
    assert await sql(engines, "SELECT x FROM kept") == 7
    assert all(not _alive(pid) for pid in pids)
    await engines.stop()


def _alive(pid: int) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


async def test_a_long_path_is_no_hindrance(made: Path, tmp_path: Path) -> None:
    data = tmp_path / ("long" * 30) / "data"
    shutil.copytree(made, data)
    engines = await both(data)
    assert len(engines.database_url) < 200
    assert await sql(engines, "SELECT x FROM kept") == 7
    assert engines.redis and await engines.redis.answers()
    await engines.stop()


async def test_a_half_made_folder_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "postgres.new" / "base").mkdir(parents=True)
    engines = await only_postgres(tmp_path)
    assert await sql(engines, "SELECT '[1]'::vector::text") == "[1]"
    await engines.stop()


async def test_a_set_up_cut_short_is_finished_by_the_next_start(data: Path) -> None:
    engines = await only_postgres(data)
    assert engines.postgres
    admin = await asyncpg.connect(engines.postgres.url(admin=True, database="postgres"))
    await admin.execute("DROP DATABASE sotuv WITH (FORCE)")
    await admin.execute("DROP ROLE sotuv")
    await admin.close()
    await engines.stop()
    engines = await only_postgres(data)
    assert await sql(engines, "SELECT '[1]'::vector::text") == "[1]"
    await engines.stop()


async def test_a_broken_redis_file_is_forgotten(data: Path) -> None:
    files = sorted((data / "redis" / "appendonlydir").glob("*.aof"))
    for file in files:
        file.write_bytes(b"*3\r\n$3\r\nSET\r\n$1\r\nbroken\r\n" * 3)
    engines = await embedded.start(data, postgres=False, redis=True)
    assert engines.redis and await engines.redis.answers()
    await engines.stop()


async def test_a_server_that_cannot_start_says_why(data: Path) -> None:
    with (data / "postgres" / "postgresql.conf").open("a") as conf:
        conf.write("no_such_setting = on\n")
    with pytest.raises(Unavailable, match=r"postgres does not start: .*FATAL"):
        await only_postgres(data)


async def test_bad_folders_are_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Misconfigured, match=r"data_dir: .*/file/data cannot be made"):
        await only_postgres(tmp_path / "file" / "data")
    (tmp_path / "data" / "postgres").mkdir(parents=True)
    (tmp_path / "data" / "postgres" / "photo.jpg").write_text("")
    with pytest.raises(Misconfigured, match="not PostgreSQL's"):
        await only_postgres(tmp_path / "data")


# ---- as whom ---------------------------------------------------------------------------------------------------------


@as_root
async def test_root_runs_in_a_user_namespace_and_opens_no_folder(data: Path) -> None:
    data.parent.chmod(0o700)
    engines = await both(data)
    assert engines.postgres
    if engines.postgres.road.userns is None:
        pytest.skip("user namespaces are refused here")
    assert data.parent.stat().st_mode & 0o777 == 0o700
    assert (data / "postgres").stat().st_uid == 0
    await engines.stop()


@as_root
async def test_root_without_namespaces_runs_as_another_uid(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roads.Road, "open", lambda self, cwd: False)
    data.parent.chmod(0o700)
    with tempfile.TemporaryDirectory(dir="/var/tmp") as copies:
        Path(copies).chmod(0o755)
        monkeypatch.setattr(roads, "_COPIES", (Path(copies) / "sotuv",))
        for _ in range(2):
            engines = await both(data)
            assert engines.postgres and engines.redis
            assert await sql(engines, "SELECT x FROM kept") == 7
            for engine in (engines.postgres, engines.redis):
                assert Path(f"/proc/{engine.pid}").stat().st_uid == engine.road.uid != 0
            await engines.stop()
        fresh = await only_postgres(data.parent / "fresh")
        assert await sql(fresh, "SELECT '[1]'::vector::text") == "[1]"
        await fresh.stop()
    assert data.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.slow
@as_root
@pytest.mark.parametrize("uid", [1, 54321])
def test_a_normal_user_and_one_without_a_name_can_run_it(uid: int) -> None:
    code = f"import sys; sys.path[:0] = {[str(ROOT), *[p for p in sys.path if 'site-packages' in p]]!r}\n" + ONCE
    python = "/usr/bin/python3" if not _reaches(uid, sys.executable) else sys.executable
    if not _reaches(uid, python, f"{code.splitlines()[0]}\nimport asyncpg, pydantic_core"):
        pytest.skip("another user cannot reach this Python or these packages")
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        os.chown(folder, uid, uid)
        done = _as(uid, python, "-B", "-c", code, folder)
        assert done.stdout.splitlines()[-1:] == [f"{uid} 7"], done.stderr


ONCE = """
import asyncio, asyncpg, os
from pathlib import Path
from kit import embedded
async def main():
    engines = await embedded.start(Path(sys.argv[1]) / "data", postgres=True, redis=True)
    connection = await asyncpg.connect(engines.database_url)
    print(os.getuid(), await connection.fetchval("SELECT 7"))
    await connection.close()
    await engines.stop()
asyncio.run(main())
"""


def _as(uid: int, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, user=uid, group=uid, extra_groups=[], cwd="/", capture_output=True, text=True, timeout=60
    )


def _reaches(uid: int, python: str, code: str = "") -> bool:
    try:
        return _as(uid, python, "-B", "-c", code).returncode == 0
    except OSError:
        return False
