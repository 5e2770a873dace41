"""A set of pictures to measure the photo search on: a shop's photos, what shoppers send, and the truth about it.

    python -m bench.photo_set FOLDER SEED [PRODUCTS] [ASKED]

A set is a folder: catalog/0000.jpg ..., query/*.jpg and meta.json {"queries": [{type, gt, file}]}; gt is a number
of the catalogue or -1. A set of another maker is read too: types a, b, c, d1, d2, and "specs" to tell plain goods.
"""

from __future__ import annotations

import json
import random
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from bench.asked import forwarded, own, reopened, screenshot, unrelated
from bench.goods import PLAIN, assortment, shop_photo

TYPES = ("screenshot", "forwarded", "own", "own_plain", "unrelated", "lookalike")
_OTHERS = {"a": "screenshot", "b": "forwarded", "c": "own", "d1": "unrelated", "d2": "lookalike"}
TRAINING = 1_000_000  # added to a seed: the codebook's pictures are of goods that no set shows


@dataclass(frozen=True)
class Question:
    """A shopper's picture: its type, the right product's number or -1, its file."""

    type: str
    right: int
    path: Path


def draw(folder: Path, seed: int, products: int = 300, asked: int = 80) -> None:
    """Draw a set into `folder`: `asked` pictures of each type, half as many `unrelated` and `lookalike`."""
    r = random.Random(f"set {seed}")
    for name in ("catalog", "query"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    goods, photos = assortment(products, seed), list[Image.Image]()
    for i, one in enumerate(goods):
        data, photo = reopened(shop_photo(one, 10_000 * seed + i))
        (folder / f"catalog/{i:04d}.jpg").write_bytes(data)
        photos.append(photo)
    queries: list[dict[str, object]] = []

    def ask(kind: str, right: int, data: bytes) -> None:
        file = f"{kind}_{len(queries):04d}.jpg"
        (folder / "query" / file).write_bytes(data)
        queries.append({"type": kind, "gt": right, "file": file})

    for i in r.sample(range(products), min(asked, products)):
        ask("screenshot", i, screenshot(photos[i], r))
    for i in r.sample(range(products), min(asked, products)):
        ask("forwarded", i, forwarded(photos[i], r))
    for kind, plain in (("own", False), ("own_plain", True)):
        some = [i for i, one in enumerate(goods) if one.plain == plain]
        for i in r.sample(some * (1 + asked // len(some)), asked) if some else ():
            ask(kind, i, own(goods[i], r))
    strangers = assortment(asked, seed + 777)
    for i in range(asked // 2):
        ask("unrelated", -1, unrelated(r, i))
        other = strangers[2 * i]
        photo = reopened(shop_photo(other, r.randint(10**9, 2 * 10**9)))[1]
        ask("lookalike", -1, own(other, r) if i % 2 else screenshot(photo, r))
    (folder / "meta.json").write_text(json.dumps({"seed": seed, "queries": queries}))


def training(count: int, seed: int = TRAINING) -> list[bytes]:
    """Pictures to learn a codebook from: by turns as the shop shows its goods and as shoppers photograph them."""
    found = []
    for i, one in enumerate(assortment(count, seed)):
        photo = reopened(shop_photo(one, 10_000 * seed + i))
        found.append(own(one, random.Random(i)) if i % 2 else photo[0])
    return found


def catalogue(folder: Path) -> list[Path]:
    """The shop's photos by number."""
    return sorted((folder / "catalog").glob("*.jpg"))


def questions(folder: Path) -> list[Question]:
    """What shoppers ask in a set."""
    meta = json.loads((folder / "meta.json").read_text())
    found = []
    for one in meta["queries"]:
        kind, right = _OTHERS.get(one["type"], one["type"]), int(one["gt"])
        if kind == "own" and "specs" in meta and meta["specs"][right]["print"] == PLAIN:
            kind = "own_plain"
        found.append(Question(kind, right, folder / "query" / one["file"]))
    return found


if __name__ == "__main__":
    draw(Path(sys.argv[1]), *(int(part) for part in sys.argv[2:]))
