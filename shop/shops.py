"""The shops of this deployment: profile, products and search of each, kept in memory and read again when they change.

A change of catalogue, profile or cards raises `profiles.version`; everybody sees it within a second. `shop.yaml` edited
by hand is noticed by its time stamp; a wrong edit is logged and the last good profile goes on serving.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from kit.config import Config
from kit.db import Pool, Reader, Tx
from kit.errors import Misconfigured, Refused
from kit.media import Store
from shop import tills
from shop.catalogue import Product, load
from shop.changes import changed
from shop.profile import Profile, lay_over, parse, read, read_file, with_answers
from shop.search import Search
from shop.tills import Tills

log = structlog.get_logger(__name__)
_CHECK_S = 1.0  # an import must be seen within 2 s
DEMO_SKUS = "DEMO-"  # how the articles of demo/catalog.csv begin
_CARD_DAYS = 90  # a receipt to a card of ours that was retired this recently still fits


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop as one turn sees it: nothing in it changes while the turn runs."""

    id: str
    profile: Profile
    products: dict[str, Product]
    search: Search
    version: int
    cards_last4: tuple[str, ...] = ()
    tills: Tills = field(default_factory=Tills)

    @property
    def currency(self) -> str:
        """The currency of delivery prices and of products that name none."""
        return self.profile.currency


@dataclass(slots=True)
class _Kept:
    shop: Shop
    stamp: float
    checked: float


class Shops:
    """All shops of the configuration, by id."""

    def __init__(self, pool: Pool, config: Config, media: Store) -> None:
        self._pool = pool
        self._config = config
        self.media = media
        self._kept: dict[str, _Kept] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    def ids(self) -> list[str]:
        """The ids in the configuration, in its order."""
        return list(self._config.shops)

    def folder(self, shop_id: str) -> Path:
        """The shop's folder; Misconfigured for an id that is not in the configuration."""
        try:
            return Path(self._config.shops[shop_id].folder)
        except KeyError:
            raise Misconfigured(f"shops.{shop_id}: no such shop; known are {', '.join(self.ids())}") from None

    async def get(self, shop_id: str) -> Shop:
        """The shop as it is now (at most a second old). Misconfigured when it cannot be read the first time."""
        kept = self._kept.get(shop_id)
        if kept and time.monotonic() - kept.checked < _CHECK_S:
            return kept.shop
        async with self._locks.setdefault(shop_id, asyncio.Lock()):
            kept = self._kept.get(shop_id)
            if kept and time.monotonic() - kept.checked < _CHECK_S:
                return kept.shop
            return await self._refresh(shop_id, kept)

    def configure(self, config: Config) -> None:
        """The settings were read again: shops are looked at anew; one that they spoil goes on as it was."""
        self._config = config
        for kept in self._kept.values():
            kept.stamp, kept.checked = -1.0, 0.0

    def forget(self, shop_id: str) -> None:
        """The next `get` reads the shop anew, whatever its age."""
        self._kept.pop(shop_id, None)

    async def _refresh(self, shop_id: str, kept: _Kept | None) -> Shop:
        path = self.folder(shop_id) / "shop.yaml"
        stamp = await asyncio.to_thread(_stamp, path)
        row = await self._pool.fetchrow("SELECT body, version FROM profiles WHERE shop_id = $1", shop_id)
        version = row["version"] if row else 0
        if kept and kept.stamp == stamp and kept.shop.version == version:
            kept.checked = time.monotonic()
            return kept.shop
        try:
            shop = await self._load(shop_id, path, row["body"] if row else {}, version)
        except Misconfigured as wrong:
            if kept is None:
                raise
            log.error("shop.profile_wrong", shop=shop_id, why=str(wrong))
            kept.checked, kept.stamp = time.monotonic(), stamp
            return kept.shop
        self._kept[shop_id] = _Kept(shop, stamp, time.monotonic())
        return shop

    async def _load(self, shop_id: str, path: Path, overlay: dict[str, Any], version: int) -> Shop:
        profile = await asyncio.to_thread(read, path, overlay)
        _check_cards(shop_id, profile, [card.number.get_secret_value() for card in self._config.shops[shop_id].cards])
        ways = tills.of(shop_id, profile, self._config.shops[shop_id])
        products = await load(self._pool, shop_id)
        search = await asyncio.to_thread(Search, products.values())  # 100 000 products take seconds
        last4 = await _last4(self._pool, shop_id, profile)
        return Shop(shop_id, profile, products, search, version, last4, ways)

    async def save_profile(self, tx: Tx, shop_id: str, patch: dict[str, Any]) -> Profile:
        """Lays `patch` over what the owner answered before, checks the whole and raises the version.

        Refused("shop.profile_wrong", why=...) when the result is no profile; then nothing is written.
        """
        await tx.execute("INSERT INTO profiles (shop_id) VALUES ($1) ON CONFLICT DO NOTHING", shop_id)
        body = await tx.fetchval("SELECT body FROM profiles WHERE shop_id = $1 FOR UPDATE", shop_id)
        overlay = lay_over(body, patch)
        data = await asyncio.to_thread(read_file, self.folder(shop_id) / "shop.yaml")
        try:
            profile = parse(with_answers(data, overlay), "shop")
        except Misconfigured as wrong:
            raise Refused("shop.profile_wrong", why=str(wrong).removeprefix("shop: ")) from wrong
        await tx.execute("UPDATE profiles SET body = $2 WHERE shop_id = $1", shop_id, overlay)
        await changed(tx, shop_id)
        return profile


async def make_own(tx: Tx, shop_id: str) -> None:
    """Marks that the demo is somebody's own shop now: after /claim the owner is asked for name, card, hours."""
    await changed(tx, shop_id)
    await tx.execute("UPDATE profiles SET body = body || $2 WHERE shop_id = $1", shop_id, {"own": True})


async def hide_demo(tx: Tx, shop_id: str) -> int:
    """Takes the demo's products off sale in a shop that became somebody's own; how many there were, 0 elsewhere."""
    status = await tx.execute(
        """UPDATE products SET active = false WHERE shop_id = $1 AND active AND sku LIKE $2
           AND EXISTS (SELECT FROM profiles WHERE shop_id = $1 AND (body ->> 'own')::boolean)""",
        shop_id,
        f"{DEMO_SKUS}%",
    )
    count = int(status.rpartition(" ")[2])
    if count:
        await changed(tx, shop_id)
    return count


async def _last4(reader: Reader, shop_id: str, profile: Profile) -> tuple[str, ...]:
    """Last digits of the cards a receipt may name: the ones kept by /card, else those of the profile."""
    rows = await reader.fetch(
        """SELECT last4 FROM cards
           WHERE shop_id = $1 AND (active_to IS NULL OR active_to > now() - $2 * interval '1 day')
           ORDER BY active_to DESC NULLS FIRST, id""",
        shop_id,
        float(_CARD_DAYS),
    )
    kept = [row["last4"] for row in rows]
    return tuple(dict.fromkeys(kept or [card.last4 for card in profile.payment.own() if card.last4]))


def _check_cards(shop_id: str, profile: Profile, numbers: Sequence[str]) -> None:
    """The secret numbers and the last digits in shop.yaml must be of the same cards, in the same order."""
    for at, (number, card) in enumerate(zip(numbers, profile.payment.own(), strict=False)):
        digits = "".join(letter for letter in number if letter.isdigit())
        if digits and card.last4 and digits[-4:] != card.last4:
            raise Misconfigured(
                f"shops.{shop_id}.cards[{at}].number: shop.yaml says the card ends in {card.last4}; mend one of them"
            )


def _stamp(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
