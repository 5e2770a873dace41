"""`make bench-throughput`: what the queue costs on top of the work, and what more processes bring on this machine.

Acknowledgements beside the bare INSERT; a backlog drained by the queue beside the same turns done one after another
without it; the same backlog with one worker process and with two; 100 webhooks a second for two minutes with one
process and with two doors and two workers; memory of a thousand open chats. Prints a table and, last, one JSON line.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2

from bench.latency import BARE_INSERT, SAYS, _titles, at, talk
from bench.start import memory_mb
from bot.inbox import accept
from bot.inbox.turn import Desk
from bot.inbox.worker import Worker
from cli.build import build, prepare_shops
from cli.stores import open_stores
from kit import db, embedded, tasks
from kit.config import Config, ShopConfig, TurnConfig
from kit.lanes import Held, Row
from kit.message import Chat, Incoming
from tests.fleet import Fleet
from tests.product import ROOT

SHOP = "lola"
AT_ONCE = TurnConfig(complete_ms=0, fragment_ms=0, album_ms=0, max_ms=0, per_minute=0, per_hour=0)
HOW: dict[str, Any] = {
    "turn": AT_ONCE.model_dump(),
    "shops": {SHOP: {"folder": str(ROOT / "demo")}},
}
PAIRS = 5  # of a pass without the queue and one with it: the machine is not equally fast from minute to minute
_WAITS = "SELECT count(*) FROM inbox WHERE shop_id = $1 AND status = 0"
_SPAN = "SELECT EXTRACT(epoch FROM max(done_at) - min(done_at))::float8 FROM inbox WHERE shop_id = $1 AND status = 1"
_HELD = "INSERT INTO lane (shop_id, key, owner, epoch) SELECT $1, key, 0, 0 FROM unnest($2::text[]) AS key"
_TABLES = "TRUNCATE inbox, lane, outbox, contacts, carts RESTART IDENTITY"


def sayings(count: int, dice: random.Random) -> list[Incoming]:
    """Messages of as many people, one each: nothing is gathered into one turn."""
    titles = _titles()
    found = []
    for number in range(count):
        text = SAYS[number % len(SAYS)].format(title=dice.choice(titles))
        found.append(Incoming(Chat(SHOP, "widget", f"p{number}"), f"b{number}", f"p{number}", text=text))
    return found


async def timed_ms(count: int, one: Callable[[int], Awaitable[Any]]) -> list[float]:
    """Milliseconds of `one(number)`, one after another."""
    found = []
    for number in range(count):
        began = time.perf_counter()
        await one(number)
        found.append((time.perf_counter() - began) * 1000)
    return found


async def in_process(folder: Path, engines: embedded.Engines, count: int, dice: random.Random) -> dict[str, Any]:
    """Acknowledgement beside INSERT, and the drain of a backlog beside its turns without a queue."""
    config = Config(
        data_dir=folder / "in",
        database_url=engines.database_url,
        redis_url=engines.redis_url,
        turn=AT_ONCE,
        shops={SHOP: ShopConfig(folder=ROOT / "demo")},
    )
    async with open_stores(config, pool_size=20) as stores:
        app = build(config, stores)
        await prepare_shops(app)
        pool, desk = app.db, Desk(app)
        said = sayings(count, dice)
        payload = {"text": "salom " * 80, "sender": "555"}
        async with pool.acquire() as line:
            insert = await timed_ms(1000, lambda number: line.execute(BARE_INSERT, str(number), payload))
        await pool.execute(_TABLES)
        ack = await timed_ms(count, lambda number: accept(pool, [said[number]], AT_ONCE))

        # the handler alone: the same thinking, the same writes and commits in lanes already held, no queue around them
        async def fresh() -> None:
            await pool.execute(_TABLES)
            await pool.execute(_HELD, SHOP, [one.chat.key for one in said])

        places = asyncio.Semaphore(20)

        async def alone(number: int) -> None:
            async with places:
                held = Held(SHOP, said[number].chat.key, 0, 0, "", 0)
                thought = await desk.think(held, [Row(number, 1, 0, said[number])])
                async with db.transaction(pool) as tx:
                    await thought.write(tx)
                if thought.after is not None:
                    await thought.after()

        async def without_queue() -> float:
            await fresh()
            began = time.perf_counter()
            await asyncio.gather(*(alone(number) for number in range(count)))
            return count / (time.perf_counter() - began)

        async def drained() -> float:
            await pool.execute(_TABLES)
            for start in range(0, count, 200):
                await accept(pool, said[start : start + 200], AT_ONCE)
            stop = asyncio.Event()
            began = time.perf_counter()
            work = tasks.start(Worker(pool, desk.think, desk.buried).run(stop), "bench worker")
            while await pool.fetchval(_WAITS, SHOP):
                await asyncio.sleep(0.02)
            per_s = count / (time.perf_counter() - began)
            stop.set()
            await work
            return per_s

        await fresh()
        await asyncio.gather(*(alone(number) for number in range(50)))  # warm
        single = await timed_ms(50, lambda number: alone(50 + number))
        pairs = [(await without_queue(), await drained()) for _ in range(PAIRS)]
        await pool.execute(_TABLES)
    return {
        "bare_insert_ms": {"p50": at(insert, 0.5), "p99": at(insert, 0.99)},
        "ack_ms": {"p50": at(ack, 0.5), "p99": at(ack, 0.99)},
        "handler_ms": round(statistics.median(single), 2),
        "handler_per_s": round(statistics.median(bare for bare, _ in pairs), 1),
        "drain_per_s": round(statistics.median(drain for _, drain in pairs), 1),
        "drain_ratio": round(statistics.median(drain / bare for bare, drain in pairs), 2),
    }


async def backlog(folder: Path, engines: embedded.Engines, workers: int, count: int, dice: random.Random) -> float:
    """Turns a second that so many worker processes make of a backlog."""
    url = engines.database_url
    pool = await db.open_pool(url, 4)
    async with Fleet(folder, HOW, engines, url) as fleet:
        for _ in range(workers):
            await fleet.worker()
        while await pool.fetchval("SELECT count(*) FROM workers WHERE beat_at > now() - interval '2 s'") < 2 * workers:
            if any(member.process is None or member.process.returncode is not None for member in fleet.members):
                raise SystemExit(fleet.logs())
            await asyncio.sleep(0.1)
        await asyncio.sleep(3)
        await pool.execute(_TABLES)
        said = sayings(count, dice)
        for start in range(0, count, 200):
            await accept(pool, said[start : start + 200], AT_ONCE)
        while await pool.fetchval(_WAITS, SHOP):
            await asyncio.sleep(0.05)
        span_s = await pool.fetchval(_SPAN, SHOP)
    await pool.execute(_TABLES)
    await pool.execute("TRUNCATE workers")
    await pool.close()
    return round(count / span_s, 1)


async def webhooks(folder: Path, engines: embedded.Engines, many: bool, rate: float, seconds: float, seed: int) -> Any:
    """Acknowledgements of Telegram's posts at a rate, by one `run` or by two `web` and two `worker`."""
    how = {**HOW, "shops": {SHOP: {**HOW["shops"][SHOP], "telegram": _HOOK}}}
    async with Fleet(folder, how, engines, engines.database_url) as fleet:
        doors = [await fleet.web(), await fleet.web()] if many else [await fleet.run()]
        if many:
            await fleet.worker(), await fleet.worker()
        await asyncio.gather(*(door.ready() for door in doors))
        share = [
            talk(door.url, rate / len(doors), seconds, random.Random(seed), 10**8 * (n + 1))
            for n, door in enumerate(doors)
        ]
        runs = await asyncio.gather(*share)
    acked = [one for run in runs for one in run.acked_ms]
    pool = await db.open_pool(engines.database_url, 2)
    await pool.execute(_TABLES)
    await pool.execute("TRUNCATE workers")
    await pool.close()
    return {
        "p50": at(acked, 0.5),
        "p99": at(acked, 0.99),
        "posts": len(acked),
        "refused": sum(run.refused for run in runs),
        "slip_ms": round(max(run.late_ms for run in runs), 1),
    }


# the bot's answers go nowhere: nothing listens at this address, and acknowledgements do not wait for answers
_HOOK = {"token": "10001:bench-of-latency", "mode": "webhook", "secret": "bench", "api_url": "http://127.0.0.1:9"}


async def chats_memory(folder: Path, engines: embedded.Engines, chats: int) -> dict[str, float]:
    """MB of one `run` without and with so many people who wrote and keep the page's stream open."""
    async with Fleet(folder, HOW, engines, engines.database_url) as fleet:
        member = await fleet.run()
        await member.ready()
        await asyncio.sleep(3)
        assert member.process
        before = memory_mb(member.process.pid)
        limits = httpx2.Limits(max_connections=None)
        async with httpx2.AsyncClient(base_url=member.url, timeout=120, limits=limits) as client:
            gate, open_streams, ears = asyncio.Semaphore(20), [0], []

            async def visit(number: int) -> None:
                async with gate:
                    page = await client.get(f"/chat/{SHOP}", headers={"Cookie": ""})
                    cookie = "; ".join(part.split(";")[0] for part in page.headers.get_list("set-cookie"))
                    head = {"Cookie": cookie, "Origin": member.url}
                    form = {"id": f"00000000-0000-4000-8000-{number:012d}", "text": "dostavka qancha turadi"}
                    answer = await client.post(f"/chat/{SHOP}/messages", data=form, headers=head)
                    answer.raise_for_status()
                ears.append(tasks.start(_listen(client, head, open_streams), "bench ear"))

            await asyncio.gather(*(visit(number) for number in range(chats)))
            pool = await db.open_pool(engines.database_url, 2)
            while await pool.fetchval(_WAITS, SHOP):
                await asyncio.sleep(0.2)
            await asyncio.sleep(5)
            after = memory_mb(member.process.pid)
            for ear in ears:
                ear.cancel()
            await pool.close()
    return {
        "idle_mb": round(before, 1),
        "live_mb": round(after, 1),
        "streams": open_streams[0],
        "mb_per_1000_chats": round((after - before) * 1000 / chats, 1),
    }


async def _listen(client: httpx2.AsyncClient, head: dict[str, str], count: list[int]) -> None:
    async with client.stream("GET", f"/chat/{SHOP}/events", headers=head, params={"after": "0.0"}) as response:
        count[0] += response.status_code == 200
        async for _ in response.aiter_lines():
            pass


async def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Everything, one after another."""
    figures: dict[str, Any] = {"seed": options.seed, "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 2)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engines = await embedded.start(folder / "engines", postgres=True, redis=True)

        def place(word: str) -> Path:
            (folder / word).mkdir()
            return folder / word

        dice = random.Random(options.seed)
        try:
            await db.migrate(engines.database_url)
            figures |= await in_process(place("alone"), engines, options.messages, dice)
            for workers in (1, 2):
                path = place(f"workers{workers}")
                figures[f"workers_{workers}_per_s"] = await backlog(path, engines, workers, options.messages, dice)
            for many in (False, True):
                key, path = ("webhooks_2_web_2_worker_ms" if many else "webhooks_1_run_ms"), place(f"hooks{many}")
                figures[key] = await webhooks(path, engines, many, options.rate, options.seconds, options.seed)
            figures |= await chats_memory(place("chats"), engines, options.chats)
        finally:
            await engines.stop()
    return figures


def show(figures: dict[str, Any]) -> None:
    """The table for people, then the JSON line for scripts."""
    print(f"{figures['cores']} cores, load before {figures['load']}, seed {figures['seed']}")
    for name, value in figures.items():
        if isinstance(value, dict):
            value = ", ".join(f"{part} {number}" for part, number in value.items())
        print(f"{name:32}{value}")
    print(json.dumps(figures))


def main() -> None:
    """Command line: --messages, --rate, --seconds, --chats, --seed."""
    parser = argparse.ArgumentParser(description="what the queue costs, and what more processes bring")
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--rate", type=float, default=100.0)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--chats", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED", "1")))
    show(asyncio.run(measure(parser.parse_args())))


if __name__ == "__main__":
    main()
