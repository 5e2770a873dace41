"""`make eval`: plays scripted conversations against a running product behind fake Telegram and Instagram servers.

Every conversation has a shop of its own with full stock and a shopper of its own; several are played at once.
Pictures of products and receipts are drawn; silence is read from the product's own tables. Prints a table and, last,
one JSON line.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.commenters import shopper_of
from bench.shoppers import Result, Stage, account_of, token_of
from kit import db, embedded
from shop.profile import read as read_profile
from tests import script
from tests.fakes.graph import FakeGraph
from tests.fakes.telegram import FakeTelegram
from tests.fakes.voice import FakeVoice
from tests.pictures import as_messenger_sends, product_png
from tests.product import ROOT, Product
from tests.talk import folder_of

AT_ONCE = 6  # conversations at a time: two cores are busy with it, and turns still mostly wait for their windows
CARD = "860012045678"  # and the last four digits that the shop's profile names
SETS = ("dialogues.jsonl", "usta/first.jsonl", "zoo/first.jsonl")


# ---- the stage -------------------------------------------------------------------------------------------------------


def shop_folders(folder: Path, seed: int, names: Sequence[str]) -> dict[str, dict[str, dict[str, str]]]:
    """The shop of each set twice, with drawn photos of its goods and without (most conversations send no picture).

    Their catalogues, by set.
    """
    catalogs = {}
    for name in names:
        home, here = folder_of(name), folder / _key(name)
        rows = {row["sku"]: row for row in csv.DictReader((home / "catalog.csv").open(encoding="utf-8"))}
        for kind in ("plain", "photos"):
            shutil.copytree(home, here / kind)
        (here / "photos" / "photos").mkdir(exist_ok=True)
        for number, row in enumerate(rows.values() if home == ROOT / "tests/shop" else ()):
            picture = as_messenger_sends(product_png(1000 * seed + number))
            (here / "photos" / "photos" / row["photo"]).write_bytes(picture)
        catalogs[name] = rows
    return catalogs


def _key(name: str) -> str:
    return name.replace("/", "-").removesuffix(".jsonl")


def settings(
    dialogues: list[dict[str, Any]], telegram: FakeTelegram, graph: FakeGraph, ear: FakeVoice, folder: Path
) -> dict[str, Any]:
    """One shop a conversation, each with its own bot and account."""
    shops = {}
    for dialogue in dialogues:
        shop_id = dialogue["id"].lower()
        telegram.bot(token_of(shop_id), username=f"{shop_id}_bot")
        graph.account(account_of(shop_id), f"ig-{shop_id}")
        shows = any("photo" in turn for turn in dialogue["turns"])
        home = folder / _key(dialogue["set"]) / ("photos" if shows else "plain")
        payment = read_profile(home / "shop.yaml").payment
        shops[shop_id] = {
            "folder": str(home),
            "cards": [{"number": CARD + payment.card_last4, "holder": payment.card_holder}],
            "telegram": {"token": token_of(shop_id), "api_url": telegram.url},
            "instagram": {"account_id": account_of(shop_id), "token": f"ig-{shop_id}"},
        }
    meta = {
        "app_secret": graph.app_secret,
        "verify_token": "eval-verify",
        "graph_url": graph.api,
        "media_hosts": [graph.host],
    }
    return {"meta": meta, "voice": ear.settings, "shops": shops}


def chosen(only: Sequence[str], names: Sequence[str]) -> list[dict[str, Any]]:
    """The conversations to play."""
    return [
        dialogue | {"set": name}
        for name in names
        for dialogue in script.load(name)
        if not only or dialogue["id"] in only
    ]


async def play_all(
    only: Sequence[str], seed: int, names: Sequence[str] = SETS
) -> dict[str, tuple[dict[str, Any], Result]]:
    """Starts the world and the product, plays every conversation, stops everything."""
    dialogues = chosen(only, names)
    folder = Path(tempfile.mkdtemp(prefix="sotuv-eval-"))
    results = {}
    try:
        async with FakeTelegram() as telegram, FakeGraph() as graph, FakeVoice() as ear:
            catalogs = shop_folders(folder, seed, names)
            async with Product(folder, settings(dialogues, telegram, graph, ear, folder)) as product:
                graph.webhook = f"{product.url}/meta"
                engines = await embedded.start(folder / "data", postgres=True, redis=True)
                pool = await db.open_pool(engines.database_url)
                stages = {
                    name: Stage(product, pool, telegram, graph, rows, folder / _key(name) / "photos" / "photos")
                    for name, rows in catalogs.items()
                }
                await indexed(pool)
                gate = asyncio.Semaphore(AT_ONCE)

                async def one(dialogue: dict[str, Any]) -> None:
                    async with gate:
                        made = shopper_of(dialogue)
                        shopper = made(stages[dialogue["set"]], dialogue, dialogue["id"].lower())
                        results[dialogue["id"]] = (dialogue, await shopper.play())

                await asyncio.gather(*(one(dialogue) for dialogue in dialogues))
                await pool.close()
                await engines.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return dict(sorted(results.items()))


async def indexed(pool: db.Pool, patience_s: float = 120.0) -> None:
    """Waits until every product photo has its vector."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        missing = await pool.fetchval(
            """SELECT count(*) FROM products AS p, unnest(p.photos) AS shown (name) WHERE NOT EXISTS (
                SELECT FROM photo_vectors AS v
                WHERE v.shop_id = p.shop_id AND v.sku = p.sku AND v.photo = shown.name)"""
        )
        if missing == 0:
            return
        await asyncio.sleep(0.5)


# ---- the report ------------------------------------------------------------------------------------------------------


def report(results: dict[str, tuple[dict[str, Any], Result]], *, talk: bool) -> dict[str, Any]:
    """The table for people; the figures for machines."""
    groups: dict[str, list[Result]] = defaultdict(list)
    for name, (dialogue, result) in results.items():
        for group in ("all", _key(dialogue["set"]), dialogue["difficulty"], dialogue["language"]):
            groups[group].append(result)
        if talk or result.wrong:
            print(f"\n{name} {dialogue['language']} {dialogue['difficulty']} {dialogue['tags']}")
            print("\n".join(result.said) if talk else "")
            print("  WRONG: " + " | ".join(result.wrong) if result.wrong else "  passed")
    figures: dict[str, Any] = {}
    print(f"\n{'group':12} {'passed':>10} {'checks':>10} {'orders':>10} {'extra':>6} {'grave':>6}")
    for group, members in groups.items():
        passed = sum(not result.wrong for result in members)
        checks, held = sum(r.checks for r in members), sum(r.held for r in members)
        orders = [r.order_right for r in members if r.order_right is not None]
        grave, extra = sum(len(r.grave) for r in members), sum(r.extra for r in members)
        figures[group] = {"played": len(members), "passed": passed, "checks": checks, "held": held, "grave": grave}
        figures[group] |= {"orders": len(orders), "orders_right": sum(orders), "extra_messages": extra}
        row = (f"{passed}/{len(members)}", f"{held}/{checks}", f"{sum(orders)}/{len(orders)}", extra, grave)
        print(f"{group:12} {row[0]:>10} {row[1]:>10} {row[2]:>10} {row[3]:>6} {row[4]:>6}")
    figures["failed"] = [name for name, (_, result) in results.items() if result.wrong]
    return figures


def main() -> None:
    """Exit status 1 when a grave error happened."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help="ids of conversations, all when none is given")
    parser.add_argument("--seed", type=int, default=0, help="draws other pictures of the goods")
    parser.add_argument("--talk", action="store_true", help="print every conversation, not only those that failed")
    parser.add_argument("--set", action="append", default=[], help="files of conversations, instead of all")
    args = parser.parse_args()
    figures = report(asyncio.run(play_all(args.only, args.seed, args.set or SETS)), talk=args.talk)
    print(json.dumps(figures, ensure_ascii=False))
    sys.exit(1 if figures.get("all", {}).get("grave") else 0)


if __name__ == "__main__":
    main()
