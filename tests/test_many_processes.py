"""Two web processes and two workers on one database: one poller, one truth, and none of them is needed."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx2
import pytest

from bot.inbox import accept
from kit import db as database
from kit import embedded, tasks
from kit.config import TurnConfig
from kit.db import Pool
from kit.message import Chat, Incoming
from tests.fakes.telegram import FakeTelegram
from tests.fleet import Fleet, signal_term
from tests.product import Product, free_port
from tests.queueing import until
from tests.test_process import buys, settings
from tests.widget_world import Tab, listening

pytestmark = pytest.mark.slow

AT_ONCE = TurnConfig(complete_ms=0, fragment_ms=0, album_ms=0, max_ms=0)
_POLLER = "SELECT owner FROM pollers WHERE shop_id = 'mini' AND lease_until > now()"


async def hears(tab: Tab, *parts: str, within_s: float = 60.0) -> None:
    """Wait for a message on the open page that has all of `parts`."""
    async with asyncio.timeout(within_s):
        while True:
            heard = await tab.heard.get()
            if heard.event == "message" and all(part in str(heard.data) for part in parts):
                return
            assert heard.event != "closed", "the stream was closed"


async def buys_on_the_page(posts_to: Product, listens_to: Product, number: int) -> None:
    """A person on the web chat: what they write goes to one process, what they read comes from the other."""
    await asyncio.sleep(number * 0.1)
    async with httpx2.AsyncClient(base_url=posts_to.url, timeout=30) as client:
        tab = Tab(client, "mini", origin=posts_to.url)
        (await tab.open()).raise_for_status()
        async with listening(tab, listens_to.url):
            text = (
                f"Sopol choynak oq, bitta olaman. Tel 91 0{number:02d} 22 {number:02d}, manzil: Chilonzor 3-mavze, 7-uy"
            )
            (await tab.post(text=text)).raise_for_status()
            await hears(tab, "120", "?")
            (await tab.post(text="ha")).raise_for_status()
            await hears(tab, "4417")


async def test_two_webs_and_two_workers_play_20_conversations(
    tmp_path: Path, engines: embedded.Engines, db_url: str, own_db: Pool
) -> None:
    async with (
        FakeTelegram() as telegram,
        Fleet(tmp_path, settings(tmp_path, telegram), engines, db_url) as fleet,
    ):
        first, second, *_ = [await fleet.web(), await fleet.web(), await fleet.worker(), await fleet.worker()]
        await asyncio.gather(first.ready(), second.ready())
        shoppers = [tasks.start(buys(telegram, number), f"shopper {number}") for number in range(10)]
        shoppers += [
            tasks.start(buys_on_the_page(*pair, number), f"page {number}")
            for number in range(10)
            for pair in [(first, second) if number % 2 else (second, first)]
        ]
        try:
            await asyncio.wait_for(asyncio.gather(*shoppers), 150)
        except (TimeoutError, AssertionError):
            print(fleet.logs())
            raise
        orders = await first.lines("orders", "--shop", "mini", "--json")
        assert len(orders) == len({order["number"] for order in orders}) == 20
        assert Counter(order["channel"] for order in orders) == {"telegram": 10, "widget": 10}
        # both workers worked, and no platform heard two pollers at once
        workers = {member.process.pid for member in fleet.members if member.command == "worker" and member.process}
        names = {row["name"] for row in await own_db.fetch("SELECT name FROM workers")}
        assert {int(name.rpartition(":")[2]) for name in names} == workers
        assert await own_db.fetchval("SELECT count(*) FROM pollers WHERE shop_id = 'mini'") == 1
        await one_poller_dies(fleet, telegram, own_db)


async def one_poller_dies(fleet: Fleet, telegram: FakeTelegram, pool: Pool) -> None:
    """kill -9 of the process that polls: the other takes over within seconds, and hears what was said meanwhile."""
    states = {}
    for member in fleet.members[:2]:
        async with httpx2.AsyncClient() as client:
            states[member] = (await client.get(f"{member.url}/ready")).json()["channels"]["mini/telegram"]
    assert sorted(states.values()) == ["another process listens", "ok"]
    poller = next(member for member, state in states.items() if state == "ok")
    before = await pool.fetchval(_POLLER)
    person = telegram.person("Kechikkan")
    await poller.kill()
    began = time.monotonic()
    await telegram.text(person, "salom")

    async def taken() -> bool:
        owner = await pool.fetchval(_POLLER)
        return owner is not None and owner != before

    await until(taken, 10)
    took_s = time.monotonic() - began
    await telegram.heard(person, 1, timeout=15)
    assert took_s < 5, took_s
    print(f"another process polls after {took_s:.1f} s")


async def test_sigterm_with_a_hundred_busy_turns_ends_in_time_and_loses_nothing(
    tmp_path: Path, engines: embedded.Engines, db_url: str, own_db: Pool
) -> None:
    """Turns that end within the grace are said by who began them, the others by who comes after; each once."""
    async with Fleet(tmp_path, settings(tmp_path), engines, db_url) as fleet:
        old = [await fleet.slow_worker(1.0, 15.0), await fleet.slow_worker(1.0, 15.0)]
        names = "SELECT count(*) FROM workers WHERE beat_at > now() - interval '3 s'"
        await until(lambda: _is(own_db, names, 4), 60)
        people = [Chat("mini", "widget", f"p{number:03d}") for number in range(100)]
        said = [Incoming(chat, f"{chat.id}-1", chat.id, text="Sopol choynak narxi qancha?") for chat in people]
        await accept(own_db, said, AT_ONCE)
        busy = "SELECT count(*) FROM lane WHERE shop_id = 'mini' AND owner IS NOT NULL"
        await until(lambda: _is(own_db, busy, 90, at_least=True), 20)
        began = time.monotonic()
        ended = [asyncio.create_task(_ends(member)) for member in old]  # noqa: TID251
        took_s = [await one - began for one in ended]
        print(f"100 busy turns: drained in {max(took_s):.1f} s")
        assert max(took_s) < 15, took_s
        left = await own_db.fetchval("SELECT count(*) FROM inbox WHERE shop_id = 'mini' AND status = 0")
        assert 0 < left < 100  # some were said, some were given back
        # given back, not left to their lease
        assert await own_db.fetchval(busy) == 0
        await fleet.worker()
        await until(lambda: _is(own_db, "SELECT count(*) FROM inbox WHERE status = 0", 0), 60)
    rows = await own_db.fetch(
        "SELECT key, count(*) AS n FROM outbox WHERE shop_id = 'mini' AND key LIKE 'widget:%' GROUP BY key"
    )
    silent = {chat.key for chat in people} - {row["key"] for row in rows}
    if silent:
        found = await own_db.fetch(
            "SELECT key, status, attempts, done_at, last_error FROM inbox WHERE shop_id = 'mini' AND key = ANY($1)",
            silent,
        )
        raise AssertionError([dict(row) for row in found][:3], fleet.logs())
    assert len({row["n"] for row in rows}) == 1  # as many words for each
    dead = await own_db.fetchval("SELECT count(*) FROM inbox WHERE shop_id = 'mini' AND (status = 9 OR attempts > 0)")
    assert dead == 0


async def _is(pool: Pool, question: str, number: int, *, at_least: bool = False) -> bool:
    found = await pool.fetchval(question)
    return bool(found >= number if at_least else found == number)


async def _ends(member: Product) -> float:
    signal_term(member)
    assert member.process
    async with asyncio.timeout(25):
        assert await member.process.wait() == 0
    return time.monotonic()


async def test_processes_on_the_embedded_engines_of_one_folder(tmp_path: Path) -> None:
    """Beside `run`: a second web process and a worker attach to its engines, and leave without stopping them."""
    how: dict[str, Any] = settings(tmp_path) | {"data_dir": str(tmp_path / "data")}
    members = []
    for name, command in (("one", "run"), ("two", "web"), ("three", "worker")):
        (tmp_path / name).mkdir()
        port = free_port()
        # a worker has no pages, but a port for who looks after it
        http = {"http": {"port": free_port(), "metrics_port": port} if command == "worker" else {"port": port}}
        member = Product(tmp_path / name, how | http, command=command)
        member.port = port
        await member.start()
        await member.ready()
        members.append(member)
    whole, web, worker = members
    try:
        await buys_on_the_page(web, whole, 1)
        assert await worker.stop() == 0
        assert await web.stop() == 0
        await buys_on_the_page(whole, whole, 2)
        assert len(await whole.lines("orders", "--shop", "mini", "--json")) == 2
    finally:
        for member in reversed(members):
            if member.process and member.process.returncode is None:
                await member.stop()


# ---- two versions side by side ---------------------------------------------------------------------------------------


async def test_a_running_process_bears_what_a_newer_one_brings(
    tmp_path: Path, engines: embedded.Engines, db_url: str, own_db: Pool
) -> None:
    """New columns and tables, and payloads with fields it has never heard of."""
    async with Fleet(tmp_path, settings(tmp_path), engines, db_url) as fleet:
        web, _ = await fleet.web(), await fleet.worker()
        await web.ready()
        await buys_on_the_page(web, web, 3)
        folder = _with_a_newer_migration(tmp_path)
        await database.migrate(db_url, folder)
        await buys_on_the_page(web, web, 4)  # prepared statements of both processes meet the new columns
        chat = Chat("mini", "widget", "newer")
        await accept(own_db, [Incoming(chat, "n-1", chat.id, text="Sopol choynak narxi qancha?")], AT_ONCE)
        newer = {"shop_id": "mini", "channel": "widget", "id": "newer2"}
        payload = {"chat": newer, "event_id": "n-2", "sender": "newer2", "text": "Yogʻoch lagan narxi?", "mood": "blue"}
        async with database.transaction(own_db) as tx:
            await tx.execute("INSERT INTO lane (shop_id, key, seq, due_at) VALUES ('mini', 'widget:newer2', 1, now())")
            await tx.execute(
                "INSERT INTO inbox (shop_id, channel, event_id, key, seq, kind, payload)"
                " VALUES ('mini', 'widget', 'n-2', 'widget:newer2', 1, 'message', $1)",
                payload,
            )
        reply = {"text": "yangi", "hologram": True, "buttons": [[{"label": "x", "token": "y", "spin": 3}]]}
        await own_db.execute(
            "INSERT INTO outbox (shop_id, key, idem, payload) VALUES ('mini', 'widget:newer3', 'n-3', $1)", reply
        )
        try:
            await until(lambda: _is(own_db, "SELECT count(*) FROM inbox WHERE status = 0", 0), 20)
            await until(lambda: _is(own_db, "SELECT count(*) FROM outbox WHERE status = 1 AND idem = 'n-3'", 1), 20)
        except TimeoutError:
            print(fleet.logs())
            raise
        said = await own_db.fetch("SELECT DISTINCT key FROM outbox WHERE shop_id = 'mini' AND key LIKE 'widget:newer_'")
        assert {row["key"] for row in said} == {"widget:newer2", "widget:newer3"}


def _with_a_newer_migration(tmp_path: Path) -> Path:
    folder = tmp_path / "migrations"
    folder.mkdir()
    for path in database.MIGRATIONS.glob("*.sql"):
        (folder / path.name).write_text(path.read_text())
    (folder / "9001_newer.sql").write_text(
        "-- Of the version to come.\n\n-- migrate:up\n"
        "ALTER TABLE inbox ADD COLUMN mood text NOT NULL DEFAULT '';\n"
        "ALTER TABLE outbox ADD COLUMN mood text NOT NULL DEFAULT '';\n"
        "ALTER TABLE lane ADD COLUMN mood text;\nALTER TABLE orders ADD COLUMN mood text NOT NULL DEFAULT '';\n"
        "ALTER TABLE contacts ADD COLUMN mood jsonb NOT NULL DEFAULT '{}';\n"
        "ALTER TABLE carts ADD COLUMN mood text;\nALTER TABLE profiles ADD COLUMN mood text;\n"
        "ALTER TABLE products ADD COLUMN mood text;\nALTER TABLE staff ADD COLUMN mood text;\n"
        "CREATE TABLE moods (shop_id text PRIMARY KEY);\n"
    )
    return folder
