"""How long a question takes in a shop of 100,000 photos, scanned and with an index of its own, and what it costs.

    python -m bench.photos_many [--seed N] [--photos 100000] [--products 300] [--asked 20]

A drawn shop is crowded with mixtures of other drawn goods' vectors, each with the real local features of one of them,
so that what is read, unpacked and laid over a picture is as large as in life. What is found says little of a shop of
100,000 things; it compares the same questions with and without the index. The last line is JSON.
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
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from pgvector import HalfVector

from bench.photo_set import Question, questions
from bench.photos import described, looked, sku, three_sift
from kit import db, embedded
from vision import index_large
from vision.embed import SHAPE_DIM
from vision.image import open_safe
from vision.index import BUILTIN, Entry, PgVector
from vision.match import NEAREST, Match, find

SHOP = "many"
_BATCH = 2000
_OTHERS = 50_000  # added to the seed: goods of the crowd, that nobody asks for
_COLUMNS = ("shop_id", "model", "sku", "photo", "vector", "features")


def crowd(others: list[Entry], count: int, seed: int) -> Iterator[list[Entry]]:
    """`count` photos in batches: mixtures of two shapes of `others` with the colours of a third."""
    rs, shelf = np.random.RandomState(seed), np.stack([one.vector for one in others])
    made = 0
    while made < count:
        size = min(_BATCH, count - made)
        one, other, third = (rs.randint(len(others), size=size) for _ in range(3))
        share = rs.uniform(0.2, 0.8, (size, 1))
        noise = rs.standard_normal((size, SHAPE_DIM)) * 0.5 / SHAPE_DIM**0.5
        shape = share * shelf[one, :SHAPE_DIM] + (1 - share) * shelf[other, :SHAPE_DIM] + noise
        colour = 0.7 * shelf[third, SHAPE_DIM:] + 0.3 * shelf[one, SHAPE_DIM:]
        shape /= np.linalg.norm(shape, axis=1, keepdims=True)
        colour *= 1.1 / np.linalg.norm(colour, axis=1, keepdims=True)
        vectors = np.concatenate([shape, colour], axis=1).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        yield [
            Entry(f"x{made + i}", f"x{made + i}.jpg", vector, others[third[i]].features)
            for i, vector in enumerate(vectors)
        ]
        made += size


async def stock(pool: db.Pool, entries: list[Entry]) -> None:
    await pool.copy_records_to_table(
        "products",
        records=[(SHOP, one.sku, one.sku, 1, "UZS", [one.photo]) for one in entries],
        columns=("shop_id", "sku", "title_uz", "price", "currency", "photos"),
    )
    rows = [(SHOP, BUILTIN, one.sku, one.photo, HalfVector(one.vector), one.features) for one in entries]
    await pool.copy_records_to_table("photo_vectors", records=rows, columns=_COLUMNS)


def spread(seconds: list[float]) -> dict[str, float]:
    return {f"p{q}": round(1000 * float(np.percentile(seconds, q)), 1) for q in (50, 95)}


async def asked_all(index: PgVector, asked: list[Question]) -> tuple[dict[str, Any], list[Match], list[set[str]]]:
    """Times of whole questions and of their search alone; the answers, and the thirty nearest photos."""
    whole: list[float] = []
    search: list[float] = []
    bare: list[float] = []
    heard: list[Match] = []
    nearest: list[set[str]] = []
    for one in asked:
        data = one.path.read_bytes()
        look = looked(open_safe(data).array)
        bare.append(three_sift(data))
        started = time.perf_counter()
        found = await index.search(SHOP, BUILTIN, look.vectors, NEAREST)
        search.append(time.perf_counter() - started)
        nearest.append({photo.sku for photo in found})
        started = time.perf_counter()
        heard.append(await find(index, SHOP, open_safe(data)))
        whole.append(time.perf_counter() - started)
    return {"query_ms": spread(whole), "search_ms": spread(search), "three_sift_ms": spread(bare)}, heard, nearest


def right(asked: list[Question], heard: list[Match]) -> dict[str, float]:
    """Percent exact and right, exact and wrong; of the questions that have no answer those taken for something."""
    exact = [match.candidates[0].sku if match.verdict == "exact" else "" for match in heard]
    ours = [(one, found) for one, found in zip(asked, exact, strict=True) if one.right >= 0]
    others = [found for one, found in zip(asked, exact, strict=True) if one.right < 0]
    return {
        "accepted_correct": round(100 * float(np.mean([found == sku(one.right) for one, found in ours])), 1),
        "accepted_wrong": round(100 * float(np.mean([found not in ("", sku(one.right)) for one, found in ours])), 1),
        "strangers_accepted": round(100 * float(np.mean([bool(found) for found in others])), 1),
    }


async def measure(folder: Path, count: int, seed: int) -> dict[str, Any]:
    entries, _ = described(folder / "ours")
    others, _ = described(folder / "others")
    asked = questions(folder / "ours")
    with tempfile.TemporaryDirectory() as data:
        engines = await embedded.start(Path(data), postgres=True, redis=False)
        try:
            await db.migrate(engines.database_url)
            pool = await db.open_pool(engines.database_url, 2)
            await stock(pool, entries)
            for batch in crowd(others, count - len(entries), seed):
                await stock(pool, batch)
            await pool.execute("ANALYZE")
            index = PgVector(pool)
            await asked_all(index, asked[:5])  # what the first questions wait for is the disk
            scanned, answers, thirty = await asked_all(index, asked)
            started = time.perf_counter()
            await index.settle(SHOP, BUILTIN)
            built = time.perf_counter() - started
            assert await index_large.ready(pool, SHOP, BUILTIN)
            await asked_all(index, asked[:5])
            walked, heard, near = await asked_all(index, asked)
            name = index_large._name(SHOP, BUILTIN)
            size = await pool.fetchval("SELECT pg_relation_size(to_regclass($1))", name)
            await pool.close()
        finally:
            await engines.stop()
    same = [len(a & b) / len(a) for a, b in zip(thirty, near, strict=True)]
    return {
        "photos": count,
        "asked": len(asked),
        "scanned": {**scanned, **right(asked, answers)},
        "own_index": {**walked, **right(asked, heard), "same_thirty": round(100 * float(np.mean(same)), 1)},
        "build_s": round(built, 1),
        "index_mb": round(size / 2**20),
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="questions to a shop of very many photos")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--products", type=int, default=300, help="drawn ones among them")
    parser.add_argument("--asked", type=int, default=20, help="of each kind of picture")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, seed, asked in (("ours", options.seed, options.asked), ("others", options.seed + _OTHERS, 0)):
            some = (str(one) for one in (f"{folder}/{name}", seed, options.products, asked))
            subprocess.run([sys.executable, "-m", "bench.photo_set", *some], check=True)
        found = asyncio.run(measure(Path(folder), options.photos, options.seed))
    for name, value in found.items():
        print(f"{name:12}{value}")
    print(json.dumps({"seed": options.seed, **found}))


if __name__ == "__main__":
    main()
