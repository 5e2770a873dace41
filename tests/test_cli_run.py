"""`run`, `web` and `worker` as processes: light to start, engines looked after, settings followed, a clean end."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pytest

from cli import run
from kit.config import Config, keep_secrets
from kit.db import Pool, Tx
from tests.product import ROOT, Product
from tests.queueing import app_of

SETTINGS: dict[str, Any] = {"shops": {"lola": {"folder": str(ROOT / "tests" / "shop")}}}


async def soon(what: Callable[[], bool], timeout_s: float = 20) -> None:
    deadline = time.monotonic() + timeout_s
    while not what():
        assert time.monotonic() < deadline, "it did not come about"
        await asyncio.sleep(0.1)


def engine_pid(product: Product, name: str) -> int:
    """The pid of an embedded engine of this product, by the folder it works in."""
    home = product.folder / "data" / name
    for entry in Path("/proc").iterdir():
        try:
            if (
                entry.name.isdigit()
                and (entry / "cwd").samefile(home)
                and _parent(int(entry.name)) not in _workers(home)
            ):
                return int(entry.name)
        except OSError:
            continue
    raise AssertionError(f"no {name} runs in {home}")


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _workers(home: Path) -> set[int]:
    """The postmaster itself: its children work in the same folder."""
    try:
        return {int((home / "postmaster.pid").read_text().splitlines()[0])}
    except (OSError, ValueError):
        return set()


async def test_a_shop_opens_is_claimed_ends_cleanly_and_opens_again(tmp_path: Path) -> None:
    async with Product(tmp_path, SETTINGS) as product:
        assert f"open {product.url}/chat/lola" in product.out.read_text()
        assert product.claim_code("lola")
        assert "connect --shop lola" in product.out.read_text()
        assert await product.lines("orders", "--shop", "lola", "--json") == []
        status, out, _ = await product.run("claim", "--shop", "lola")
        assert status == 0 and out.startswith("claim lola ")
        assert product.process
        product.process.send_signal(signal.SIGTERM)
        start = time.monotonic()
        assert await product.process.wait() == 0
        assert time.monotonic() - start < 15
    assert not (tmp_path / "data" / "postgres" / "postmaster.pid").exists()
    assert "Traceback" not in product.log.read_text()
    await _second_start_is_light(tmp_path)


async def _second_start_is_light(tmp_path: Path) -> None:
    """Without a bot token aiogram (a second of imports) stays away."""
    product = Product(tmp_path, SETTINGS)
    command = [sys.executable, "-X", "importtime", "main.py", "run", "--config", str(product.config)]
    log = product.log.open("wb")
    product.process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=log, stderr=log)
    took = await product.ready()
    await product.stop()
    log.close()
    said = product.log.read_text()
    assert "import time:" in said
    for heavy in ("aiogram", "openai", "cv2", "rapidocr", "matplotlib"):
        assert not re.search(rf"\| +{heavy}$", said, re.MULTILINE), heavy
    assert took < 15, "4 s on two quiet cores; this machine is busy or something heavy crept in"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="finds the engines in /proc")
async def test_killed_engines_come_back_under_a_running_product(tmp_path: Path) -> None:
    async with Product(tmp_path, SETTINGS) as product:
        os.kill(engine_pid(product, "postgres"), signal.SIGKILL)
        os.kill(engine_pid(product, "redis"), signal.SIGKILL)
        await soon(lambda: product.log.read_text().count("engine_is_back") == 2)
        await product.ready(30)
        async with httpx2.AsyncClient() as client:
            assert (await client.get(f"{product.url}/chat/lola")).status_code == 200
        await _settings_are_followed(product)
        assert await product.stop() == 0


async def _settings_are_followed(product: Product) -> None:
    """What `connect` keeps is noticed within 2 s; a wrong edit changes nothing."""
    keep_secrets(Config.load(product.config, {}), "lola", {"cards": [{"number": "8600120456784417"}]})
    await soon(lambda: "settings_read_again" in product.log.read_text(), 3)
    product.config.write_text("http: {prt: 1}\n")
    await soon(lambda: "settings_wrong" in product.log.read_text(), 3)
    async with httpx2.AsyncClient() as client:
        assert (await client.get(f"{product.url}/health")).status_code == 200


@pytest.mark.slow
async def test_the_door_and_the_worker_may_be_two_processes(tmp_path: Path) -> None:
    settings = {**SETTINGS, "turn": {"complete_ms": 0, "fragment_ms": 0, "album_ms": 0, "max_ms": 0}}
    web = Product(tmp_path, settings, command="web")
    await web.start()
    async with httpx2.AsyncClient() as client:
        await soon(lambda: web.out.exists() and "open" in web.out.read_text(), 60)
        waiting = await client.get(f"{web.url}/ready")
        assert waiting.status_code == 503  # no worker beats
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "main.py", "worker", "--config", str(web.config), cwd=ROOT, stderr=subprocess.DEVNULL
        )
        await web.ready(30)
        worker.send_signal(signal.SIGTERM)
        assert await worker.wait() == 0
        assert (await client.get(f"{web.url}/chat/lola")).status_code == 200  # the guest stopped nothing
    assert await web.stop() == 0


async def test_a_signal_during_the_start_ends_it(tmp_path: Path) -> None:
    product = Product(tmp_path, SETTINGS)
    await product.start()
    await soon(lambda: (tmp_path / "data").exists(), 30)
    assert product.process
    product.process.send_signal(signal.SIGTERM)
    start = time.monotonic()
    assert await product.process.wait() == 0
    assert time.monotonic() - start < 15


async def test_a_store_away_while_the_codes_are_told_ends_nothing(
    own_db: Pool, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[Any] = [asyncpg.QueryCanceledError("too slow"), ConnectionRefusedError(), None]

    async def owner_code(tx: Tx, shop_id: str) -> str:
        if error := answers.pop(0):
            raise error
        return f"CODE-{shop_id}"

    monkeypatch.setattr(run, "owner_code", owner_code)
    monkeypatch.setattr(run, "_FOLLOW_S", 0.0)
    assert await run.Process(config, None, worker=False)._code(app_of(own_db, config), "lola") == "CODE-lola"
