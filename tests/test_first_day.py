"""The owner's first day, as the README counts it: from a bot token to her own first product sold, no file edited."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes.people import Person
from tests.fakes.telegram import FakeTelegram
from tests.pictures import product_png
from tests.product import ROOT, Product

TOKEN = "700777:first-day-token"


@dataclass
class Day:
    """The world of that day."""

    telegram: FakeTelegram
    product: Product

    def words(self, person: Person) -> list[str]:
        """What the bot wrote to a person, buttons left out."""
        return [
            message.get("text") or message.get("caption") or ""
            for message in self.telegram.messages[person.id].values()
            if message["from"]["id"] != person.id
        ]

    async def asks(self, person: Person, text: str, answer: str) -> None:
        """`person` writes `text`; the bot's next words match `answer`."""
        before = len(self.words(person))
        await self.telegram.text(person, text)
        await self.hears(person, answer, after=before)

    async def hears(self, person: Person, answer: str, *, after: int = 0) -> None:
        """The bot writes something that matches `answer`."""

        def found() -> bool:
            return any(re.search(answer, text, re.IGNORECASE) for text in self.words(person)[after:])

        try:
            await self.telegram.until(found, timeout=30)
        except TimeoutError:
            raise AssertionError(f"{answer!r} did not come, but {self.words(person)[after:]}") from None


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    """The demo as a stranger cloned it, in a folder of its own, already running without a bot."""
    async with FakeTelegram() as telegram:
        telegram.bot(TOKEN, username="gulnora_shop_bot")
        shutil.copytree(ROOT / "demo", tmp_path / "demo")
        shop = {
            "folder": "demo",
            "cards": [{"number": "8600000000000000", "holder": "DEMO KARTA"}],
            "telegram": {"api_url": telegram.url},
        }
        turn = {"complete_ms": 100, "fragment_ms": 300, "album_ms": 200, "max_ms": 1500}
        async with Product(tmp_path, {"turn": turn, "shops": {"lola": shop}}) as product:
            yield Day(telegram, product)


async def test_from_a_token_to_the_first_sale(day: Day) -> None:
    before = {path: path.read_bytes() for path in day.product.folder.glob("**/*.yaml") if "data" not in path.parts}

    status, out, err = await day.product.run("connect", "--shop", "lola", "--token", TOKEN)
    assert status == 0, err
    assert "t.me/gulnora_shop_bot" in out
    code = re.search(r"/claim ([A-Z-]+)", out)
    assert code

    owner = day.telegram.person("Gulnora")
    await day.asks(owner, "/start", "Lola")
    await day.asks(owner, f"/claim {code[1]}", "/help")
    await day.hears(owner, "tilda|язык|language")
    await day.telegram.press(owner, "s:set:language:uz")
    await day.hears(owner, "nomi nima")
    await day.asks(owner, "Gulnora Style", "karta")
    await day.asks(owner, "8600 1204 5678 4417 GULNORA ALIYEVA", "ishlaysiz")
    await day.asks(owner, "har kuni 00:00-24:00", "Yetkazish narxi")
    await day.asks(owner, "20 ming, 40 ming", "toʻlansin")
    await day.telegram.press(owner, "s:set:prepay:full")
    await day.hears(owner, "tillarda")
    await day.telegram.press(owner, "s:set:languages:uz,uz-cyrl,ru")
    await day.hears(owner, "yashirildi")
    await day.telegram.photo(owner, product_png(5), "Zigʻir sochiq 120 ming, oq, koʻk")
    await day.hears(owner, "qoʻshaymi")
    await day.telegram.press(owner, "s:add:yes")
    await day.hears(owner, r"/stock \S+ 5")
    sku = re.findall(r"/stock (\S+) 5", "\n".join(day.words(owner)))[-1]
    await day.asks(owner, f"/stock {sku} 5", "5")

    shopper = day.telegram.person("Madina")
    await day.asks(shopper, "Assalomu alaykum, zigʻir sochiq bormi?", r"120\s000")
    await day.asks(shopper, "koʻkidan ikkita olaman", "telefon")
    await day.asks(shopper, "90 123 45 67, Chilonzor 5-mavze, 12-uy", r"240\s000")
    await day.asks(shopper, "ha", "8600 1204 5678 4417")
    await day.hears(owner, "№1")
    await day.telegram.press(owner, "s:seen:1")
    await day.hears(shopper, "toʻlov|pul")

    [order] = await day.product.lines("orders", "--shop", "lola", "--json")
    assert (order["status"], order["total"], order["paid"]) == ("paid", 240000, 240000)
    assert [(item["sku"], item["qty"]) for item in order["items"]] == [(sku, 2)]
    assert "8600000000000000"[:8] not in "".join(day.words(shopper)).replace(" ", "")
    after = {path: path.read_bytes() for path in before}
    assert after == before
