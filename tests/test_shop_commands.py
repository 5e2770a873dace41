"""`import` and `connect` as the host runs them."""

from __future__ import annotations

import asyncio
import io
import shutil
import stat
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cli import connect, import_
from kit import db
from kit.config import Config, ShopConfig, TelegramConfig
from kit.embedded import Engines
from kit.errors import Misconfigured, Unavailable
from shop import catalogue, staff
from shop.shops import Shops
from tests.fakes.telegram import FakeTelegram

FOLDER = Path(__file__).parent / "shop"
TOKEN = "111222:token-of-lola"


@pytest.fixture
def settings(tmp_path: Path, db_url: str, engines: Engines) -> Config:
    """The shop lola in a folder of its own, on real engines."""
    folder = tmp_path / "shop"
    shutil.copytree(FOLDER, folder, copy_function=shutil.copyfile)
    (folder / "photos").mkdir()
    pixels = np.random.default_rng(3).integers(0, 255, (96, 96, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(folder / "photos" / "ls-101.jpg")
    (folder / "catalog.csv").write_text(
        (folder / "catalog.csv").read_text() + "LS-999,Buzuq [b]qator[/b],,,Aksessuar,arzon,UZS,,,5,\n"
    )
    return Config(
        data_dir=tmp_path / "data",
        database_url=db_url,
        redis_url=engines.redis_url,
        shops={"lola": ShopConfig(folder=folder), "other": ShopConfig(folder=folder)},
    )


async def test_import_says_what_came_in_and_what_was_refused(
    settings: Config, own_db: db.Pool, capsys: pytest.CaptureFixture[str]
) -> None:
    path = settings.shops["lola"].folder / "catalog.csv"
    assert await asyncio.to_thread(import_.run, settings, "lola", path) == 0
    said = capsys.readouterr().out
    assert "62 rows in: 62 added, 0 updated, 0 unchanged; 1 refused" in said
    assert "64" in said and "LS-999" in said and "price" in said and "“arzon” is not a price" in said
    assert said.count("the picture file was not found") == 61
    products = await catalogue.load(own_db, "lola")
    assert len(products) == 62 and len(products["LS-101"].photos) == 1
    assert await own_db.fetchval("SELECT count(*) FROM photo_vectors WHERE shop_id = 'lola' AND sku = 'LS-101'") > 0
    assert await asyncio.to_thread(import_.run, settings, "lola", path) == 0
    assert "0 added, 0 updated, 62 unchanged; 1 refused" in capsys.readouterr().out


async def test_import_of_what_cannot_be_read_exits_1_with_a_sentence(
    settings: Config, own_db: db.Pool, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert await asyncio.to_thread(import_.run, settings, "lola", tmp_path / "none.csv") == 1
    assert "The file “none.csv” was not found." in capsys.readouterr().out
    (tmp_path / "bad.csv").write_text("sku,title_uz,price\nA,Nom,-1\n")
    assert await asyncio.to_thread(import_.run, settings, "lola", tmp_path / "bad.csv") == 1
    assert "0 rows in" in capsys.readouterr().out
    assert await catalogue.load(own_db, "lola") == {}


async def test_connect_keeps_the_token_and_gives_the_code(
    settings: Config, own_db: db.Pool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with FakeTelegram() as telegram:
        telegram.bot(TOKEN, "lola_bot")
        shop = settings.shops["lola"].model_copy(update={"telegram": TelegramConfig(api_url=telegram.url)})
        config = settings.model_copy(update={"shops": {**settings.shops, "lola": shop}})
        monkeypatch.setattr("sys.stdin", io.StringIO(f"Use this token to access the HTTP API:\n{TOKEN}\n"[39:]))
        assert await asyncio.to_thread(connect.run, config, "lola") == 0
    said = capsys.readouterr().out
    assert "https://t.me/lola_bot" in said and TOKEN not in said
    kept = config.data_dir / "secrets" / "lola.yaml"
    assert TOKEN in kept.read_text() and stat.S_IMODE(kept.stat().st_mode) == 0o600
    code = said.split("/claim ")[1].split()[0]
    async with db.transaction(own_db) as tx:
        assert (await staff.claim(tx, "lola", "telegram", "7", "7", code)).owner


async def test_connecting_the_demo_makes_it_somebodys_own(settings: Config, own_db: db.Pool) -> None:
    folder = settings.shops["lola"].folder
    (folder / "shop.yaml").write_text("shop: {id: demo, name: Namuna}\n")
    async with FakeTelegram() as telegram:
        telegram.bot(TOKEN, "lola_bot")
        shop = settings.shops["lola"].model_copy(update={"telegram": TelegramConfig(api_url=telegram.url)})
        config = settings.model_copy(update={"shops": {"lola": shop}})
        assert await asyncio.to_thread(connect.run, config, "lola", TOKEN) == 0
    assert await own_db.fetchval("SELECT body FROM profiles WHERE shop_id = 'lola'") == {"own": True}
    assert (await Shops(own_db, config, None).get("lola")).profile.name == "Namuna"  # type: ignore[arg-type]


async def test_a_wrong_token_or_network_is_one_clear_line_and_keeps_nothing(settings: Config) -> None:
    async with FakeTelegram() as telegram:
        with pytest.raises(Misconfigured, match="does not know this token"):
            await connect.check_token(telegram.url, TOKEN)
    with pytest.raises(Unavailable, match="does not answer") as gone:
        await connect.check_token("http://127.0.0.1:9", TOKEN)
    assert TOKEN not in str(gone.value) and gone.value.__cause__ is None
    with pytest.raises(Misconfigured, match="no bot token"):
        await asyncio.to_thread(connect.run, settings, "lola", "hello")
    taken = settings.shops["other"].model_copy(update={"telegram": TelegramConfig(token=TOKEN)})
    config = settings.model_copy(update={"shops": {**settings.shops, "other": taken}})
    with pytest.raises(Misconfigured, match="other has this bot"):
        await asyncio.to_thread(connect.run, config, "lola", TOKEN)
    assert not (settings.data_dir / "secrets").exists()
