"""`doctor`: looks at everything the product leans on and says, in one line each, what is wrong and how to mend it.

It changes nothing. It starts the embedded engines when no server runs, because whether they start is the question.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from cli import doctor_channels, doctor_photos, doctor_reader, table
from cli.stores import Stores, open_stores
from kit import db
from kit.config import Config
from kit.errors import Error, Misconfigured
from kit.http import make_client
from kit.log import clean

_DISK = 1_000_000_000  # a year of a small shop's pictures and log
_MEMORY = 1_700_000_000  # reading a receipt, all in


@dataclass(frozen=True, slots=True)
class Check:
    """`ok` None: it works, but something is worth knowing."""

    check: str
    ok: bool | None
    says: str
    mend: str = ""


def doctor(config: Config, as_json: bool) -> int:
    """Print every check; status 1 when one failed."""
    checks = asyncio.run(_all(config))
    if as_json:
        for check in checks:
            print(json.dumps(asdict(check), ensure_ascii=False))
    else:
        _print(checks)
    return 1 if any(check.ok is False for check in checks) else 0


async def _all(config: Config) -> list[Check]:
    checks = [_machine(), _folder(config), await _door(config), *_address(config), Check(*doctor_reader.look())]
    checks += [Check(*finding) async for finding in doctor_photos.look(config.vision)]
    try:
        async with open_stores(config, 2) as stores:
            checks += [check async for check in _stored(config, stores)]
    except Error as error:
        checks.append(Check("stores", False, clean(str(error)), "see the line; the log of an engine is in data_dir"))
    async with make_client(10) as client:
        async for name, ok, says, mend in doctor_channels.look(config, client):
            checks.append(Check(name, ok, clean(says), mend))
    return checks


def _machine() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    says = f"Python {version}, {os.cpu_count()} cores, {pages / 1e9:.1f} GB of memory"
    if pages < _MEMORY:
        return Check("machine", None, says, "reading a receipt needs 1.7 GB all in: add memory or swap")
    return Check("machine", True, says)


def _folder(config: Config) -> Check:
    folder = config.data_dir
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(there, os.W_OK):
        return Check("data_dir", False, f"{folder} cannot be written", "name a folder of yours in data_dir")
    free = shutil.disk_usage(there).free
    if free < _DISK:
        return Check("data_dir", False, f"{free / 1e6:.0f} MB free for {folder}", "make room: at least 1 GB")
    return Check("data_dir", True, f"{folder}, {free / 1e9:.0f} GB free")


async def _door(config: Config) -> Check:
    """Whether our server answers at the address, or nobody has it."""
    where = f"{config.http.host}:{config.http.port}"
    try:
        async with asyncio.timeout(3):
            reader, writer = await asyncio.open_connection(config.http.host, config.http.port)
            writer.write(b"GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n")
            answer = await reader.read(4000)
            writer.close()
    except (OSError, TimeoutError):
        return Check("http", None, f"nothing runs at {where}", "start it: ./sotuv run")
    if b'"alive"' not in answer:
        return Check("http", False, f"another program has {where}", "set http.port or stop that program")
    return Check("http", True, f"the product answers at {where}")


def _address(config: Config) -> list[Check]:
    """Whether what is linked from messengers opens for the people who write there."""
    tokens = [token for shop in config.shops.values() for token in (shop.telegram.token, shop.instagram.token)]
    if config.http.public_url or not any(token.get_secret_value() for token in tokens):
        return []
    says = "no public address: the privacy page opens on this machine alone; messengers name the command /privacy"
    return [Check("privacy", None, says, "set http.public_url to the address people reach this machine by")]


async def _stored(config: Config, stores: Stores) -> AsyncIterator[Check]:
    number = await stores.pool.fetchval("SELECT current_setting('server_version_num')::int")
    vector = await stores.pool.fetchval("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
    kind = "embedded" if stores.engines.postgres else "configured"
    says = f"{kind} PostgreSQL {number // 10000}, pgvector {vector}, {len(db.read_migrations())} migrations"
    old = number < 150000 or tuple(int(part) for part in vector.split(".")[:2]) < (0, 7)
    yield Check("database", not old, says, "PostgreSQL 15 and pgvector 0.7 or newer are needed" if old else "")
    yield await _redis(stores)
    beating = await stores.pool.fetchval("SELECT EXISTS (SELECT FROM workers WHERE beat_at > now() - interval '10 s')")
    yield Check(
        "worker",
        beating or None,
        "a worker is at work" if beating else "no worker runs",
        "" if beating else "./sotuv run",
    )
    async for finding in doctor_photos.stored(config.vision, stores.pool):
        yield Check(*finding)
    for status, box in (("messages", "inbox"), ("answers", "outbox")):
        dead = await stores.pool.fetchval(_DEAD[box])
        if dead:
            yield Check(box, None, f"{dead} {status} could not be handled", "staff have a card about each")
    for shop_id in config.shops:
        async for check in _shop(config, stores, shop_id):
            yield check


# only the host sees these two numbers
_DEAD = {
    "inbox": "-- all shops\nSELECT count(*) FROM inbox WHERE status = 9",
    "outbox": "-- all shops\nSELECT count(*) FROM outbox WHERE status = 9",
}


async def _redis(stores: Stores) -> Check:
    from redis.exceptions import RedisError

    try:
        info = await stores.redis.info("server")
    except (RedisError, OSError, TimeoutError) as error:
        return Check("redis", False, f"does not answer ({type(error).__name__})", "mend redis_url, or leave it empty")
    kind = "embedded" if stores.engines.redis else "configured"
    return Check("redis", True, f"{kind}, version {info.get('valkey_version') or info.get('redis_version')}")


async def _shop(config: Config, stores: Stores, shop_id: str) -> AsyncIterator[Check]:
    """What a shop needs before it can sell."""
    from kit.media import Store
    from shop.shops import Shops
    from shop.staff import has_owner

    name = f"shop {shop_id}"
    try:
        shop = await Shops(stores.pool, config, Store(config.data_dir / "media")).get(shop_id)
    except Misconfigured as error:
        yield Check(name, False, str(error), f"mend {Path(config.shops[shop_id].folder) / 'shop.yaml'}")
        return
    bare = sum(not product.photos for product in shop.products.values())
    says = f"{len(shop.products)} products, {bare} without a picture"
    yield Check(
        name, True if shop.products else None, says, "" if shop.products else f"./sotuv import FILE --shop {shop_id}"
    )
    for check in _tills(config, shop_id):
        yield check
    if not shop.cards_last4 and shop.tills.card:
        yield Check(
            name, None, "no card for payments", "the owner sends /card NUMBER, or shops.<id>.cards in the settings"
        )
    if not await has_owner(stores.pool, shop_id):
        yield Check(name, None, "nobody owns it yet", f"./sotuv claim --shop {shop_id}, then /claim CODE in a chat")


def _tills(config: Config, shop_id: str) -> Iterator[Check]:
    """Which address each payment provider is to be given, and which of them play with no real money."""
    shop, mend = config.shops[shop_id], "docs/payments.md"
    doors = {"payme": shop.payme.key, "click": shop.click.secret}
    for name in [name for name, secret in doors.items() if secret.get_secret_value()]:
        if not config.http.public_url:
            yield Check(f"{name} {shop_id}", False, f"{name} cannot reach this machine", "set http.public_url")
        elif name == "payme" and shop.payme.test:
            yield Check(f"{name} {shop_id}", None, "links lead to the sandbox", "set payme.test: false to sell")
        else:
            yield Check(f"{name} {shop_id}", True, f"its calls go to {config.http.public_url}/pay/{shop_id}/{name}")
    token = shop.telegram.payment_token.get_secret_value()
    if ":TEST:" in token:
        yield Check(f"bills {shop_id}", None, "telegram.payment_token is a test's: no real money", mend)


def _print(checks: list[Check]) -> None:
    marks = {True: "ok", None: "note", False: "wrong"}
    rows = [(marks[check.ok], check.check, check.says, check.mend) for check in checks]
    table.show(("", "what", "is", "mend"), rows)
