"""The wire against a model server that others wrote: `@copilotkit/aimock` from npm (`make peers`, Node 20 or newer)."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr

from kit import db as database
from kit import embedded
from tests.fakes.openai import KEY
from tests.llm_room import Room, room

SERVER = Path(__file__).parents[1] / ".venv/peers/node_modules/@copilotkit/aimock/dist/cli.js"
ASKS = "kepka qancha turadi?"
CARD = [
    {"name": "find_product", "arguments": {"query": "kepka"}},
    {"name": "product_card", "arguments": {"sku": "LS-502"}},
]
ORDER = [
    {"name": "add_to_cart", "arguments": {"sku": "LS-502", "color": "qora"}},
    {"name": "set_phone", "arguments": {"phone": "{PHONE_1}"}},
    {"name": "set_address", "arguments": {"address": "Chilonzor 9-kvartal 14-uy"}},
    {"name": "show_summary", "arguments": {}},
]
PRICE = "Kepka 69 000 so'm, rangi qora, oq yoki bej. Qaysi biri?"


def turn(said: str, calls: list[dict[str, Any]], words: str, **how: Any) -> list[dict[str, Any]]:
    """What the server does when a shopper says so: calls first, words after their results."""
    return [
        {"match": {"userMessage": said, "hasToolResult": False}, "response": {"toolCalls": calls}},
        {"match": {"userMessage": said, "hasToolResult": True}, "response": {"content": words}, **how},
    ]


FIXTURES = [
    *turn(ASKS, CARD, PRICE),
    *turn("qorasini olaman", ORDER, "Tekshirib ko'ring, iltimos."),
    *turn("kesilgan kepka", CARD, PRICE, truncateAfterChunks=2),
    *turn("sekin kepka", CARD, PRICE, streamingProfile={"ttft": 100, "tps": 2}),
    {"match": {"userMessage": "pulsiz kepka"}, "response": {"error": {"message": "credits"}, "status": 402}},
]  # fmt: skip
FIXTURES += turn("oq kepka", [], "Kepka 69 000 so'm.")
FIXTURES[-2]["response"] = {"blocks": [{"type": "toolCall", **CARD[1]}, {"type": "text", "text": "Qarayman"}]}


def _missing() -> str:
    """Why the server cannot run here; "" when it can."""
    node = shutil.which("node")
    if node is None:
        return "no Node.js here (Debian: apt install nodejs npm)"
    version = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout
    found = re.match(r"v(\d+)", version)
    if not found or int(found[1]) < 20:
        return f"Node.js 20 or newer is needed, here is {version.strip() or 'none that starts'}"
    return "" if SERVER.exists() else "@copilotkit/aimock is not installed: make peers"


WHY = _missing()
pytestmark = pytest.mark.skipif(bool(WHY), reason=WHY)


@dataclass
class Peer:
    """The running server."""

    url: str

    async def chaos(self, **rates: float) -> None:
        """From now on this goes wrong, by its share of the requests; nothing when none is named."""
        async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {KEY}"}) as client:
            await client.delete(f"{self.url}/__aimock/chaos")
            (await client.post(f"{self.url}/__aimock/chaos", json=rates)).raise_for_status()

    async def journal(self) -> list[dict[str, Any]]:
        """The requests as the server understood them."""
        async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {KEY}"}) as client:
            return (await client.get(f"{self.url}/__aimock/journal")).json()


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    fixtures = tmp_path_factory.mktemp("aimock") / "fixtures.json"
    fixtures.write_text(json.dumps({"fixtures": FIXTURES}))
    command = [
        "node",
        str(SERVER),
        "--port",
        "0",
        "--fixtures",
        str(fixtures),
        "--chunk-size",
        "5",
        "--validate-on-load",
    ]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={"PATH": os.environ["PATH"], "AIMOCK_API_KEYS": KEY}
    )
    assert running.stdout is not None
    for line in running.stdout:
        if found := re.search(r"listening on (http://\S+)", line):
            break
    else:
        raise AssertionError("the server did not start")
    yield Peer(found[1])
    running.terminate()
    running.wait(10)


@pytest.fixture
async def here(
    db: database.Tx, engines: embedded.Engines, tmp_path: Path, peer: Peer, request: pytest.FixtureRequest
) -> AsyncIterator[Room]:
    pool = await database.open_pool(engines.database_url)
    patience = getattr(request, "param", 6.0)
    settings: dict[str, Any] = {"base_url": f"{peer.url}/v1", "api_key": SecretStr(KEY), "patience_s": patience}
    async with room(db, pool, tmp_path, **settings) as made:
        yield made
    await pool.execute("-- all shops: what the brain itself told staff\nDELETE FROM outbox WHERE idem LIKE 'llm:%'")
    await pool.close()
    await peer.chaos()


def errors(here: Room) -> dict[str, float]:
    """What went wrong with the model, as counted."""
    text = here.metrics.text().decode()
    return {name: float(count) for name, count in re.findall(r'errors_total\{where="llm:(\w+)"\} (\S+)', text)}


async def test_a_sale_with_tools_and_streams(here: Room, peer: Peer) -> None:
    assert "69 000 so'm, rangi qora" in await here.say(ASKS)
    said = await here.say("qorasini olaman, 90 765 43 21, Chilonzor 9-kvartal 14-uy")
    assert "Tekshirib" in said and "+998907654321" in said.replace(" ", "")
    assert "8600" in await here.say("ha")
    [order] = await here.me.orders()
    assert (order["total"], order["phone"], order["items"][0]["variant"]) == (69000, "+998907654321", "qora")
    assert errors(here) == {} and here.counted('sotuv_llm_tokens_total{kind="prompt"}') > 1000
    heard = json.dumps([one["body"] for one in await peer.journal()], ensure_ascii=False)
    assert "PHONE_1" in heard and "7654321" not in heard.replace(" ", "") and here.me.play.chat.id not in heard


async def test_calls_before_words_in_one_stream(here: Room) -> None:
    assert "69 000" in await here.say("oq kepka bormi") and errors(here) == {}


@pytest.mark.parametrize(
    ("rates", "called"),
    [
        ({"rateLimitRate": 1}, "429"),
        ({"dropRate": 1}, "500"),
        ({"malformedRate": 1}, "garbage"),
        ({"disconnectRate": 1}, "connection"),
    ],
)
async def test_chaos_of_one_kind(here: Room, peer: Peer, rates: dict[str, float], called: str) -> None:
    await peer.chaos(**rates)
    assert (await here.say(ASKS)).count("69 000") == 1
    assert errors(here) == {called: 1}


async def test_a_rate_limit_is_obeyed(here: Room, peer: Peer) -> None:
    await peer.chaos(rateLimitRate=1)
    asked = len(await peer.journal())
    for _ in range(3):
        assert "69 000" in await here.say(ASKS)
    assert len(await peer.journal()) == asked + 1 and errors(here) == {"429": 1, "resting": 2}


async def test_chaos_of_every_kind_at_once(here: Room, peer: Peer) -> None:
    await peer.chaos(rateLimitRate=0.15, dropRate=0.15, malformedRate=0.15, disconnectRate=0.15)
    for _ in range(30):
        here.fresh()
        said = await here.say(ASKS)
        assert said.count("69 000") == 1
    found = errors(here)
    assert set(found) <= {"429", "500", "garbage", "connection"} and 5 < sum(found.values()) < 30


async def test_a_stream_that_breaks_off_and_one_without_money(here: Room) -> None:
    assert "69 000" in await here.say("kesilgan kepka qancha")
    here.fresh()
    assert "69 000" in await here.say("pulsiz kepka qancha")
    assert errors(here) == {"connection": 1, "402": 1}


@pytest.mark.parametrize("here", [0.8], indirect=True)
async def test_a_stream_that_is_too_slow(here: Room) -> None:
    async with asyncio.timeout(5):
        assert "69 000" in await here.say("sekin kepka qancha")
    assert errors(here) == {"timeout": 1}
