"""The privacy page says what is true of this shop and this deployment, in four languages."""

from __future__ import annotations

import re

import httpx2
import pytest

from bot import web
from bot.app import App
from kit import words
from kit.cache import Redis
from kit.config import Config, LlmConfig, VoiceConfig
from kit.db import Pool
from shop import privacy
from tests.widget_world import HOST, make_app


async def _page(app: App, language: str) -> str:
    transport = httpx2.ASGITransport(app=web.create(app))
    async with httpx2.AsyncClient(transport=transport, base_url=HOST) as client:
        response = await client.get("/privacy/lola", params={"lang": language})
        assert response.status_code == 200
        return response.text


@pytest.mark.parametrize("language", words.LANGUAGES)
async def test_page_names_the_shop_and_its_promises(own_db: Pool, redis: Redis, config: Config, language: str) -> None:
    page = await _page(make_app(own_db, redis, config), language)
    assert "Lola Style" in page and "+998 71 000 11 22" in page
    assert words.say(language, "web.privacy_never_2") in page
    assert words.say(language, "web.privacy_share_local") in page
    assert "12 " in page and privacy.version() in page
    assert page.count("<h2>") == 7


def test_version_is_the_same_in_all_languages() -> None:
    versions = {words.say(language, "web.privacy_version") for language in words.LANGUAGES}
    assert versions == {privacy.version()} and re.fullmatch(r"\d{4}-\d\d(-\d\d)?", privacy.version())


@pytest.mark.parametrize(
    "outside",
    [{"llm": LlmConfig(api_key="k", model="m")}, {"voice": VoiceConfig(base_url="http://127.0.0.1", model="m")}],
)
async def test_page_admits_an_ai_service_when_there_is_one(
    own_db: Pool, redis: Redis, config: Config, outside: dict[str, object]
) -> None:
    page = await _page(make_app(own_db, redis, config.model_copy(update=outside)), "en")
    assert words.say("en", "web.privacy_share_ai") in page
    assert words.say("en", "web.privacy_share_local") not in page
