"""What is asked of each receipt in `bench.receipts`: its fields, its verdict, sums and cards that are nearly it."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bench.receipt_screen import DEGRADATIONS, degraded, screen
from bench.receipt_sheet import LANGUAGES, Sheet, sheet
from kit.errors import Unavailable
from orders.receipt.verdict import Expected, Verdict, judge
from vision import child, image, receipt_fields, receipt_look, work
from vision.receipt import Reading

TASHKENT = ZoneInfo("Asia/Tashkent")
FIELDS = ("amount", "date", "last4", "transaction_id", "status")
NOW = datetime(2026, 11, 21, 15, 10, tzinfo=TASHKENT)
NAIVE = NOW.replace(tzinfo=None)
PLACED = NOW - timedelta(hours=4)
NEAR = ("digit", "times10", "tenth", "times100", "hundredth", "fee")


@dataclass(frozen=True)
class Read:
    """One picture: its truth, what was read with both engines and without tesseract, and how long it took.

    `near_sum`, `near_card`: what an order that this receipt does not belong to would ask for.
    """

    name: str
    how: str
    sheet: Sheet
    near: str
    near_sum: int
    near_card: str
    both: Mapping[str, Any]
    ms: float
    likely: float
    known: dict[Any, Reading] = field(default_factory=dict)  # what was asked before: a table asks the same often

    def reading(self, *, tesseract: bool, amount: int | None = None, last4: str | None = None) -> Reading:
        """What the product reads in it, with or without tesseract on the machine."""
        asked = tesseract, amount, last4
        if asked not in self.known:
            self.known[asked] = self._parsed(*asked)
        return self.known[asked]

    def _parsed(self, tesseract: bool, amount: int | None, last4: str | None) -> Reading:
        lines = self.both["lines"] if tesseract else [one for one in self.both["lines"] if one["source"] != "words"]
        found = {**self.both, "lines": lines}
        return receipt_fields.parse(
            found, expect_amount=amount or self.sheet.amount, expect_last4=last4 or self.sheet.last4
        )

    def verdict(self, *, tesseract: bool, amount: int | None = None, last4: str | None = None) -> Verdict:
        """The verdict for an order of that sum and card, the receipt's own unless others are named."""
        return judge(
            self.reading(tesseract=tesseract, amount=amount, last4=last4),
            Expected(
                asked=amount or self.sheet.amount,
                currency="UZS",
                last4=frozenset({last4 or self.sheet.last4}),
                placed_at=PLACED,
                zone=TASHKENT,
            ),
            NOW,
        )


async def read(name: str, how: str, one: Sheet, data: bytes, near: tuple[str, int, str] = ("", 0, "")) -> Read:
    """Reads one picture the way a shopper's goes: opened, looked at, read by the child, judged; timed as a whole."""
    began = time.perf_counter()
    likely = 1.0
    if not image.is_pdf(data):
        likely = await work.run(lambda: receipt_look.likeness(image.open_safe(data).array))
    both = await found_in(data)
    done = Read(name, how, one, *near, both, 0.0, likely)
    done.verdict(tesseract=True)
    return replace(done, ms=1000 * (time.perf_counter() - began), known={})


async def found_in(data: bytes) -> dict[str, Any]:
    """What the product's child reads; once more when the machine was so busy that it ran out of its 20 s."""
    try:
        return await child.the_child().read(data)
    except Unavailable:
        return await child.the_child().read(data)


def drawn(seed: int, count: int) -> list[tuple[str, Sheet, bytes, tuple[str, int, str]]]:
    """`count` receipts of the seed: degradation, truth, the picture's bytes, and what it nearly says.

    Every language meets every degradation; the near miss goes round as well.
    """
    made = []
    for i in range(count):
        r = random.Random(f"receipt {seed} {i}")
        language, how = LANGUAGES[i % 4], DEGRADATIONS[1 + (i // 4) % 5] if i % 7 else "clean"
        near = NEAR[(i // 3) % len(NEAR)]
        one = sheet(r, language, NAIVE)
        asked = nearly(one.amount, near, r)
        if near == "fee":
            asked = max(1000, one.amount // r.randint(4, 20) // 100 * 100)
            one = replace(one, fee=asked, words=one.words)
        made.append((how, one, degraded(screen(one, r), how, r), (near, asked, near_card(one, r))))
    return made


def nearly(amount: int, near: str, r: random.Random) -> int:
    """A sum that is almost this one."""
    if near == "times10":
        return amount * 10
    if near == "tenth":
        return max(1, amount // 10)
    if near == "times100":
        return amount * 100
    if near == "hundredth":
        return max(1, amount // 100)
    digits = list(str(amount))
    at = r.randrange(len(digits) - 3 if amount % 1000 == 0 else len(digits))
    digits[at] = r.choice([digit for digit in "123456789" if digit != digits[at]])
    return int("".join(digits))


def near_card(one: Sheet, r: random.Random) -> str:
    """Another card: one digit off, two exchanged, or four digits that stand elsewhere on the same receipt."""
    tail = list(one.last4)
    kind = r.choice(("digit", "swap", "id", "sum"))
    if kind == "digit":
        at = r.randrange(4)
        tail[at] = r.choice([digit for digit in "0123456789" if digit != tail[at]])
    elif kind == "swap":
        tail = tail[::-1]
    digits = "".join(filter(str.isdigit, one.transaction_id if kind == "id" else str(one.amount)))
    other = digits[-4:] if kind in ("id", "sum") and len(digits) >= 4 else "".join(tail)
    return other if other not in (one.last4, one.sender_last4) else f"{(int(one.last4) + 1) % 10000:04d}"


def right(one: Sheet, reading: Reading) -> dict[str, bool]:
    """Which fields were read as they are."""
    return {
        "amount": reading.amount == one.amount,
        "date": reading.date == one.at.date().isoformat(),
        "last4": reading.last4 == one.last4,
        "transaction_id": (reading.transaction_id or "").upper() == one.transaction_id.upper(),
        "status": reading.status == one.status,
    }


def share(some: list[bool]) -> float | None:
    """The part that is true, None of nothing."""
    return round(sum(some) / len(some), 4) if some else None


def figures(reads: list[Read], *, tesseract: bool) -> dict[str, Any]:
    """Shares of all that was asked of these receipts."""
    rows = [(one, one.reading(tesseract=tesseract)) for one in reads]
    fields = [right(one.sheet, reading) for one, reading in rows]
    latin = [row["status"] for (one, _), row in zip(rows, fields, strict=True) if not one.sheet.cyrillic]
    cyrillic = [reading.status for one, reading in rows if one.sheet.cyrillic]
    good = [one.verdict(tesseract=tesseract) for one in reads if one.sheet.status == "success"]
    near = [one.reading(tesseract=tesseract, amount=one.near_sum, last4=one.near_card) for one in reads]
    missed = [one.verdict(tesseract=tesseract, amount=one.near_sum) for one in reads]
    other = [one.verdict(tesseract=tesseract, last4=one.near_card) for one in reads]
    return {
        "n": len(reads),
        **{name: share([row[name] for row in fields]) for name in FIELDS},
        "status_latin": share(latin),
        "status_cyrillic_unknown": share([status == "unknown" for status in cyrillic]),
        "false_success": sum(reading.status == "success" and one.sheet.status != "success" for one, reading in rows),
        "expected_sum_present": {
            "true_yes": share([bool(reading.amount_present) for _, reading in rows]),
            "false_yes": sum(bool(reading.amount_present) for reading in near),
        },
        "own_card_present": {
            "true_yes": share([bool(reading.last4_present) for _, reading in rows]),
            "false_yes": sum(bool(reading.last4_present) for reading in near),
        },
        "genuine": len(good),
        "genuine_refused": sum(not verdict.claims for verdict in good),
        "genuine_person": share(["person_checks" in verdict.words for verdict in good]),
        "near_called_fits": sum("fits" in verdict.words for verdict in (*missed, *other)),
    }
