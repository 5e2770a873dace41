"""`make bench-start`: starts to /ready without and with a bot token, a bare `import aiogram` beside them, memory.

Prints a table and, last, one JSON line. Memory is PSS of the whole process tree (engines and the receipt reader too).
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.drawn_receipts import receipt_png
from tests.fakes.telegram import FakeTelegram
from tests.pictures import as_messenger_sends
from tests.product import ROOT, Product

TOKEN = "700002:bench-start-token"


def timed(command: list[str]) -> float:
    """Seconds that a command takes from outside."""
    began = time.monotonic()
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def memory_mb(pid: int) -> float:
    """PSS of the process and everything it started."""
    pids, total = [pid], 0
    for one in pids:
        try:
            for tasks in Path(f"/proc/{one}/task").glob("*/children"):
                pids += [int(child) for child in tasks.read_text().split()]
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):  # it ended between two looks
            continue
        total += next((int(line.split()[1]) for line in rollup if line.startswith("Pss:")), 0)
    return total / 1024


async def started(folder: Path, settings: dict[str, Any]) -> tuple[Product, float]:
    """A ready product and the seconds from its start to /ready."""
    product = Product(folder, settings)
    await product.start()
    return product, await product.ready()


async def measure() -> dict[str, float]:
    """All figures; seconds and MB."""
    figures: dict[str, float] = {"help_s": min(timed([sys.executable, "main.py", "--help"]) for _ in range(3))}
    folder = Path(tempfile.mkdtemp(prefix="sotuv-start-"))
    async with FakeTelegram() as telegram:
        shop: dict[str, Any] = {
            "folder": str(ROOT / "demo"),
            "cards": [{"number": "8600000000000000", "holder": "DEMO"}],
        }
        product, figures["first_start_s"] = await started(folder, {"shops": {"lola": shop}})
        await asyncio.sleep(12)  # the photos are learnt meanwhile
        await product.stop()
        product, figures["second_start_s"] = await started(folder, {"shops": {"lola": shop}})
        await asyncio.sleep(5)
        assert product.process
        figures["idle_mb"] = memory_mb(product.process.pid)
        await product.stop()
        telegram.bot(TOKEN)
        shop["telegram"] = {"token": TOKEN, "api_url": telegram.url}
        figures["import_aiogram_s"] = timed([sys.executable, "-c", "import aiogram"])
        product, figures["second_start_with_bot_s"] = await started(folder, {"shops": {"lola": shop}})
        person = telegram.person("Aziza")
        await telegram.text(person, "krujka bormi?")
        await asyncio.sleep(6)
        assert product.process
        figures["idle_with_bot_mb"] = memory_mb(product.process.pid)
        await telegram.photo(person, as_messenger_sends(receipt_png(45000, "0000")))
        peak = 0.0
        for _ in range(60):
            peak = max(peak, memory_mb(product.process.pid))
            await asyncio.sleep(0.15)
        figures["reading_a_receipt_mb"] = peak
        await product.stop()
    return {name: round(value, 2) for name, value in figures.items()}


def main() -> None:
    """Measures and prints."""
    figures = asyncio.run(measure())
    for name, value in figures.items():
        print(f"{name:28} {value:8.2f}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
