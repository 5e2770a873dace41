"""`make bench`: from the webhook to the stored answer, at 50 messages a second, with the rule brain and no platform.

The product runs as a child: HTTP door, inbox workers and senders in one process, windows 0, and a Telegram channel that
says nothing to anybody. Shoppers of this process post updates to /telegram/<shop> on a fixed schedule, whether or not
the answers keep up. The moment of storing is taken by a deferred trigger, that is at the commit of the answer's row.
The same run times a bare INSERT and a bare aiogram dispatch. Prints a table and, last, one JSON line.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import asyncpg  # noqa: E402
import httpx2  # noqa: E402
import yaml  # noqa: E402

from kit import db, embedded  # noqa: E402

SHOP, TOKEN, SECRET = "lola", "10001:bench-of-latency", "bench"
CHATS = 400  # at 50 messages a second a shopper writes every 8 s
BARE = 2000
SAYS = (
    "Assalomu alaykum",
    "{title} narxi qancha?",
    "qanday razmerlar bor?",
    "dostavka qancha turadi",
    "сколько стоит {title}?",
    "есть доставка в Самарканд?",
    "rahmat",
)
# at the commit, not at the begin of the transaction as now() would say
STAMPS = """
CREATE TABLE bench_stored (key text NOT NULL, at timestamptz NOT NULL);
CREATE FUNCTION bench_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO bench_stored VALUES (NEW.key, clock_timestamp()); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER bench_stamp AFTER INSERT ON outbox DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION bench_stamp();
"""
BARE_INSERT = """
INSERT INTO inbox (shop_id, channel, event_id, key, seq, kind, payload, status)
VALUES ('bench', 'bench', $1, 'bench:1', 1, 'message', $2, 1) ON CONFLICT DO NOTHING
"""


@dataclass
class Run:
    """What was posted: the moments as seconds since 1970, per conversation, and how long each acknowledgement took."""

    acked_ms: list[float] = field(default_factory=list)
    posted: list[tuple[str, float]] = field(default_factory=list)
    refused: int = 0
    load: float = 0.0  # of the machine when it began: above about 1 on two cores the figures are somebody else's
    late_ms: float = 0.0  # how far the schedule itself slipped, at most: then the figures are the generator's


# ---- the product -----------------------------------------------------------------------------------------------------


def serve(path: Path) -> None:
    """The child: the product's own parts, with a channel that keeps silent instead of Telegram."""
    import uvloop

    from bot import deliver, inbox, web
    from bot.telegram.send import TelegramChannel
    from cli.build import build, prepare_shops
    from cli.stores import open_stores
    from kit import log, tasks
    from kit.config import Config
    from kit.message import Chat, Media, Reply
    from kit.outgoing import Pace

    class Silent(TelegramChannel):
        async def send(self, chat: Chat, reply: Reply) -> str:
            return "1"

        async def typing(self, chat: Chat) -> None:
            return

        async def fetch(self, media: Media) -> bytes:
            return (path.parent / "pictures" / media.ref).read_bytes()  # bench.receipt_beside puts them there

    async def run() -> None:
        config = Config.load(path)
        async with open_stores(config, pool_size=20) as stores:
            app = build(config, stores)
            await prepare_shops(app)
            app.channels[SHOP, "telegram"] = Silent(TOKEN, "http://127.0.0.1:9", app.media)
            stop = asyncio.Event()
            # 50 answers a second are more than a bot may say; this is not about Telegram
            sender = deliver.Sender(app, paces=(Pace("telegram", 0),))
            for part, name in ((inbox.work(app, stop), "inbox"), (sender.run(stop), "deliver")):
                tasks.start(part, name)
            await web.serve(app, stop, web.listen(config.http))

    log.set_up()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


async def started(folder: Path, engines: embedded.Engines) -> tuple[asyncio.subprocess.Process, str]:
    """The child, ready, and its address."""
    from tests.product import free_port

    port = free_port()
    settings = {
        "data_dir": str(folder / "data"),
        "database_url": engines.database_url,
        "redis_url": engines.redis_url,
        "http": {"port": port},
        "turn": {**dict.fromkeys(("complete_ms", "fragment_ms", "album_ms", "max_ms", "per_minute", "per_hour"), 0)},
        "shops": {
            SHOP: {"folder": str(_folder()), "telegram": {"token": TOKEN, "mode": "webhook", "secret": SECRET}},
        },
    }
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")
    with (folder / "product.log").open("wb") as log:
        child = await asyncio.create_subprocess_exec(
            sys.executable, __file__, "--serve", str(path), stdout=log, stderr=log
        )
    url = f"http://127.0.0.1:{port}"
    async with httpx2.AsyncClient() as client:
        for _ in range(600):
            try:
                if (await client.get(f"{url}/ready")).status_code == 200:
                    return child, url
            except httpx2.TransportError:
                pass
            if child.returncode is not None:
                break
            await asyncio.sleep(0.1)
    raise SystemExit((folder / "product.log").read_text(encoding="utf-8")[-3000:])


def _folder() -> Path:
    demo = ROOT / "demo"
    return demo if (demo / "shop.yaml").exists() else ROOT / "tests" / "shop"


def _titles() -> list[str]:
    with (_folder() / "catalog.csv").open(encoding="utf-8") as file:
        return [row["title_uz"] for row in csv.DictReader(file)]


# ---- the shoppers ----------------------------------------------------------------------------------------------------


def update(number: int, chat: int, text: str) -> dict[str, Any]:
    """What Telegram posts for a text."""
    person = {"id": chat, "is_bot": False, "first_name": "Xaridor", "language_code": "uz"}
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private", "first_name": "Xaridor"},
            "from": person,
            "text": text,
        },
    }


async def talk(url: str, rate: float, seconds: float, dice: random.Random, first: int) -> Run:
    """Post `rate` updates a second for `seconds`, each at its moment; waits for the last acknowledgement."""
    run, titles = Run(), _titles()
    limits = httpx2.Limits(max_connections=32, max_keepalive_connections=32)
    patience = httpx2.Timeout(60, pool=None)  # an overloaded door shows in the figures, not as a broken run
    head = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with httpx2.AsyncClient(limits=limits, timeout=patience, headers=head) as client:

        async def say(number: int) -> None:
            chat = 1000 + number % CHATS
            saying = SAYS[(number // CHATS + number) % len(SAYS)]  # neighbours say different things
            text = saying.format(title=dice.choice(titles))
            posted = time.time()
            answer = await client.post(f"{url}/telegram/{SHOP}", json=update(number, chat, text))
            run.acked_ms.append((time.time() - posted) * 1000)
            run.refused += answer.status_code != 200
            run.posted.append((f"telegram:{chat}", posted))

        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for place in range(int(rate * seconds)):
                wait = began + place / rate - time.monotonic()
                run.late_ms = max(run.late_ms, -wait * 1000)
                await asyncio.sleep(max(0.0, wait))
                group.create_task(say(first + place))
    return run


async def answered_ms(connection: asyncpg.Connection[asyncpg.Record], run: Run) -> tuple[list[float], list[float], int]:
    """Milliseconds from each post to the first stored answer after it, and to its sending; how many have none."""
    stored, sent, missing = [], [], 0
    for key, posted in run.posted:
        at = await connection.fetchval(
            "SELECT EXTRACT(epoch FROM min(at))::float8 FROM bench_stored WHERE key = $1 AND at > to_timestamp($2)",
            key,
            posted,
        )
        left = await connection.fetchval(
            "SELECT EXTRACT(epoch FROM min(sent_at))::float8 FROM outbox WHERE shop_id = $1 AND key = $2"
            " AND created_at > to_timestamp($3)",
            SHOP,
            key,
            posted,
        )
        missing += at is None
        if at is not None:
            stored.append((at - posted) * 1000)
        if left is not None:
            sent.append((left - posted) * 1000)
    return stored, sent, missing


# ---- the bare parts --------------------------------------------------------------------------------------------------


async def bare_insert_ms(connection: asyncpg.Connection[asyncpg.Record]) -> list[float]:
    """Each a durable INSERT of one event of usual size, in its own commit, on one connection."""
    payload = {"text": "salom " * 80, "sender": "555"}
    found = []
    for number in range(BARE):
        began = time.perf_counter()
        await connection.execute(BARE_INSERT, str(number), payload)
        found.append((time.perf_counter() - began) * 1000)
    return found


async def bare_aiogram_ms() -> list[float]:
    """Each a raw update through a dispatcher with one handler that does nothing."""
    from aiogram import Bot, Dispatcher

    async def nothing(_: object) -> None:
        return

    dispatcher, bot = Dispatcher(), Bot(TOKEN)
    dispatcher.message.register(nothing)
    found = []
    for number in range(BARE):
        began = time.perf_counter()
        await dispatcher.feed_raw_update(bot, update(number, 555, "salom"))
        found.append((time.perf_counter() - began) * 1000)
    await bot.session.close()
    return found


# ---- the report ------------------------------------------------------------------------------------------------------


def at(values: Sequence[float], share: float) -> float:
    """The value that `share` of `values` do not exceed."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2) if ordered else float("nan")


async def measure(rate: float, seconds: float, seed: int) -> dict[str, Any]:
    """One run: warm up, talk, then time the bare parts on the same server."""
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engines = await embedded.start(folder / "engines", postgres=True, redis=True)
        try:
            await db.migrate(engines.database_url)
            connection = await asyncpg.connect(engines.database_url)
            await db.prepare(connection)
            child, url = await started(folder, engines)
            try:
                await talk(url, rate / 2, 4, dice, first=10_000_000)
                await connection.execute(STAMPS)
                load = os.getloadavg()[0]
                run = await talk(url, rate, seconds, dice, first=20_000_000)
                run.load = load
                await asyncio.sleep(2)
                stored, sent, missing = await answered_ms(connection, run)
            finally:
                child.kill()
                await child.wait()
            insert, aiogram = await bare_insert_ms(connection), await bare_aiogram_ms()
            await connection.close()
        finally:
            await engines.stop()
    return report(rate, seconds, run, stored, sent, missing, insert, aiogram)


def report(
    rate: float,
    seconds: float,
    run: Run,
    stored: list[float],
    sent: list[float],
    missing: int,
    insert: list[float],
    aiogram: list[float],
) -> dict[str, Any]:
    """The figures; latencies in milliseconds."""
    parts = {"ack": run.acked_ms, "stored": stored, "sent": sent, "bare_insert": insert, "bare_aiogram": aiogram}
    figures: dict[str, Any] = {
        f"{name}_ms": {"p50": at(values, 0.5), "p99": at(values, 0.99)} for name, values in parts.items()
    }
    median = statistics.median(stored) if stored else float("nan")
    return figures | {
        "rate_per_s": rate,
        "seconds": seconds,
        "messages": len(run.posted),
        "refused": run.refused,
        "unanswered": missing,
        "schedule_slip_ms": round(run.late_ms, 1),
        "cores": os.cpu_count(),
        "load_before": round(run.load, 2),
        "stored_per_bare_insert": round(median / statistics.median(insert), 1),
        "stored_per_bare_aiogram": round(median / statistics.median(aiogram), 1),
    }


def show(figures: dict[str, Any]) -> None:
    """The table for people, then the JSON line for scripts."""
    names = {
        "ack": "webhook -> 200 (event durable)",
        "stored": "webhook -> answer stored",
        "sent": "webhook -> answer handed to the channel",
        "bare_insert": "bare INSERT, durable",
        "bare_aiogram": "bare aiogram dispatch",
    }
    run = f"{figures['messages']} messages at {figures['rate_per_s']:g}/s, {figures['cores']} cores"
    print(f"{run}, load before {figures['load_before']}")
    print(f"{'':42}{'p50 ms':>9}{'p99 ms':>9}")
    for name, label in names.items():
        part = figures[f"{name}_ms"]
        print(f"{label:42}{part['p50']:>9}{part['p99']:>9}")
    print(f"answer stored / bare INSERT            {figures['stored_per_bare_insert']:>8} x")
    print(f"answer stored / bare aiogram dispatch  {figures['stored_per_bare_aiogram']:>8} x")
    if figures["unanswered"] or figures["refused"]:
        print(f"NOT ANSWERED: {figures['unanswered']}, REFUSED: {figures['refused']}")
    print(json.dumps(figures))


def main() -> None:
    """Command line: --rate, --seconds, --seed."""
    parser = argparse.ArgumentParser(description="time from the webhook to the stored answer")
    parser.add_argument("--rate", type=float, default=50.0)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED", "1")))
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve)
        return
    show(asyncio.run(measure(options.rate, options.seconds, options.seed)))


if __name__ == "__main__":
    main()
