"""The shops of a seed: names nobody sells, prices, stock, cards and tokens of their own. No two share a product's word.

A shop's made-up word stands in every title of its goods: where it turns up in another shop's talk, something leaked.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_SYLLABLES = ("zar", "muq", "vel", "tov", "nug", "shol", "fim", "gat", "lup", "xon", "bez", "raq", "dil", "kur", "pash")
_NOUNS = (
    "choynak",
    "lagan",
    "piyola",
    "sochiq",
    "koʻrpa",
    "gilam",
    "savat",
    "chiroq",
    "quti",
    "kosa",
    "patnis",
    "qozon",
)
_COLORS = ("oq", "qora", "koʻk", "qizil", "yashil")
DELIVERY = 20_000
PLENTY, FEW = 5_000, 4  # of most goods there is enough for a whole run; of some only the first get one


@dataclass(frozen=True)
class Goods:
    """A product: one colour or none, one price."""

    sku: str
    title: str
    price: int
    color: str
    stock: int


@dataclass(frozen=True)
class WorldShop:
    """A shop of the world. `mode`: how its bot hears (polling, webhook); `account`: on Instagram too, or ""."""

    id: str
    word: str
    goods: tuple[Goods, ...]
    token: str
    secret: str
    mode: str
    card: str
    account: str = ""
    ig_token: str = ""

    @property
    def last4(self) -> str:
        """What stands on its receipts."""
        return self.card[-4:]

    @property
    def bot_id(self) -> int:
        """The number of its bot."""
        return int(self.token.split(":")[0])

    def canaries(self) -> tuple[str, ...]:
        """What may stand nowhere but where it belongs."""
        return tuple(one for one in (self.token, self.secret, self.card, self.ig_token) if one)


def shops_of(seed: int, modes: Sequence[str]) -> list[WorldShop]:
    """One shop for each of `modes`: polling, webhook, or instagram (which polls its bot besides)."""
    dice = random.Random(f"shops {seed}")
    words: list[str] = []
    while len(words) < len(modes):
        word = "".join(dice.sample(_SYLLABLES, 3))
        if not any(word[:4] == other[:4] for other in words):
            words.append(word)
    return [_shop(dice, place, word, mode) for place, (word, mode) in enumerate(zip(words, modes, strict=True))]


def _shop(dice: random.Random, place: int, word: str, mode: str) -> WorldShop:
    nouns = dice.sample(_NOUNS, 8)
    goods = tuple(
        Goods(
            sku=f"{word[:3].upper()}-{number}",
            title=f"{word.capitalize()} {noun}",
            price=dice.randrange(30, 400) * 1000,
            color=dice.choice(_COLORS) if number % 2 else "",
            stock=FEW if number >= 6 else PLENTY,
        )
        for number, noun in enumerate(nouns)
    )
    instagram = mode == "instagram"
    return WorldShop(
        id=f"shop{place}",
        word=word,
        goods=goods,
        token=f"{70_000 + place}:{_letters(dice, 30)}",
        secret=f"hook{_letters(dice, 20)}",
        mode="polling" if instagram else mode,
        card=_luhn("8600" + "".join(dice.choice("0123456789") for _ in range(11))),
        account=str(17_841_400_000_000_000 + place) if instagram else "",
        ig_token=f"IG{_letters(dice, 30)}" if instagram else "",
    )


def _letters(dice: random.Random, count: int) -> str:
    return "".join(dice.choice("abcdefghkmnprstuvwxyzABCDEFGHKLMNPRSTUVWXYZ") for _ in range(count))


def _luhn(digits: str) -> str:
    """`digits` with the check digit that makes it a card's number."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        double = int(digit) * 2 if place % 2 == 0 else int(digit)
        total += double - 9 if double > 9 else double
    return digits + str(-total % 10)


def card_of(dice: random.Random) -> str:
    """A card number of somebody's, as people type it by mistake."""
    return _luhn("9860" + "".join(dice.choice("0123456789") for _ in range(11)))


def write(shop: WorldShop, folder: Path) -> Path:
    """The shop's folder: shop.yaml and catalog.csv."""
    place = folder / shop.id
    place.mkdir(parents=True)
    profile = {
        "shop": {"id": shop.id, "name": f"Doʻkon {shop.word}", "languages": ["uz", "ru", "en"], "currency": "UZS"},
        "contacts": {"phone": "+998 71 000 00 01"},
        "hours": {"mon_sat": "00:00-24:00", "sun": "00:00-24:00"},
        "delivery": {
            "paid": "on_arrival",
            "regions": [{"key": "tashkent_city", "name": {"uz": "Toshkent shahri"}, "price": DELIVERY}],
        },
        "payment": {"methods": ["card"], "card_last4": shop.last4, "card_holder": "SINOV DUNYO"},
    }
    (place / "shop.yaml").write_text(yaml.safe_dump(profile, allow_unicode=True), encoding="utf-8")
    with (place / "catalog.csv").open("w", encoding="utf-8", newline="") as file:
        head = ("sku", "title_uz", "title_ru", "description", "category", "price", "currency", "sizes", "colors")
        table = csv.writer(file)
        table.writerow([*head, "stock", "photo"])
        for one in shop.goods:
            table.writerow([one.sku, one.title, "", "", "Uy", one.price, "UZS", "", one.color, one.stock, ""])
    return place


def settings(shops: Sequence[WorldShop], folder: Path, telegram: str, graph: Any) -> dict[str, Any]:
    """The product's settings for these shops; windows 0, so that a turn begins at once."""
    made: dict[str, Any] = {}
    for shop in shops:
        made[shop.id] = {
            "folder": str(folder / shop.id),
            "cards": [{"number": shop.card, "holder": "SINOV DUNYO"}],
            "telegram": {"token": shop.token, "api_url": telegram, "mode": shop.mode, "secret": shop.secret},
        }
        if shop.account:
            made[shop.id]["instagram"] = {"account_id": shop.account, "token": shop.ig_token}
    return {
        "turn": {"complete_ms": 0, "fragment_ms": 0, "album_ms": 0, "max_ms": 0},
        "meta": {
            "app_secret": graph.app_secret,
            "verify_token": "world-verify",
            "graph_url": graph.api,
            "media_hosts": [graph.host],
        },
        "shops": made,
    }
