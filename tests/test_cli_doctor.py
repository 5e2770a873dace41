"""What `doctor` says of tokens, webhooks and keys, against a server that answers as the platforms do."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from cli.doctor_channels import look
from cli.finding import Finding
from kit.config import (
    Config,
    HttpConfig,
    InstagramConfig,
    MetaConfig,
    ShopConfig,
    TelegramConfig,
    VoiceConfig,
)
from kit.http import make_client

TOKEN = "123456:test-token"
Pages = dict[str, tuple[int, dict[str, Any]]]


@pytest.fixture
async def world() -> AsyncIterator[tuple[str, Pages]]:
    """The address of a server, and what it answers by path (404 otherwise)."""
    pages: Pages = {}

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readline()).split()[1].decode().split("?")[0]
        while (await reader.readline()).strip():
            pass
        status, page = pages.get(path, (404, {"ok": False, "description": "Not Found"}))
        body = json.dumps(page).encode()
        writer.write(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % (status, len(body)) + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", pages
    server.close()


async def findings(config: Config) -> list[Finding]:
    async with make_client(2) as client:
        return [finding async for finding in look(config, client)]


def shop(tmp_path: Path, url: str, token: str = TOKEN, **telegram: Any) -> ShopConfig:
    return ShopConfig(folder=tmp_path, telegram=TelegramConfig(token=SecretStr(token), api_url=url, **telegram))


def of(found: list[Finding], name: str) -> list[tuple[bool | None, str]]:
    return [(ok, says) for what, ok, says, _ in found if what == name]


async def test_nothing_connected_is_a_note_with_the_next_step(tmp_path: Path) -> None:
    found = await findings(Config(shops={"lola": ShopConfig(folder=tmp_path)}))
    assert [(what, ok) for what, ok, _, _ in found] == [("telegram lola", None), ("instagram lola", None)]
    assert "./sotuv connect --shop lola" in found[0][3]


async def test_a_good_token_names_the_bot(tmp_path: Path, world: tuple[str, Pages]) -> None:
    url, pages = world
    pages[f"/bot{TOKEN}/getMe"] = (200, {"ok": True, "result": {"username": "lola_bot"}})
    found = of(await findings(Config(shops={"lola": shop(tmp_path, url)})), "telegram lola")
    assert found == [(True, "@lola_bot answers, mode polling")]


async def test_a_refused_token_and_a_silent_network_differ(tmp_path: Path, world: tuple[str, Pages]) -> None:
    url, _ = world
    found = await findings(Config(shops={"lola": shop(tmp_path, url), "zara": shop(tmp_path, "http://127.0.0.1:1")}))
    assert of(found, "telegram lola") == [(False, "the token is refused (404)")]
    assert of(found, "telegram zara")[0][0] is False and "no answer" in of(found, "telegram zara")[0][1]
    assert all(TOKEN not in says + mend for _, _, says, mend in found)


@pytest.mark.parametrize(
    ("public_url", "secret", "info", "ok", "says"),
    [
        ("https://x.uz", "", {}, False, "without a secret"),
        ("", "s", {}, False, "without an https address"),
        ("https://x.uz", "s", {"url": ""}, None, "is not https://x.uz/telegram/lola yet"),
        ("https://x.uz", "s", {"url": "https://x.uz/telegram/lola", "last_error_message": "502"}, None, "502"),
        ("https://x.uz", "s", {"url": "https://x.uz/telegram/lola", "pending_update_count": 3}, True, "3 updates wait"),
    ],
)
async def test_webhooks(
    tmp_path: Path,
    world: tuple[str, Pages],
    public_url: str,
    secret: str,
    info: dict[str, Any],
    ok: bool | None,
    says: str,
) -> None:
    url, pages = world
    pages[f"/bot{TOKEN}/getMe"] = (200, {"ok": True, "result": {"username": "lola_bot"}})
    pages[f"/bot{TOKEN}/getWebhookInfo"] = (200, {"ok": True, "result": info})
    config = Config(
        http=HttpConfig(public_url=public_url),
        shops={"lola": shop(tmp_path, url, mode="webhook", secret=SecretStr(secret))},
    )
    _, found = of(await findings(config), "telegram lola")
    assert found[0] is ok and says in found[1]


async def test_a_staff_group_must_be_seen(tmp_path: Path, world: tuple[str, Pages]) -> None:
    url, pages = world
    pages[f"/bot{TOKEN}/getMe"] = (200, {"ok": True, "result": {"username": "lola_bot"}})
    config = Config(shops={"lola": shop(tmp_path, url, staff_group=-100)})
    assert of(await findings(config), "telegram lola")[1][0] is False
    pages[f"/bot{TOKEN}/getChat"] = (200, {"ok": True, "result": {"title": "Staff"}})
    assert of(await findings(config), "telegram lola")[1] == (True, "staff group: Staff")


async def test_instagram_names_each_missing_piece(tmp_path: Path) -> None:
    lola = ShopConfig(folder=tmp_path, instagram=InstagramConfig(account_id="17"))
    found = of(await findings(Config(shops={"lola": lola})), "instagram lola")
    assert [says for ok, says in found if ok is False] == [
        "meta.app_secret is empty",
        "meta.verify_token is empty",
        "shops.lola.instagram.token is empty",
        "Meta calls https addresses alone",
    ]


@pytest.mark.parametrize(
    ("page", "ok", "says"),
    [
        ((200, {"user_id": "17", "username": "lola"}), True, "@lola answers"),
        ((200, {"user_id": "18", "username": "zara"}), False, "the token is of account 18"),
        ((400, {"error": {"message": "Session has expired"}}), False, "the token is refused: Session has expired"),
    ],
)
async def test_an_instagram_token_is_asked_about(
    tmp_path: Path, world: tuple[str, Pages], page: tuple[int, dict[str, Any]], ok: bool, says: str
) -> None:
    url, pages = world
    pages["/v25.0/me"] = page
    config = Config(
        http=HttpConfig(public_url="https://x.uz"),
        meta=MetaConfig(app_secret=SecretStr("a"), verify_token=SecretStr("b"), graph_url=f"{url}/v25.0"),
        shops={
            "lola": ShopConfig(folder=tmp_path, instagram=InstagramConfig(account_id="17", token=SecretStr("IGtoken")))
        },
    )
    assert of(await findings(config), "instagram lola") == [(ok, says)]


@pytest.mark.parametrize(("status", "ok"), [(200, True), (401, False), (404, True)])
@pytest.mark.parametrize("key", ["k", ""])
async def test_a_transcription_server_with_and_without_a_key(
    tmp_path: Path, world: tuple[str, Pages], status: int, ok: bool, key: str
) -> None:
    url, pages = world
    pages["/v1/models"] = (status, {})
    voice = VoiceConfig(base_url=f"{url}/v1", api_key=SecretStr(key), model="m")
    config = Config(voice=voice, shops={"lola": ShopConfig(folder=tmp_path)})
    assert of(await findings(config), "voice")[0][0] is ok
