"""The whole product as a process: nothing lost or doubled under kill -9, clear ends, one line for bad settings."""

from __future__ import annotations

import asyncio
import random
import re
import time
from pathlib import Path
from typing import Any

import pytest

from kit import tasks
from tests.fakes.telegram import FakeTelegram
from tests.product import Product

TOKEN = "700001:process-test-token"
SHOP = """
shop: {id: mini, name: "Mini", languages: [uz, ru, en], currency: UZS}
contacts: {phone: "+998 71 000 00 01"}
delivery:
  paid: on_arrival
  regions: [{key: tashkent_city, name: {uz: "Toshkent shahri", ru: "Ташкент"}, price: 20000}]
payment: {methods: [card], card_last4: "4417", card_holder: "SINOV"}
"""
CATALOG = """sku,title_uz,title_ru,description,category,price,currency,sizes,colors,stock,photo
K-1,Sopol choynak,Чайник керамический,,Idish,120000,UZS,,oq;ko'k,500,
K-2,Yogʻoch lagan,Блюдо деревянное,,Idish,90000,UZS,,,500,
"""


def shop_folder(folder: Path) -> Path:
    """A shop of two products with plenty of stock."""
    place = folder / "mini"
    place.mkdir()
    (place / "shop.yaml").write_text(SHOP, encoding="utf-8")
    (place / "catalog.csv").write_text(CATALOG, encoding="utf-8")
    return place


def settings(folder: Path, telegram: FakeTelegram | None = None) -> dict[str, Any]:
    """The shop, on Telegram when there is a world for it; answers at once."""
    shop: dict[str, Any] = {
        "folder": str(shop_folder(folder)),
        "cards": [{"number": "8600120456784417", "holder": "SINOV"}],
    }
    if telegram is not None:
        telegram.bot(TOKEN)
        shop["telegram"] = {"token": TOKEN, "api_url": telegram.url}
    return {
        "turn": {"complete_ms": 0, "fragment_ms": 0, "album_ms": 0, "max_ms": 0},
        "shops": {"mini": shop},
    }


def said(telegram: FakeTelegram, person: Any) -> list[str]:
    """What the bot wrote to a person."""
    return [
        message.get("text", "")
        for message in telegram.messages[person.id].values()
        if message["from"]["id"] != person.id
    ]


async def buys(telegram: FakeTelegram, number: int) -> Any:
    """A person who wants one teapot, and says yes to the summary as soon as it comes."""
    person = telegram.person(f"Xaridor {number}")
    await asyncio.sleep(random.Random(number).uniform(0, 4))
    phone = f"90 0{number:02d} 11 {number:02d}"
    await telegram.text(
        person, f"Sopol choynak oq, bitta olaman. Tel {phone}, manzil: Chilonzor 5-mavze, {number + 1}-uy"
    )
    await telegram.until(lambda: any("120" in text and "?" in text for text in said(telegram, person)), timeout=90)
    await telegram.text(person, "ha")
    await telegram.until(lambda: any("4417" in text for text in said(telegram, person)), timeout=90)
    return person


@pytest.mark.parametrize("shoppers_at_once", [10, pytest.param(50, marks=pytest.mark.slow)])
async def test_kill_9_amid_conversations_loses_and_doubles_nothing(tmp_path: Path, shoppers_at_once: int) -> None:
    async with FakeTelegram() as telegram:
        product = Product(tmp_path, settings(tmp_path, telegram))
        await product.start()
        await product.ready()
        shoppers = [tasks.start(buys(telegram, number), f"shopper {number}") for number in range(shoppers_at_once)]
        await asyncio.sleep(2.5)  # half of them have begun
        await product.kill()
        await product.start()
        await product.ready()
        people = await asyncio.gather(*shoppers)
        orders = await product.lines("orders", "--shop", "mini", "--json")
        await product.stop()
    assert sorted(order["shopper"] for order in orders) == sorted(str(person.id) for person in people)
    assert {order["status"] for order in orders} == {"awaiting_payment"}
    assert {order["total"] for order in orders} == {120000}
    assert len({order["number"] for order in orders}) == shoppers_at_once


async def test_the_same_update_five_times_is_answered_once_and_ctrl_c_drains(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram:
        how = settings(tmp_path, telegram)
        secret = "s3cret-of-the-hook"
        how["shops"]["mini"]["telegram"] |= {"mode": "webhook", "secret": secret}
        async with Product(tmp_path, how) as product:
            person = telegram.person("Aziza")
            telegram.chats[person.id] = {"id": person.id, "type": "private", "first_name": "Aziza"}
            update = {
                "update_id": 1,
                "message": {
                    "message_id": 1,
                    "date": int(time.time()),
                    "chat": telegram.chats[person.id],
                    "from": person.user(),
                    "text": "sopol choynak narxi qancha?",
                },
            }
            head = {"X-Telegram-Bot-Api-Secret-Token": secret}
            assert telegram.client

            async def post() -> int:
                async with telegram.client.post(f"{product.url}/telegram/mini", json=update, headers=head) as answer:
                    return answer.status

            assert await asyncio.gather(*(post() for _ in range(5))) == [200] * 5
            await telegram.until(lambda: said(telegram, person))
            await asyncio.sleep(1.0)
            priced = [text for text in said(telegram, person) if re.search(r"120\s000", text)]
            assert len(priced) == 1, said(telegram, person)
            started = time.monotonic()
            assert await product.stop() == 0
            assert time.monotonic() - started < 15


async def test_a_wrong_setting_is_one_line_and_status_2(tmp_path: Path) -> None:
    how = settings(tmp_path)
    how["turn"]["complete_msec"] = 5
    product = Product(tmp_path, how)
    status, out, err = await product.run("run")
    assert status == 2
    assert "turn.complete_msec" in err and len(err.strip().splitlines()) == 1, err
    assert out == ""
