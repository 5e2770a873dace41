"""The profile of a shop, and shops in memory that notice what changes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from kit import db
from kit.config import CardConfig, Config, ShopConfig
from kit.errors import Misconfigured, Refused
from kit.media import Store
from kit.words import LANGUAGES
from shop import add_product, captions, catalogue, posts, shops
from shop.add_product import Draft
from shop.catalogue import apply, read_rows
from shop.profile import lay_over, parse, read, read_file
from shop.shops import Shops, hide_demo, make_own
from shop.translit import to_cyrillic

FOLDER = Path(__file__).parent / "shop"
BASE = read_file(FOLDER / "shop.yaml")


def test_the_whole_profile_is_read() -> None:
    profile = read(FOLDER / "shop.yaml")
    assert (profile.name, profile.currency, profile.shop.languages) == ("Lola Style", "UZS", LANGUAGES)
    assert profile.contacts.address.text("en").startswith("Tashkent")
    assert profile.contacts.address.text("uz_Cyrl") == "Тошкент, Чилонзор тумани, 9-мавзе, 14-уй, 1-қават"
    assert [card.last4 for card in profile.payment.own()] == ["4417"]
    assert profile.size_chart["L"] == "50"
    assert {region.prepay for region in profile.delivery.regions} == {100}
    region = profile.region("other")
    assert region and profile.delivery.methods(region) == ("courier", "post_branch", "pickup")
    assert profile.faq[0].a.text("en") == "Фабрики Узбекистана и Турции."


def test_optional_keys() -> None:
    region = {"key": "a", "name": "Hamma joyga", "price": 1, "prepay": "30 %", "methods": ["post_branch", "pickup"]}
    data = {
        "shop": {"name": "S", "languages": ["uz-Cyrl"]},
        "delivery": {"regions": [region], "pickup": False, "paid": "now"},
        "payment": {"cards": [{"last4": "1111", "holder": "A"}, {"last4": "2222"}]},
        "prices": {"bargaining": True},
        "orders": {"hold_hours": 5, "evening_from": "19:30"},
        "talk": {"human_pause_minutes": 10},
    }
    profile = parse(data, "t")
    assert profile.delivery.regions[0].prepay == 30
    assert profile.delivery.methods(profile.delivery.regions[0]) == ("post_branch",)
    assert [card.last4 for card in profile.payment.own()] == ["1111", "2222"]
    assert profile.delivery.regions[0].name.text("ru") == "Hamma joyga"
    assert profile.orders.evening_from.hour == 19
    again = [one.model_dump(mode="json") for one in profile.delivery.regions]
    assert parse(lay_over(data, {"delivery": {"regions": again}}), "t").delivery == profile.delivery


@pytest.mark.parametrize(
    ("patch", "named"),
    [
        ({"shop": {"name": ""}}, "shop.name"),
        ({"shop": {"timezone": "Mars"}}, "shop.timezone"),
        ({"shop": {"languages": ["kk"]}}, "shop.languages"),
        ({"shop": {"currency": "XXX"}}, "shop.currency"),
        ({"delivery": {"regoins": []}}, "delivery.regoins: no such key; did you mean regions?"),
        ({"delivery": {"regions": [{"key": "a", "name": "x", "price": -1}]}}, "delivery.regions[0].price"),
        ({"delivery": {"regions": [{"key": "a", "name": "x", "price": 1}] * 2}}, "the key a is given twice"),
        ({"delivery": {"regions": [{"key": "a", "name": "x", "price": 1, "prepay": "101 %"}]}}, "prepay"),
        ({"delivery": {"regions": [{"key": "a", "name": "x", "price": 1, "prepay": -500}]}}, "prepay"),
        ({"delivery": {"regions": [{"key": "a", "name": "x", "price": 1, "methods": ["dron"]}]}}, "methods[0]"),
        ({"payment": {"card_last4": "44"}}, "payment.card_last4"),
        ({"payment": {"cards": [{"last4": "9999"}]}}, "payment: card_last4 must be"),
        ({"hours": {"mon_sta": "10:00-20:00"}}, "hours: 'mon_sta' is not a day"),
        ({"hours": {"mon": "25:00-26:00"}}, "hours: 25:00"),
        ({"hours": {"mon": "10:00-14:00, 13:00-15:00"}}, "overlap"),
        ({"faq": [{"id": 1}]}, "faq[0].q: is missing"),
        ({"contacts": {"location": [200, 0]}}, "contacts.location"),
        ({"colour": 1}, "colour: no such key"),
    ],
)
def test_a_wrong_profile_is_one_line_that_names_the_key(patch: dict[str, Any], named: str) -> None:
    with pytest.raises(Misconfigured) as wrong:
        parse(lay_over(BASE, patch), "shop.yaml")
    line = str(wrong.value)
    assert line.startswith("shop.yaml: ") and named in line and "\n" not in line


@pytest.mark.parametrize("data", [b"", b"- a", b"shop: [", b"\xff\xfe\x00", b"x: " + b"y" * 1_100_000])
def test_a_file_that_is_no_profile_is_one_line(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "shop.yaml").write_bytes(data)
    with pytest.raises(Misconfigured) as wrong:
        read(tmp_path / "shop.yaml")
    assert "\n" not in str(wrong.value)
    with pytest.raises(Misconfigured, match="cannot be read"):
        read(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Oʻzbekiston va Gʻijduvon", "Ўзбекистон ва Ғиждувон"),
        ("Yetkazib berish bepul, ertaga", "Етказиб бериш бепул, эртага"),
        ("Yoʻq, ayting: choy, shoh, sun'iy", "Йўқ, айтинг: чой, шоҳ, сунъий"),
        ("Click, Payme yoki Uzum orqali", "Click, Payme ёки Uzum орқали"),
        ('Narxi 250 000 so\'m, "Basic" XL', 'Нархи 250 000 сўм, "Basic" XL'),
        ("Telegram: @lola_shop yoki https://t.me/x", "Telegram: @lola_shop ёки https://t.me/x"),
    ],
)
def test_sentences_in_cyrillic_keep_brands_and_sums(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


def world(pool: db.Pool, tmp_path: Path, **shop: Any) -> tuple[Shops, Path]:
    folder = tmp_path / "shop"
    shutil.copytree(FOLDER, folder)
    for path in folder.iterdir():
        path.chmod(0o644)
    config = Config(data_dir=tmp_path / "data", shops={"lola": ShopConfig(folder=folder, **shop)})
    return Shops(pool, config, Store(tmp_path / "media")), folder


async def now(known: Shops) -> shops.Shop:
    """The shop as it is this moment, not as it was a second ago."""
    for kept in known._kept.values():
        kept.checked = 0
    return await known.get("lola")


async def test_an_import_is_seen_by_a_shop_that_is_already_in_memory(own_db: db.Pool, tmp_path: Path) -> None:
    known, folder = world(own_db, tmp_path)
    empty = await known.get("lola")
    assert (empty.products, empty.search.find("futbolka"), known.ids()) == ({}, [], ["lola"])
    rows, _ = read_rows(folder / "catalog.csv")
    async with db.transaction(own_db) as tx:
        await apply(tx, "lola", rows)
    assert await known.get("lola") is empty  # at most once a second
    full = await now(known)
    assert len(full.products) == 62 and full.search.find("runner pro")[0].sku == "LS-402"
    assert full.cards_last4 == ("4417",) and full.currency == "UZS"
    assert await now(known) is full


async def test_answers_in_chat_are_laid_over_the_file_and_checked(own_db: db.Pool, tmp_path: Path) -> None:
    known, folder = world(own_db, tmp_path)
    async with db.transaction(own_db) as tx:
        await known.save_profile(tx, "lola", {"shop": {"name": "Yangi nom"}, "hours": {"daily": "09:00-18:00"}})
    shop = await now(known)
    assert shop.profile.name == "Yangi nom" and shop.profile.hours.week[6] == ((540, 1080),)
    async with db.transaction(own_db) as tx:
        with pytest.raises(Refused, match=r"shop\.profile_wrong") as no:
            await known.save_profile(tx, "lola", {"hours": {"daily": "never"}})
    assert "hours" in str(no.value.facts["why"])
    (folder / "shop.yaml").write_text("shop: {name: 'Fayldan', about: 'x'}")
    assert (await now(known)).profile.name == "Yangi nom"
    assert (await now(known)).profile.shop.about.text("uz") == "x"
    (folder / "shop.yaml").write_text("shop: {nome: 'Xato'}")
    assert (await now(known)).profile.shop.about.text("uz") == "x"  # the last good one serves on


async def test_a_card_that_the_profile_does_not_know_is_a_wrong_setting(own_db: db.Pool, tmp_path: Path) -> None:
    known, _ = world(own_db, tmp_path, cards=[CardConfig(number="8600 0000 0000 0000")])
    with pytest.raises(Misconfigured, match=r"shops\.lola\.cards\[0\]\.number"):
        await known.get("lola")
    with pytest.raises(Misconfigured, match=r"shops\.none"):
        await known.get("none")


async def test_staff_add_price_and_hide_a_product(db: db.Tx) -> None:
    draft = Draft("Ko'ylak", 250_000, "UZS", ["S", "M"], ["qora"])
    first = await add_product.add(db, "lola", draft, photos=("a" * 64 + ".jpg",), actor="staff:telegram:7")
    second = await add_product.add(db, "lola", draft, photos=(), actor="staff:telegram:7")
    assert (first.sku, second.sku, first.variants()) == ("P-1", "P-2", ["S/qora", "M/qora"])
    assert (await catalogue.availability(db, "lola", "P-1")).unknown == {"S/qora", "M/qora"}
    await add_product.set_price(db, "lola", first, 240_000, actor="staff:telegram:7")
    await add_product.hide(db, "lola", "P-2", actor="staff:telegram:7")
    assert {sku: one.price for sku, one in (await catalogue.load(db, "lola")).items()} == {"P-1": 240_000}
    for price in (0, -5):
        with pytest.raises(Refused):
            await add_product.set_price(db, "lola", first, price, actor="staff:telegram:7")


async def test_the_demo_is_hidden_only_where_it_became_somebodys_own(db: db.Tx) -> None:
    draft = Draft("Kepka", 69_000, "UZS")
    await add_product.add(db, "lola", draft, photos=(), actor="x")
    await db.execute("UPDATE products SET sku = 'DEMO-1' WHERE shop_id = 'lola'")
    await add_product.add(db, "lola", draft, photos=(), actor="x")
    assert await hide_demo(db, "lola") == 0
    await make_own(db, "lola")
    assert (await hide_demo(db, "lola"), await hide_demo(db, "lola")) == (1, 0)
    assert list(await catalogue.load(db, "lola")) == ["P-1"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://www.instagram.com/p/CxYz_12-a/?igsh=1", [("instagram", "CxYz_12-a")]),
        ("shu bormi instagram.com/lola.style/reel/AbCdE12345/", [("instagram", "AbCdE12345")]),
        ("https://t.me/Lola_Style/152", [("telegram", "lola_style/152")]),
        ("t.me/s/lola_style/7 va t.me/c/123456/9", [("telegram", "lola_style/7"), ("telegram", "c/123456/9")]),
        ("https://t.me/lola_bot?start=x instagram.com/lola", []),
    ],
)
def test_links_to_posts(text: str, found: list[tuple[str, str]]) -> None:
    assert posts.links(text) == found


async def test_a_post_is_found_by_id_and_by_link(own_db: db.Pool, tmp_path: Path) -> None:
    known, folder = world(own_db, tmp_path)
    rows, _ = read_rows(folder / "catalog.csv")
    async with db.transaction(own_db) as tx:
        await apply(tx, "lola", rows)
        await posts.remember(tx, "lola", "instagram", "1789", code="CxYz_12-a", caption="Baletka", skus=["LS-407"])
        await posts.remember(tx, "lola", "instagram", "1789", caption="Baletka va kepka")
    post = await posts.by_link(own_db, "lola", "bormi https://instagram.com/p/CxYz_12-a")
    assert post == await posts.by_id(own_db, "lola", "instagram", "1789")
    assert post and (post.skus, post.caption) == (("LS-407",), "Baletka va kepka")
    assert await posts.by_link(own_db, "other", "https://instagram.com/p/CxYz_12-a") is None
    shop = await known.get("lola")
    assert captions.named_in(shop, "Yangi kolleksiya!\n1) Baletka 169 ming\n2) Plisse yubka\nLS-502") == (
        "LS-407",
        "LS-206",
        "LS-502",
    )
    assert captions.named_in(shop, "Bahor muborak, aziz mijozlar!") == ()
