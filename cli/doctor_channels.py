"""What `doctor` asks the platforms and providers: tokens, rights and webhooks, by plain HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2

from cli import doctor_model
from cli.finding import Finding
from kit.config import Config, ShopConfig


async def look(config: Config, client: httpx2.AsyncClient) -> AsyncIterator[Finding]:
    """Every channel of every shop, and the providers with a key. A channel without a token is a note, not a fault."""
    for shop_id, shop in config.shops.items():
        async for finding in _telegram(config, client, shop_id, shop):
            yield finding
        async for finding in _instagram(config, client, shop_id, shop):
            yield finding
    async for finding in doctor_model.look(config.llm, client):
        yield finding
    if config.voice.base_url:  # a server of one's own may have no key
        yield await _provider(client, "voice", config.voice.base_url, config.voice.api_key.get_secret_value())


async def _ask(client: httpx2.AsyncClient, url: str, **options: Any) -> tuple[int, dict[str, Any]]:
    """Status and JSON of an answer; 0 when there was none. The address may hold a token: it is never shown."""
    try:
        answer = await client.get(url, **options)
        body = answer.json()
    except (httpx2.HTTPError, OSError) as error:
        return 0, {"description": f"no answer ({type(error).__name__})"}
    except ValueError:
        return answer.status_code, {}
    return answer.status_code, body if isinstance(body, dict) else {}


async def _telegram(
    config: Config, client: httpx2.AsyncClient, shop_id: str, shop: ShopConfig
) -> AsyncIterator[Finding]:
    name, token = f"telegram {shop_id}", shop.telegram.token.get_secret_value()
    if not token:
        yield name, None, "no bot yet", f"./sotuv connect --shop {shop_id}"
        return
    bot = f"{shop.telegram.api_url}/bot{token}"
    status, body = await _ask(client, f"{bot}/getMe")
    if status == 0:
        yield name, False, f"{body['description']} from {shop.telegram.api_url}", "check the network and api_url"
        return
    if status != 200:
        yield (
            name,
            False,
            f"the token is refused ({status})",
            f"take a new one from BotFather: ./sotuv connect --shop {shop_id}",
        )
        return
    me = body.get("result", {})
    yield name, True, f"@{me.get('username')} answers, mode {shop.telegram.mode}", ""
    if shop.telegram.mode == "webhook":
        yield await _webhook(config, client, name, bot, shop_id, shop)
    if shop.telegram.staff_group:
        yield await _group(client, name, bot, shop.telegram.staff_group)


async def _webhook(
    config: Config, client: httpx2.AsyncClient, name: str, bot: str, shop_id: str, shop: ShopConfig
) -> Finding:
    if not shop.telegram.secret.get_secret_value():
        return name, False, "webhook without a secret is closed", f"set shops.{shop_id}.telegram.secret"
    if not config.http.public_url.startswith("https://"):
        return name, False, "webhook without an https address", "set http.public_url, or telegram.mode: polling"
    _, body = await _ask(client, f"{bot}/getWebhookInfo")
    info = body.get("result", {})
    wanted = f"{config.http.public_url}/telegram/{shop_id}"
    if info.get("url") != wanted:
        return name, None, f"the webhook is not {wanted} yet", "it is set when the product starts"
    if info.get("last_error_message"):
        return (
            name,
            None,
            f"Telegram's last call failed: {info['last_error_message']}",
            "check the proxy before http.port",
        )
    return name, True, f"webhook set, {info.get('pending_update_count', 0)} updates wait", ""


async def _group(client: httpx2.AsyncClient, name: str, bot: str, group: int) -> Finding:
    status, body = await _ask(client, f"{bot}/getChat", params={"chat_id": group})
    if status != 200:
        return (
            name,
            False,
            f"the staff group {group} is not seen: {body.get('description', status)}",
            "add the bot to the group",
        )
    return name, True, f"staff group: {body.get('result', {}).get('title', group)}", ""


async def _instagram(
    config: Config, client: httpx2.AsyncClient, shop_id: str, shop: ShopConfig
) -> AsyncIterator[Finding]:
    name, token = f"instagram {shop_id}", shop.instagram.token.get_secret_value()
    if not token and not shop.instagram.account_id:
        yield name, None, "not connected", "docs/instagram.md leads through it"
        return
    for key, value in (
        ("meta.app_secret", config.meta.app_secret.get_secret_value()),
        ("meta.verify_token", config.meta.verify_token.get_secret_value()),
        (f"shops.{shop_id}.instagram.token", token),
        (f"shops.{shop_id}.instagram.account_id", shop.instagram.account_id),
    ):
        if not value:
            yield name, False, f"{key} is empty", f"set {key}"
    if not config.http.public_url.startswith("https://"):
        yield name, False, "Meta calls https addresses alone", "set http.public_url"
    if not token:
        return
    query = {"fields": "user_id,username", "access_token": token}
    status, body = await _ask(client, f"{config.meta.graph_url}/me", params=query)
    if status != 200:
        why = body.get("error", {}).get("message") or body.get("description") or status
        yield name, False, f"the token is refused: {why}", "make a new token in Meta's app dashboard"
    elif shop.instagram.account_id and str(body.get("user_id", "")) not in {"", shop.instagram.account_id}:
        yield (
            name,
            False,
            f"the token is of account {body['user_id']}",
            f"set shops.{shop_id}.instagram.account_id to it",
        )
    else:
        yield name, True, f"@{body.get('username', '')} answers", ""


async def _provider(client: httpx2.AsyncClient, name: str, base_url: str, key: str) -> Finding:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    status, _ = await _ask(client, f"{base_url.rstrip('/')}/models", headers=headers)
    if status in {401, 403}:
        return name, False, "the key is refused", f"set {name}.api_key"
    if status == 0:
        return name, False, f"{base_url} does not answer", f"check {name}.base_url"
    return name, True, f"{base_url} answers", ""
