"""The pool's types and limits, transactions, and the migrations runner."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import numpy as np
import pytest
from pgvector import HalfVector

from kit import db
from kit.errors import Misconfigured
from tests.conftest import ELSEWHERE

HEAD = "-- migrate:up\n"


async def test_a_rolled_back_connection_has_the_schema(db: db.Tx) -> None:
    assert await db.fetchval("SELECT to_regclass('orders')::text") == "orders"


async def test_json_and_vectors_go_in_and_out(own_db: db.Pool) -> None:
    assert await own_db.fetchval("SELECT $1::jsonb", {"soʻm": [1, None]}) == {"soʻm": [1, None]}
    vector = HalfVector(np.array([1.0, 0.5], dtype=np.float32))
    assert (await own_db.fetchval("SELECT $1::halfvec", vector)).to_list() == [1.0, 0.5]


async def test_statements_locks_and_idle_transactions_are_bounded(own_db: db.Pool) -> None:
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    assert [await own_db.fetchval("SELECT current_setting($1)", name) for name in names] == ["15s", "5s", "30s"]


@pytest.mark.skipif(bool(ELSEWHERE), reason="our own server's roles; this one's owner chose others")
async def test_the_product_is_no_superuser(own_db: db.Pool) -> None:
    assert await own_db.fetchval("SELECT current_setting('is_superuser')") == "off"
    assert await own_db.fetchval(
        "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
    ) == ("sotuv")


async def test_a_transaction_that_raises_leaves_nothing(own_db: db.Pool) -> None:
    with pytest.raises(ZeroDivisionError):
        async with db.transaction(own_db) as tx:
            await tx.execute("CREATE TABLE trace (x int)")
            raise ZeroDivisionError
    assert await own_db.fetchval("SELECT to_regclass('trace')") is None


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name[1:]}.sql").write_text(text)
    return folder


@pytest.fixture
async def bare(own_db: db.Pool) -> db.Pool:
    """The same database with no memory of migrations, so that a folder of the test's own can be applied."""
    await own_db.execute("DROP TABLE schema_migrations")
    return own_db


async def test_each_file_is_applied_once_in_order(bare: db.Pool, tmp_path: Path) -> None:
    down = "\n-- migrate:down\nDROP TABLE a;"
    write(tmp_path, _0001_a=HEAD + "CREATE TABLE a (x int);" + down, _0002_b=HEAD + "ALTER TABLE a ADD y int;")
    assert await db.pending(bare, tmp_path) == ["0001", "0002"]
    assert await db.migrate(bare, tmp_path) == ["0001", "0002"]
    assert await db.migrate(bare, tmp_path) == []
    assert await db.pending(bare, tmp_path) == []


async def test_a_file_that_fails_half_way_leaves_nothing(bare: db.Pool, tmp_path: Path) -> None:
    write(tmp_path, _0001_a=HEAD + "CREATE TABLE a (x int); CREATE TABLE a (x int);")
    with pytest.raises(asyncpg.DuplicateTableError):
        await db.migrate(bare, tmp_path)
    assert await bare.fetchval("SELECT to_regclass('a')") is None


async def test_a_file_changed_after_it_was_applied_is_drift(bare: db.Pool, tmp_path: Path) -> None:
    write(tmp_path, _0001_a=HEAD + "CREATE TABLE a (x int);")
    await db.migrate(bare, tmp_path)
    write(tmp_path, _0001_a=HEAD + "CREATE TABLE a (x bigint);")
    with pytest.raises(Misconfigured, match=r"0001_a\.sql changed after it was applied"):
        await db.migrate(bare, tmp_path)


async def test_a_database_newer_than_the_code_is_refused(bare: db.Pool, tmp_path: Path) -> None:
    write(tmp_path, _0001_a=HEAD + "SELECT 1;", _0002_b=HEAD + "SELECT 1;")
    await db.migrate(bare, tmp_path)
    (tmp_path / "0002_b.sql").unlink()
    with pytest.raises(Misconfigured, match="has migration 0002"):
        await db.migrate(bare, tmp_path)


async def test_ten_processes_at_once_apply_each_file_once(bare: db.Pool, tmp_path: Path) -> None:
    write(tmp_path, _0001_a=HEAD + "CREATE TABLE a (x int);", _0002_b=HEAD + "CREATE TABLE b (x int);")
    done = await asyncio.gather(*[db.migrate(bare, tmp_path) for _ in range(10)])
    assert sorted(len(versions) for versions in done) == [0] * 9 + [2]


async def test_an_index_may_be_built_outside_a_transaction(bare: db.Pool, tmp_path: Path) -> None:
    write(
        tmp_path,
        _0001_a=HEAD + "CREATE TABLE a (x int);",
        _0002_i="-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY a_x ON a (x);",
    )
    assert await db.migrate(bare, tmp_path) == ["0001", "0002"]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [("1_a", HEAD, "NNNN_words"), ("0001_a", "SELECT 1;", "migrate:up"), ("0001_b", HEAD, "number 0001")],
)
def test_a_bad_file_is_named(tmp_path: Path, name: str, text: str, says: str) -> None:
    (tmp_path / f"{name}.sql").write_text(text)
    if name == "0001_b":
        (tmp_path / "0001_a.sql").write_text(HEAD)
    with pytest.raises(Misconfigured, match=says):
        db.read_migrations(tmp_path)


def test_the_own_migrations_are_in_order() -> None:
    versions = [file.version for file in db.read_migrations()]
    assert versions == sorted(versions) and versions[0] == "0001"


async def test_a_connection_whose_server_was_killed_is_told_as_lost(own_db: db.Pool) -> None:
    async with own_db.acquire() as held:
        connection = held._con
        with pytest.raises(asyncpg.ConnectionDoesNotExistError), connection._told_truly():
            raise asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress")
        assert connection.is_closed()
    assert await own_db.fetchval("SELECT 1") == 1


async def test_a_cut_connection_is_replaced(own_db: db.Pool, db_url: str) -> None:
    other = await asyncpg.connect(db_url)
    for _ in range(5):
        await other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND datname = current_database() AND backend_type = 'client backend'"
        )
        for _ in range(20):
            try:
                assert await own_db.fetchval("SELECT 1") == 1
                break
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.sleep(0.01)
        else:
            pytest.fail("the pool did not recover")
    await other.close()


async def test_a_kept_connection_comes_back_without_its_session(own_db: db.Pool) -> None:
    async with own_db.acquire() as other:
        kept = await own_db.acquire()
        await kept.execute("SELECT pg_advisory_lock(7, 7); SET lock_timeout = '1min'; LISTEN something")
        backend = kept.get_server_pid()
        await db.give_back(own_db, kept)
        assert await other.fetchval("SELECT pg_try_advisory_lock(7, 7)")
        async with own_db.acquire() as again:
            assert again.get_server_pid() == backend
            assert await again.fetchval("SHOW lock_timeout") == "5s"
            assert await again.fetchval("SELECT count(*) FROM pg_listening_channels()") == 0
        await other.execute("SELECT pg_advisory_unlock(7, 7)")
