"""The App as a process begins with it: what stands in the shop's folder is known to the very first turn."""

from __future__ import annotations

from pathlib import Path

from cli.build import build, prepare_shops
from cli.stores import open_stores
from kit import embedded
from kit.config import Config, ShopConfig

SHOP = Path(__file__).parent / "shop"


async def test_a_first_turn_knows_the_catalogue(tmp_path: Path, engines: embedded.Engines, db_url: str) -> None:
    config = Config(
        data_dir=tmp_path / "data",
        database_url=db_url,
        redis_url=engines.redis_url,
        shops={"new": ShopConfig(folder=SHOP)},
    )
    async with open_stores(config) as first, open_stores(config) as second:
        early, late = build(config, first), build(config, second)
        assert not (await late.shops.get("new")).products  # a peer looked before there was anything
        await prepare_shops(early)
        await prepare_shops(late)
        for app in (early, late):
            assert (await app.shops.get("new")).products
