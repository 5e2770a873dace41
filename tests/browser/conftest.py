"""A Chromium (Debian's, or whatever CHROMIUM names) and a shop's web chat to open in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from bot.app import App
from kit.cache import Redis
from kit.config import Config
from kit.db import Pool
from tests.widget_world import make_app, serving

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page

_NAMES = ("chromium", "chromium-browser", "google-chrome")
# a test's browser asks nobody but us; as root (CI in a container) Chromium refuses its own sandbox
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A running Chromium, or a skip."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if not path:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    async_api = pytest.importorskip("playwright.async_api")
    async with async_api.async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield browser
        await browser.close()


@pytest.fixture
def app(own_db: Pool, redis: Redis, config: Config) -> App:
    """A shop without an agent: tests say what it would say."""
    return make_app(own_db, redis, config)


@pytest.fixture
async def address(app: App) -> AsyncIterator[str]:
    """Where the shop's pages are."""
    async with serving(app) as address:
        yield address


@pytest.fixture
async def context(chromium: Browser, address: str) -> AsyncIterator[BrowserContext]:
    """One person's browser."""
    context = await chromium.new_context(locale="en-GB", viewport={"width": 1280, "height": 800}, base_url=address)
    context.set_default_timeout(8000)
    yield context
    await context.close()


@pytest.fixture
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """The shopper's tab, open. Nothing may reach the console as an error, no dialog may open."""
    page = await context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if "Security Policy" in message.text else None)
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    await page.goto("/chat/lola")
    yield page
    assert wrong == []
