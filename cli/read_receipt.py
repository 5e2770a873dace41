"""`main.py read-receipt`: what pictures of payments say. No database, no network."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from kit import clock
from kit.config import Config
from kit.errors import Misconfigured, Refused, Unavailable

_SHOWN = ("is_receipt", "amount", "currency", "date", "time", "last4", "transaction_id", "status", "app")


def read_receipt(
    config: Config | None, paths: list[Path], as_json: bool, expect_amount: int | None, expect_last4: str
) -> int:
    """Prints a line for each picture, whatever is in it; 1 only when the reader itself broke. Raises Misconfigured."""
    if expect_last4 and not (expect_last4.isdecimal() and len(expect_last4) == 4):
        raise Misconfigured("--expect-last4: the last four digits of a card, such as 1234")
    return asyncio.run(_all(paths, as_json, expect_amount, expect_last4))


async def _all(paths: list[Path], as_json: bool, amount: int | None, last4: str) -> int:
    from vision import receipt

    status = 0
    try:
        for path in paths:
            line, broken = await _one(path, amount, last4)
            status |= broken
            print(json.dumps(line, ensure_ascii=False) if as_json else _told(line), flush=True)
    finally:
        receipt.close()
    return status


async def _one(path: Path, amount: int | None, last4: str) -> tuple[dict[str, Any], bool]:
    """The line of one picture ("error" says why there is nothing in it), and whether the reader broke."""
    from vision.receipt import Reading, read

    error, failed = "", False
    reading = Reading()
    try:
        data = await asyncio.to_thread(path.read_bytes)
        reading = await read(data, expect_amount=amount, expect_last4=last4 or None)
    except OSError as unread:
        error = f"cannot be opened: {unread.strerror}"
    except Refused as refused:
        error = refused.key
    except Unavailable as broken:
        error, failed = broken.what, True
    seen = reading.dump()
    line = {"path": str(path), **{name: seen[name] for name in _SHOWN}, "fields": seen["fields"]}
    if amount is not None or last4:
        line |= {"amount_present": reading.amount_present, "last4_present": reading.last4_present}
        line |= _verdict(reading, amount, last4)
    return {**line, **({"error": error} if error else {})}, failed


def _verdict(reading: Any, amount: int | None, last4: str) -> dict[str, Any]:
    from orders.receipt import Expected, judge

    asked = amount if amount is not None else reading.amount or 0
    expected = Expected(asked, reading.currency if amount is None else "UZS", frozenset({last4} if last4 else ()))
    verdict = judge(reading, expected, clock.now())
    return {"verdict": list(verdict.words), "reasons": verdict.reasons}


def _told(line: dict[str, Any]) -> str:
    """The line for people."""
    if "error" in line:
        return f"{line['path']}: {line['error']}"
    if not line["is_receipt"]:
        return f"{line['path']}: not a receipt"
    said = [f"{line['amount']} {line['currency']}".strip(), f"card *{line['last4'] or '?'}"]
    said += [" ".join(part for part in (line["date"], line["time"]) if part), line["status"], line["app"]]
    said += [f"id {line['transaction_id']}"] if line["transaction_id"] else []
    said += [", ".join(line["verdict"])] if "verdict" in line else []
    return f"{line['path']}: {', '.join(part for part in said if part)}"
