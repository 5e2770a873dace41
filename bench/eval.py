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
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from kit import db, embedded  # noqa: E402
from orders import order as verbs  # noqa: E402
from shop import contacts  # noqa: E402
from tests import script  # noqa: E402
from tests.drawn_receipts import receipt_png  # noqa: E402
from tests.fakes.graph import FakeGraph  # noqa: E402
from tests.fakes.shoppers import words_of  # noqa: E402
from tests.fakes.telegram import FakeTelegram  # noqa: E402
from tests.pictures import as_messenger_sends, product_png, unrelated_png  # noqa: E402
from tests.product import Product  # noqa: E402

AT_ONCE = 6  # conversations at a time: two cores are busy with it, and turns still mostly wait for their windows
PATIENCE_S = 60.0
CARD = "8600120456784417"
ACCOUNT = 17_841_400_000_000_000


@dataclass
class Stage:
    """The running product and the fake world around it."""

    product: Product
    pool: db.Pool
    telegram: FakeTelegram
    graph: FakeGraph
    catalog: dict[str, dict[str, str]]
    photos: Path


@dataclass
class Result:
    """How one conversation went."""

    wrong: list[str] = field(default_factory=list)
    grave: list[str] = field(default_factory=list)
    checks: int = 0
    held: int = 0
    extra: int = 0
    said: list[str] = field(default_factory=list)  # the transcript
    order_right: bool | None = None


class Shopper:
    """One shopper of one shop: sends turns and reads what came back."""

    def __init__(self, stage: Stage, dialogue: dict[str, Any], shop_id: str) -> None:
        self.stage = stage
        self.dialogue = dialogue
        self.shop_id = shop_id
        self.facts = dialogue["facts"]
        self.result = Result()
        self.read = 0
        self.last: list[str] = []
        self.stuck = False
        self.receipts = 0

    # ---- the platform ----

    async def send(self, turn: dict[str, Any]) -> None:
        """Does what the turn says."""
        raise NotImplementedError

    def messages(self) -> list[str]:
        """Everything the agent sent so far: texts, captions, then button labels, one a line."""
        raise NotImplementedError

    # ---- the conversation ----

    async def settle(self) -> list[str]:
        """Waits until the agent is silent; what it said since the last time."""
        deadline = time.monotonic() + PATIENCE_S
        quiet = 0
        while quiet < 2 and time.monotonic() < deadline:
            await asyncio.sleep(0.15)
            waiting = await self.stage.pool.fetchval(
                """SELECT (SELECT count(*) FROM inbox WHERE shop_id = $1 AND status = 0)
                        + (SELECT count(*) FROM outbox WHERE shop_id = $1 AND status IN (0, 2))""",
                self.shop_id,
            )
            quiet = quiet + 1 if waiting == 0 and self.arrived() else 0
        found = self.messages()
        new, self.read = found[self.read :], len(found)
        if new:
            self.last = new
        return new

    def arrived(self) -> bool:
        """Whether the platform has handed over everything the shopper sent."""
        return True

    async def orders(self) -> list[dict[str, Any]]:
        """The shop's records, as `main.py orders --json` prints them."""
        return [line async for line in verbs.list_json(self.stage.pool, self.shop_id)]

    async def say(self, text: str) -> None:
        """One extra message of the simulated shopper."""
        self.result.said.append(f"  > {text}")
        await self.send({"say": text})
        self.result.said += [f"  < {line}" for line in await self.settle()]

    async def fill(self) -> None:
        """Answers the agent's last question until an order is placed."""
        while self.result.extra < script.MOST_EXTRA and script.placed(script.Record(await self.orders())) is None:
            text, self.stuck = script.fill("\n".join(self.last[-1:]), self.facts, stuck=self.stuck)
            self.result.extra += 1
            await self.say(text)

    async def turn(self, turn: dict[str, Any], pending: list[str]) -> list[str]:
        """Plays one turn; the answers that a later turn of the same burst is judged on."""
        if turn.get("after") == "order" or "receipt" in turn:
            await self.fill()
        self.result.said.append("> " + json.dumps({k: v for k, v in turn.items() if k != "expect"}, ensure_ascii=False))
        await self.send(turn)
        if turn.get("burst"):
            await asyncio.sleep(0.1)
            return pending
        answers = pending + await self.settle()
        self.result.said += [f"< {line}" for line in answers]
        if "expect" in turn:
            self.result.checks += 1
            missed = script.failures(turn["expect"], answers)
            self.result.held += not missed
            self.result.wrong += missed
        return []

    async def play(self) -> Result:
        """The whole conversation and its end."""
        final = self.dialogue["final"]
        pending: list[str] = []
        for turn in self.dialogue["turns"]:
            pending = await self.turn(turn, pending)
        wanted = final["order"]
        if wanted is not None and wanted["status"] != "cancelled":
            await self.fill()
            if wanted["status"] == "paid" and not any("receipt" in turn for turn in self.dialogue["turns"]):
                await self.turn({"receipt": self.facts["receipt"]}, [])
        record = script.Record(await self.orders(), *(await self.replies()))
        differs = script.compare(final, record, self.stage.catalog)
        self.result.order_right = None if wanted is None else not [one for one in differs if "handoff" not in one]
        self.result.wrong += differs
        self.result.grave = script.grave(final, record, self.stage.catalog)
        return self.result

    async def replies(self) -> tuple[bool, int, int]:
        """Whether a person was called, and how many public and private replies there were."""
        handed = any(line["handed_over"] for line in await contacts.list_json(self.stage.pool, self.shop_id))
        return handed, 0, 0

    def picture(self, turn: dict[str, Any]) -> bytes:
        """The bytes behind a photo or receipt turn."""
        if "receipt" in turn:
            return self.receipt(turn["receipt"])
        if turn["photo"] == "unrelated":
            return unrelated_png(7)
        name = self.stage.catalog[turn["photo"]]["photo"]
        return as_messenger_sends((self.stage.photos / name).read_bytes())

    def receipt(self, what: dict[str, Any]) -> bytes:
        """A screenshot of a payment made just now, with a transaction id of its own."""
        self.receipts += 1
        language = {"uz-cyrl": "uz_Cyrl", "mixed": "uz"}.get(self.dialogue["language"], self.dialogue["language"])
        image = receipt_png(
            what["amount"],
            what["last4"],
            status=what["status"],
            app=what.get("app", "Payme").title(),
            language=language,
            date=datetime.now(UTC) + timedelta(hours=5),
            transaction_id=f"48{int(self.dialogue['id'][1:]):04d}{self.receipts:02d}13",
        )
        return as_messenger_sends(image)


class TelegramShopper(Shopper):
    """A shopper in Telegram."""

    def __init__(self, stage: Stage, dialogue: dict[str, Any], shop_id: str) -> None:
        super().__init__(stage, dialogue, shop_id)
        self.bot = stage.telegram.bots[token_of(shop_id)]
        self.person = stage.telegram.person("Xaridor", language="uz")

    async def send(self, turn: dict[str, Any]) -> None:
        """Through the fake's verbs; a blank text cannot be sent in Telegram and is left out."""
        world, who, bot = self.stage.telegram, self.person, self.bot
        if "photo" in turn or "receipt" in turn:
            await world.photo(who, self.picture(turn), turn.get("caption", ""), bot=bot)
        elif "contact" in turn:
            await world.contact(who, turn["contact"], bot=bot)
        elif "location" in turn:
            await world.location(who, *turn["location"], bot=bot)
        elif turn.get("via") == "sticker":
            await world.sticker(who, turn["say"], bot=bot)
        elif turn["say"].strip():
            await world.text(who, turn["say"], bot=bot)

    def arrived(self) -> bool:
        """Long polling has taken every update."""
        return not self.bot.waiting

    def messages(self) -> list[str]:
        """As the shopper sees them, in order."""
        return [
            _lines(message.get("text") or message.get("caption") or "", message.get("reply_markup") or {})
            for message in self.stage.telegram.messages[self.person.id].values()
            if message["from"]["id"] != self.person.id
        ]


class InstagramShopper(Shopper):
    """A shopper in Instagram's direct messages."""

    def __init__(self, stage: Stage, dialogue: dict[str, Any], shop_id: str) -> None:
        super().__init__(stage, dialogue, shop_id)
        self.person = stage.graph.shopper(f"xaridor_{shop_id}")
        self.account = account_of(shop_id)

    async def send(self, turn: dict[str, Any]) -> None:
        """Through the fake's verbs. Instagram has no contact cards and pins: shoppers type them."""
        world, who = self.stage.graph, self.person
        if "photo" in turn or "receipt" in turn:
            await world.image(who, self.picture(turn), turn.get("caption", ""), account=self.account)
        elif "say" in turn and turn["say"].strip():
            await world.text(who, turn["say"], account=self.account)
        elif "contact" in turn:
            await world.text(who, turn["contact"], account=self.account)

    def messages(self) -> list[str]:
        """As the shopper sees them, in order."""
        return [words_of(message) for message in self.person.inbox]


def _lines(text: str, markup: dict[str, Any]) -> str:
    labels = [button["text"] for row in markup.get("inline_keyboard", []) for button in row]
    return "\n".join([text, *labels])


def token_of(shop_id: str) -> str:
    """A bot token of our own for each shop."""
    return f"{800_000 + int(shop_id[1:])}:{shop_id}-test-token"


def account_of(shop_id: str) -> str:
    """A professional account of our own for each shop."""
    return str(ACCOUNT + int(shop_id[1:]))


# ---- the stage -------------------------------------------------------------------------------------------------------


def shop_folders(folder: Path, seed: int) -> dict[str, dict[str, str]]:
    """The test shop twice: with drawn photos of all its goods, and without (most conversations send no picture)."""
    catalog = {row["sku"]: row for row in csv.DictReader((ROOT / "tests/shop/catalog.csv").open(encoding="utf-8"))}
    for name in ("plain", "photos"):
        shutil.copytree(ROOT / "tests/shop", folder / name)
    (folder / "photos" / "photos").mkdir(exist_ok=True)
    for number, row in enumerate(catalog.values()):
        (folder / "photos" / "photos" / row["photo"]).write_bytes(as_messenger_sends(product_png(1000 * seed + number)))
    return catalog


def settings(dialogues: list[dict[str, Any]], telegram: FakeTelegram, graph: FakeGraph, folder: Path) -> dict[str, Any]:
    """One shop a conversation, each with its own bot and account."""
    shops = {}
    for dialogue in dialogues:
        shop_id = dialogue["id"].lower()
        telegram.bot(token_of(shop_id), username=f"{shop_id}_bot")
        graph.account(account_of(shop_id), f"ig-{shop_id}")
        shows = any("photo" in turn for turn in dialogue["turns"])
        shops[shop_id] = {
            "folder": str(folder / ("photos" if shows else "plain")),
            "cards": [{"number": CARD, "holder": "DILFUZA KARIMOVA"}],
            "telegram": {"token": token_of(shop_id), "api_url": telegram.url},
            "instagram": {"account_id": account_of(shop_id), "token": f"ig-{shop_id}"},
        }
    meta = {
        "app_secret": graph.app_secret,
        "verify_token": "eval-verify",
        "graph_url": graph.api,
        "media_hosts": [graph.host],
    }
    return {"meta": meta, "shops": shops}


def chosen(only: list[str]) -> list[dict[str, Any]]:
    """The conversations to play: comments and voice belong to a later work."""
    found = []
    for dialogue in script.load():
        voice = any(turn.get("via") == "voice" for turn in dialogue["turns"])
        if dialogue["channel"] != "comment" and not voice and (not only or dialogue["id"] in only):
            found.append(dialogue)
    return found


async def play_all(only: list[str], seed: int) -> dict[str, tuple[dict[str, Any], Result]]:
    """Starts the world and the product, plays every conversation, stops everything."""
    dialogues = chosen(only)
    folder = Path(tempfile.mkdtemp(prefix="sotuv-eval-"))
    results = {}
    try:
        async with FakeTelegram() as telegram, FakeGraph() as graph:
            catalog = shop_folders(folder, seed)
            async with Product(folder, settings(dialogues, telegram, graph, folder)) as product:
                graph.webhook = f"{product.url}/meta"
                engines = await embedded.start(folder / "data", postgres=True, redis=True)
                pool = await db.open_pool(engines.database_url)
                stage = Stage(product, pool, telegram, graph, catalog, folder / "photos" / "photos")
                await indexed(pool)
                gate = asyncio.Semaphore(AT_ONCE)

                async def one(dialogue: dict[str, Any]) -> None:
                    async with gate:
                        made = InstagramShopper if dialogue["channel"] == "instagram" else TelegramShopper
                        shopper = made(stage, dialogue, dialogue["id"].lower())
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
        for group in ("all", dialogue["difficulty"], dialogue["language"]):
            groups[group].append(result)
        if talk or result.wrong:
            print(f"\n{name} {dialogue['language']} {dialogue['difficulty']} {dialogue['tags']}")
            print("\n".join(result.said) if talk else "")
            print("  WRONG: " + " | ".join(result.wrong) if result.wrong else "  passed")
    figures: dict[str, Any] = {}
    print(f"\n{'group':10} {'passed':>10} {'checks':>10} {'orders':>10} {'extra':>6} {'grave':>6}")
    for group, members in groups.items():
        passed = sum(not result.wrong for result in members)
        checks, held = sum(r.checks for r in members), sum(r.held for r in members)
        orders = [r.order_right for r in members if r.order_right is not None]
        grave, extra = sum(len(r.grave) for r in members), sum(r.extra for r in members)
        figures[group] = {"played": len(members), "passed": passed, "checks": checks, "held": held, "grave": grave}
        figures[group] |= {"orders": len(orders), "orders_right": sum(orders), "extra_messages": extra}
        row = (f"{passed}/{len(members)}", f"{held}/{checks}", f"{sum(orders)}/{len(orders)}", extra, grave)
        print(f"{group:10} {row[0]:>10} {row[1]:>10} {row[2]:>10} {row[3]:>6} {row[4]:>6}")
    figures["failed"] = [name for name, (_, result) in results.items() if result.wrong]
    return figures


def main() -> None:
    """Exit status 1 when a grave error happened."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help="ids of conversations, all when none is given")
    parser.add_argument("--seed", type=int, default=0, help="draws other pictures of the goods")
    parser.add_argument("--talk", action="store_true", help="print every conversation, not only those that failed")
    args = parser.parse_args()
    figures = report(asyncio.run(play_all(args.only, args.seed)), talk=args.talk)
    print(json.dumps(figures, ensure_ascii=False))
    sys.exit(1 if figures.get("all", {}).get("grave") else 0)


if __name__ == "__main__":
    main()
