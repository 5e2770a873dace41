"""The whole sale in a real browser: text, photo, order, card, receipt, the staff's press, the shopper told.

The product runs as its own process on the demo shop, as `make run` starts it. With PICTURES=folder the pictures of the
README are taken on the way.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("playwright.async_api")
from playwright.async_api import expect

from tests.drawn_receipts import receipt_png
from tests.pictures import as_messenger_sends
from tests.product import ROOT, Product

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

PATIENCE_MS = 30_000  # a receipt is read in about two seconds, on a busy machine in ten
MUG = ROOT / "demo" / "photos" / "krujka.jpg"
DEMO_CARD = "8600000000000000"


@pytest.fixture
async def product(tmp_path: Path) -> AsyncIterator[Product]:
    """The demo shop, with short windows."""
    shop = {"folder": str(ROOT / "demo"), "cards": [{"number": DEMO_CARD, "holder": "DEMO KARTA"}]}
    turn = {"complete_ms": 200, "fragment_ms": 500, "album_ms": 300, "max_ms": 2000}
    async with Product(tmp_path, {"turn": turn, "shops": {"lola": shop}}) as product:
        yield product


async def open_tab(chromium: Browser, product: Product, where: str, *, width: int = 1100) -> Page:
    """A browser of its own for one person."""
    context = await chromium.new_context(
        locale="uz", base_url=product.url, viewport={"width": width, "height": 860}, device_scale_factor=1
    )
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    await page.goto(where)
    return page


async def say(page: Page, text: str) -> None:
    """Type and send."""
    box = page.get_by_role("textbox").first
    await box.fill(text)
    await box.press("Enter")


async def hears(page: Page, pattern: str) -> None:
    """Wait until the log shows `pattern`."""
    await page.get_by_role("log").get_by_text(re.compile(pattern, re.IGNORECASE)).last.wait_for()


async def sends(page: Page, name: str, data: bytes) -> None:
    """Pick a file and send it."""
    await page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "image/jpeg", "buffer": data})
    await page.get_by_role("textbox").first.press("Enter")


async def picture(page: Page, name: str) -> None:
    """A screenshot for the README, when a folder for it is given."""
    folder = os.environ.get("PICTURES")
    if folder:
        await page.wait_for_timeout(500)  # pictures fade in
        await page.screenshot(path=str(Path(folder) / name))


async def photos_are_findable(product: Product) -> None:
    """A fresh shop's pictures are looked through after the start: 5 s, on a busy machine 15 and more."""
    async with asyncio.timeout(120):
        while True:
            [found] = await product.lines("find-photo", str(MUG), "--shop", "lola", "--json")
            if found["verdict"] == "exact":
                return


async def test_a_sale_from_hello_to_money_seen(chromium: Browser, product: Product) -> None:
    shopper = await open_tab(chromium, product, "/chat/lola?lang=uz")
    staff = await open_tab(chromium, product, "/chat/lola?as=staff&lang=uz")
    await say(staff, f"/claim {product.claim_code('lola')}")
    await hears(staff, "/help")

    await say(shopper, "Assalomu alaykum, ryukzak bormi?")
    await hears(shopper, r"249\s000")
    await picture(shopper, "hello.png")
    await photos_are_findable(product)
    await sends(shopper, "photo.jpg", as_messenger_sends(MUG.read_bytes()))
    await hears(shopper, r"45\s000")
    await picture(shopper, "photo.png")
    await say(shopper, "bitta olaman")
    await hears(shopper, r"telefon")
    await say(shopper, "90 123 45 67, Yunusobod 4-kvartal, 15-uy")
    await hears(shopper, r"tasdiqlaysizmi")
    await picture(shopper, "summary.png")
    await shopper.get_by_role("button", name=re.compile("tasdiqlayman", re.IGNORECASE)).last.click()
    await hears(shopper, r"8600 0000 0000 0000")
    await hears(staff, r"№1")
    await picture(shopper, "card.png")

    paid = as_messenger_sends(
        receipt_png(13500, "0000", date=datetime.now(UTC) + timedelta(hours=5), transaction_id="7730011223")
    )
    await sends(shopper, "receipt.jpg", paid)
    await hears(staff, r"💳")
    await picture(staff, "staff.png")
    [order] = await product.lines("orders", "--shop", "lola", "--json")
    assert order["status"] == "claimed", order
    await staff.get_by_role("button", name="Pul tushdi").last.click()
    await staff.locator(".note").get_by_text(re.compile(r"№1: toʻlangan")).wait_for()  # the press is answered there
    await hears(shopper, r"pul tushdi")
    await staff.wait_for_timeout(1500)
    await picture(shopper, "chat.png")
    [order] = await product.lines("orders", "--shop", "lola", "--json")
    assert order["status"] == "paid", order
    await expect(staff.get_by_role("button", name="Pul tushdi")).to_have_count(0)  # no button of before stays
    await staff.get_by_role("button", name="Joʻnatildi").last.click()
    await hears(shopper, r"joʻnatildi")  # two presses of staff for a paid order that a courier takes
    [order] = await product.lines("orders", "--shop", "lola", "--json")
    assert order["status"] == "shipped", order
    assert order["total"] == 45000 and order["to_transfer"] == 13500
    assert order["phone"] == "+998901234567"
