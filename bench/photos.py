"""`make bench-photos SEED=n`: how the photo search does on a shop drawn from a seed, and what it costs.

    python -m bench.photos [--seed N] [--folder SET] [--products 300] [--asked 80] [--pictures docs/pictures]

Draws the set of a seed (or takes one), puts it into the embedded PostgreSQL and asks as the product does. The pictures
are drawn: the figures compare methods and versions, they promise no accuracy in life. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from bench.photo_plain import compared
from bench.photo_set import TYPES, Question, catalogue, questions
from kit import db, embedded
from vision.image import Pixels, open_safe
from vision.index import BUILTIN, Entry, PgVector
from vision.match import NEAREST, Look, Match, find
from vision.match import described as described_view
from vision.shelve import describe_photo
from vision.view import CONTRAST, POINTS, inside, view, whole

SHOP, BIG = "drawn", "big"
BIG_PRODUCTS = 1000
TIMED = 48  # questions that are asked of the big shop, with the bare SIFT calls between them


@dataclass(frozen=True)
class Heard:
    """A question and what the shopper would have heard."""

    question: Question
    match: Match

    @property
    def right(self) -> str:
        """The sku that it should be; empty: none."""
        return sku(self.question.right) if self.question.right >= 0 else ""

    @property
    def rank(self) -> int:
        """0: the right one stands first; 99: it is not named."""
        named = [one.sku for one in self.match.candidates]
        return named.index(self.right) if self.right in named else 99


def sku(number: int) -> str:
    """The sku of a photo of the set."""
    return f"{number:04d}"


async def stock(pool: db.Pool, shop: str, entries: list[Entry]) -> None:
    """Products with these photos, described already."""
    await pool.executemany(
        "INSERT INTO products (shop_id, sku, title_uz, price, currency, photos) VALUES ($1, $2, $2, 1, 'UZS', $3)",
        [(shop, one.sku, [one.photo]) for one in entries],
    )
    await PgVector(pool).put(shop, BUILTIN, entries)


def described(folder: Path) -> tuple[list[Entry], list[float]]:
    """The shop's photos as the index keeps them, and the seconds each took."""
    entries, took = [], []
    for number, path in enumerate(catalogue(folder)):
        started = time.perf_counter()
        entries.append(Entry(sku(number), f"{sku(number)}.jpg", *describe_photo(open_safe(path.read_bytes()).array)))
        took.append(time.perf_counter() - started)
    return entries, took


def crowd(entries: list[Entry]) -> list[Entry]:
    """`BIG_PRODUCTS` products: the set's, and others near them, for the time that a search takes."""
    rs = np.random.RandomState(1)
    some = list(entries)
    while len(some) < BIG_PRODUCTS:
        one, other = entries[rs.randint(len(entries))], entries[rs.randint(len(entries))]
        near = one.vector + rs.standard_normal(len(one.vector)).astype(np.float32) * 0.02
        some.append(Entry(f"x{len(some)}", f"x{len(some)}.jpg", near / np.linalg.norm(near), other.features))
    return some


def looked(array: Pixels) -> Look:
    """A picture with all its views described."""
    look = Look()
    for one in (whole(array), *inside(array)):
        look.add(*described_view(one))
    return look


def three_sift(data: bytes) -> float:
    """Seconds that three bare SIFT calls take on a picture just now: what a question is measured beside."""
    grey = cv2.cvtColor(view(open_safe(data).array).array, cv2.COLOR_RGB2GRAY)
    started = time.perf_counter()
    for _ in range(3):
        cv2.SIFT.create(nfeatures=POINTS, contrastThreshold=CONTRAST).detectAndCompute(grey, None)
    return time.perf_counter() - started


async def times(index: PgVector, asked: list[Question]) -> dict[str, dict[str, float]]:
    """Milliseconds of a whole question to a shop of 1,000 products, and of three bare SIFT calls between them."""
    ours, bare = [], []
    for one in asked[:: max(1, len(asked) // TIMED)][:TIMED]:
        data = one.path.read_bytes()
        bare.append(three_sift(data))
        started = time.perf_counter()
        await find(index, BIG, open_safe(data))
        ours.append(time.perf_counter() - started)
    return {
        name: {"p50": round(1000 * float(np.median(some)), 1), "p95": round(1000 * float(np.percentile(some, 95)), 1)}
        for name, some in (("query_ms", ours), ("three_sift_ms", bare))
    }


async def same_as_scan(index: PgVector, entries: list[Entry], asked: list[Question]) -> float:
    """Percent of the nearest photos that pgvector and an exact scan in numpy agree on."""
    shelf, same = np.stack([one.vector for one in entries]), []
    for one in asked[:: max(1, len(asked) // 20)]:
        look = looked(open_safe(one.path.read_bytes()).array)
        alike = (shelf @ np.stack(look.vectors).T).max(axis=1)
        scanned = {entries[i].sku for i in np.argsort(-alike)[:NEAREST]}
        found = await index.search(SHOP, BUILTIN, look.vectors, NEAREST)
        same.append(len(scanned & {photo.sku for photo in found}) / NEAREST)
    return round(100 * float(np.mean(same)), 1)


def figures(heard: list[Heard]) -> dict[str, dict[str, float]]:
    """Percent by type, as the JSON line has them."""
    found: dict[str, dict[str, float]] = {}
    for kind in TYPES:
        some = [one for one in heard if one.question.type == kind]
        if not some:
            continue
        exact = [one.match.verdict == "exact" for one in some]
        right = [one.rank == 0 for one in some]
        rows = {
            "r1": right,
            "r5": [one.rank < 5 for one in some],
            "accepted_correct": [a and b for a, b in zip(exact, right, strict=True)],
            "accepted_wrong": [a and not b for a, b in zip(exact, right, strict=True)],
            "offered": [one.match.verdict == "similar" and one.rank < 5 for one in some],
        }
        if some[0].question.right < 0:
            rows = {"accepted": exact, "offered": [one.match.verdict == "similar" for one in some]}
        found[kind] = {"n": len(some)} | {name: round(100 * float(np.mean(row)), 1) for name, row in rows.items()}
    return found


def calibration_error(heard: list[Heard], bins: int = 10) -> float:
    """How far the first candidate's confidence is from how often it is right, over equal bins (ECE, 0..1)."""
    first = [(one.match.candidates[0].confidence, one.rank == 0) for one in heard if one.match.candidates]
    p, right = np.array(first, float).T
    place = (p * bins).astype(int).clip(0, bins - 1)
    gaps = [abs(p[place == k].sum() - right[place == k].sum()) for k in range(bins)]
    return round(float(sum(gaps)) / len(p), 3)


def table(types: dict[str, dict[str, float]], plain: dict[str, dict[str, dict[str, float]]]) -> None:
    columns = ("n", "r1", "r5", "accepted_correct", "accepted_wrong", "accepted", "offered")
    print(f"{'type':12}" + "".join(f"{name:>17}" for name in columns))
    for kind, row in types.items():
        print(f"{kind:12}" + "".join(f"{row.get(name, ''):>17}" for name in columns))
    print(f"\n{'R@1 / R@5':24}" + "".join(f"{kind:>16}" for kind in TYPES[:4]))
    for name, rows in {"this": types, **plain}.items():
        cells = (f"{rows[kind]['r1']:.0f} / {rows[kind]['r5']:.0f}" if kind in rows else "" for kind in TYPES[:4])
        print(f"{name:24}" + "".join(f"{cell:>16}" for cell in cells))


async def measure(folder: Path, pictures: Path | None) -> dict[str, object]:
    entries, took = described(folder)
    asked = questions(folder)
    with tempfile.TemporaryDirectory() as data:
        engines = await embedded.start(Path(data), postgres=True, redis=False)
        try:
            await db.migrate(engines.database_url)
            pool = await db.open_pool(engines.database_url, 2)
            await stock(pool, SHOP, entries)
            await stock(pool, BIG, crowd(entries))
            index = PgVector(pool)
            heard = [Heard(one, await find(index, SHOP, open_safe(one.path.read_bytes()))) for one in asked]
            cost, same = await times(index, asked), await same_as_scan(index, entries, asked)
            await pool.close()
        finally:
            await engines.stop()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    types, plain = figures(heard), compared(folder)
    table(types, plain)
    size = sum(len(one.features or b"") + 2 * len(one.vector) for one in entries) / len(entries)
    others = {
        **cost,
        "index_ms": round(1000 * float(np.median(took)), 1),
        "rss_mb": round(peak),
        "bytes": round(size),
        "calibration_error": calibration_error(heard),
        "same_as_scan": same,
    }
    print("\n" + ", ".join(f"{name} {value}" for name, value in others.items()))
    if pictures is not None:
        from bench.photo_pictures import show

        show(folder, heard, pictures)
    return {**types, **others, "plain": plain}


def main() -> None:
    parser = argparse.ArgumentParser(description="how well pictures find products")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="a set that is drawn already (bench.photo_set)")
    parser.add_argument("--products", type=int, default=300)
    parser.add_argument("--asked", type=int, default=80)
    parser.add_argument("--pictures", type=Path, help="where to draw the confusion and example answers")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        if options.folder is None:
            some = (str(one) for one in (folder, options.seed, options.products, options.asked))
            subprocess.run(
                [sys.executable, "-m", "bench.photo_set", *some], check=True
            )  # its memory is not the search's
        found = asyncio.run(measure(folder, options.pictures))
    print(json.dumps({"seed": options.seed, **found}))


if __name__ == "__main__":
    main()
