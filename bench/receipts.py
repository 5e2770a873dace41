"""`make bench-receipts SEED=n`: how well payments' screens are read and judged, and what that costs.

    python -m bench.receipts [--seed N] [--count 100] [--bare 24] [--frauds 12] [--not 40] [--only fields,layouts,...]

Draws receipts from the seed, reads them in the product's own child process and judges them by the product's own verdict
with orders they belong to and orders they nearly belong to; then thirty layouts of another hand, pictures that are no
receipts, and frauds against the embedded PostgreSQL. The two engines alone run beside it on the same pictures. All is
drawn: the figures compare methods and versions, they promise no accuracy in life. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
from collections.abc import Sequence
from typing import Any

from bench import receipt_bare
from bench.receipt_asked import FIELDS, NAIVE, Read, drawn, figures, found_in, read, right, share
from bench.receipt_frauds import frauds
from bench.receipt_layouts import layouts
from bench.receipt_not import NOT
from tests.drawing import png
from vision import child, receipt_fields

_PARTS = ("fields", "layouts", "not", "frauds")
_OWING = 0.2  # agent.photos: below this likeness a picture is not even read


async def _fields(options: argparse.Namespace) -> tuple[dict[str, Any], list[Read]]:
    """Reads the drawn receipts; every `bare`-th also with each engine alone."""
    reads, alone = [], dict[str, list[tuple[Read, Any, float]]]({"rapidocr": [], "tesseract": []})
    made = drawn(options.seed, options.count)
    every = max(1, len(made) // options.bare) if options.bare else 0
    for i, (how, one, data, near) in enumerate(made):
        reads.append(await read(f"{i}", how, one, data, near))
        if every and i % every == 0:
            alone["rapidocr"].append((reads[-1], *await asyncio.to_thread(receipt_bare.rapidocr_alone, data)))
            if receipt_bare.has_tesseract():
                alone["tesseract"].append((reads[-1], *await asyncio.to_thread(receipt_bare.tesseract_alone, data)))
    beside = {
        name: {field: share([right(one.sheet, reading)[field] for one, reading, _ in some]) for field in FIELDS}
        | {"n": len(some), "ms": round(statistics.median(took for *_, took in some))}
        for name, some in alone.items()
        if some
    }
    ours = {
        "without_tesseract": figures(reads, tesseract=False),
        "bare": beside,
        "reading_ms": {"p50": _middle(reads, 50), "p95": _middle(reads, 95)},
    }
    return figures(reads, tesseract=True) | ours, reads


def _middle(reads: Sequence[Read], percent: int) -> int:
    took = sorted(one.ms for one in reads)
    return round(took[min(len(took) - 1, len(took) * percent // 100)])


async def _layouts(seed: int) -> dict[str, Any]:
    """The thirty of another hand, all genuine: how many are called wrong, how many a person must look at."""
    reads = [await read(name, "layout", one, png(image)) for name, one, image in layouts(seed, NAIVE)]
    found: dict[str, Any] = {"n": len(reads)}
    for name, tesseract in (("with_tesseract", True), ("without_tesseract", False)):
        verdicts = [one.verdict(tesseract=tesseract) for one in reads]
        fields = [right(one.sheet, one.reading(tesseract=tesseract)) for one in reads]
        found[name] = {
            "called_wrong": [
                f"{one.name}: {' '.join(verdict.words)}"
                for one, verdict in zip(reads, verdicts, strict=True)
                if not verdict.claims
            ],
            "person": share(["person_checks" in verdict.words for verdict in verdicts]),
            "not_a_success": sum(one.reading(tesseract=tesseract).status != "success" for one in reads),
            **{field: share([row[field] for row in fields]) for field in FIELDS},
        }
    return found


async def _not(seed: int, count: int) -> dict[str, Any]:
    """Pictures that are no receipts, sent by somebody who owes money: the share that is not kept as one."""
    found: dict[str, Any] = {}
    for kind, draw in NOT.items():
        kept = []
        for i in range(max(1, count // len(NOT))):
            data = draw(random.Random(f"{kind} {seed} {i}"))
            likely = receipt_bare.likeness(data)
            kept.append(likely >= _OWING and receipt_fields.parse(await found_in(data)).is_receipt)
        found[kind] = share([not one for one in kept])
    return found


# ---- tables ----------------------------------------------------------------------------------------------------------


def _table(reads: Sequence[Read], found: dict[str, Any]) -> None:
    """Fields by degradation and by language; the engines alone below."""
    print(f"{'share right':24}{'n':>5}" + "".join(f"{name:>16}" for name in FIELDS))
    for title, key in (("degradation", lambda one: one.how), ("language", lambda one: one.sheet.language)):
        for value in sorted({key(one) for one in reads}):
            some = [one for one in reads if key(one) == value]
            _row(f"{title} {value}", [right(one.sheet, one.reading(tesseract=True)) for one in some])
    _row("all", [right(one.sheet, one.reading(tesseract=True)) for one in reads])
    _row("all, no tesseract", [right(one.sheet, one.reading(tesseract=False)) for one in reads])
    for name, row in found["bare"].items():
        cells = "".join(f"{row[field]:>16.3f}" for field in FIELDS)
        title = f"{name} alone, {row['ms']} ms"
        print(f"{title:24}{row['n']:>5}{cells}")


def _row(title: str, rows: Sequence[dict[str, bool]]) -> None:
    cells = "".join(f"{share([row[name] for row in rows]):>16.3f}" for name in FIELDS)
    print(f"{title:24}{len(rows):>5}{cells}")


def _frauds_table(found: dict[str, Any]) -> None:
    print(f"\n{'fraud':44}{'n':>5}{'flagged':>10}{'paid':>7}")
    for name, row in found.items():
        if isinstance(row, dict) and "flagged" in row:
            print(f"{name + ' ' + row['what']:44}{row['n']:>5}{row['flagged']:>10}{row['paid']:>7}")


async def measure(options: argparse.Namespace) -> dict[str, Any]:
    """All parts asked for, as the JSON line has them."""
    found: dict[str, Any] = {"seed": options.seed, "load": round(os.getloadavg()[0], 1)}
    parts = options.only.split(",") if options.only else _PARTS
    with receipt_bare.Watch(lambda: child.the_child().pid) as watch:
        if "fields" in parts:
            fields, reads = await _fields(options)
            found |= fields
            found["verdict_ms"] = found.pop("reading_ms")
            _table(reads, found)
            if options.mistakes:
                _mistakes(reads)
        if "layouts" in parts:
            found["layouts"] = await _layouts(options.seed)
        if "not" in parts:
            found["not_kept"] = await _not(options.seed, options.no)
        if "frauds" in parts:
            found["frauds"] = await frauds(options.seed, options.frauds)
            _frauds_table(found["frauds"])
        found["peak_mb"] = round(watch.peak_mb)
    child.the_child().close()
    return found


def _mistakes(reads: Sequence[Read]) -> None:
    """Every field read wrong, for whoever mends the reader."""
    for one in reads:
        for tesseract in (True, False):
            reading = one.reading(tesseract=tesseract)
            for field, fine in right(one.sheet, reading).items():
                if not fine and not (field == "status" and not tesseract and reading.status == "unknown"):
                    truth = one.sheet.at if field == "date" else getattr(one.sheet, field)
                    print(
                        f"{one.name} {one.how} {one.sheet.language} {'' if tesseract else 'without tesseract '}{field}:"
                        f" {getattr(reading, field)}, not {truth}"
                    )


def main() -> None:
    parser = argparse.ArgumentParser(description="how well payments' screens are read and judged")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100, help="receipts; each takes about two seconds")
    parser.add_argument("--bare", type=int, default=24, help="of them read by each engine alone as well")
    parser.add_argument("--frauds", type=int, default=12, help="tries of each fraud")
    parser.add_argument("--not", type=int, default=40, dest="no", help="pictures that are no receipts")
    parser.add_argument("--only", default="", help=f"parts, by commas: {','.join(_PARTS)}")
    parser.add_argument("--mistakes", action="store_true", help="name every field that was read wrong")
    found = asyncio.run(measure(parser.parse_args()))
    for name in ("layouts", "not_kept"):
        if name in found:
            print(f"\n{name}: {json.dumps(found[name], ensure_ascii=False)}")
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
