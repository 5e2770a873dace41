"""How long it takes until a shop's photos can be found: as after an import, with both threads of `vision.work`.

    python -m bench.photo_index [--photos 1000] [--each 3]

A hundred drawn photos are saved anew at other sizes until there are enough, `--each` to a product. It is broken off
once in the middle and goes on from there. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
import time
from pathlib import Path

import uvloop
from PIL import Image

from bench.goods import assortment, shop_photo
from kit import db, embedded
from kit.media import Store
from tests.drawing import jpeg
from vision.shelve import index_photos

SHOP, DRAWN = "drawn", 100


def photos(media: Store, count: int) -> list[str]:
    """Names of `count` different photos of about 700 px in the store."""
    drawn = [Image.fromarray(shop_photo(one, i)) for i, one in enumerate(assortment(DRAWN, 1))]
    r = random.Random(1)
    sides = [(r.randint(640, 900), r.randint(75, 95)) for _ in range(count)]
    return [media.put(jpeg(drawn[i % DRAWN].resize((side, side)), quality)) for i, (side, quality) in enumerate(sides)]


async def measure(folder: Path, count: int, each: int) -> dict[str, float]:
    media, engines = Store(folder / "media"), await embedded.start(folder, postgres=True, redis=False)
    try:
        await db.migrate(engines.database_url)
        pool = await db.open_pool(engines.database_url, 2)
        names = photos(media, count)
        await pool.executemany(
            "INSERT INTO products (shop_id, sku, title_uz, price, currency, photos) VALUES ($1, $2, $2, 1, 'UZS', $3)",
            [(SHOP, f"{i:05d}", names[i : i + each]) for i in range(0, count, each)],
        )
        started = time.perf_counter()
        try:
            await asyncio.wait_for(index_photos(pool, media, SHOP), 5)
        except TimeoutError:
            first = await pool.fetchval("SELECT count(*) FROM photo_vectors WHERE shop_id = $1", SHOP)
        else:
            first = count
        rest = await index_photos(pool, media, SHOP)
        took = time.perf_counter() - started
        again = await index_photos(pool, media, SHOP)
        stored = await pool.fetchval("SELECT count(*) FROM photo_vectors WHERE shop_id = $1", SHOP)
        await pool.close()
    finally:
        await engines.stop()
    figures = {"photos": stored, "seconds": round(took, 1), "before_the_break": first, "after_it": rest, "again": again}
    print(", ".join(f"{name} {value}" for name, value in figures.items()))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description="seconds to index a shop's photos")
    parser.add_argument("--photos", type=int, default=1000)
    parser.add_argument("--each", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = uvloop.run(measure(Path(folder), options.photos, options.each))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
