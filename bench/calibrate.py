"""Fits the weights of `vision.match` (vision/data/confidence.json) and reports how the photo search does.

    python -m bench.calibrate draw FOLDER SEED [PRODUCTS] [QUERIES]     draw a shop's photos and shoppers' pictures
    python -m bench.calibrate fit FOLDER...                             fit on these sets and write the weights
    python -m bench.calibrate report FOLDER...                          what shoppers would have heard

A set is a folder: catalog/0000.jpg ..., query/*.jpg and meta.json {"queries": [{type, gt, file}]}; gt is a catalogue
number or -1. Types: a screenshot, b forwarded, c own photo, m re-encoded by a messenger, d1 unrelated, d2 not ours.
Fit on some seeds, report on others. Each question is asked three times: as it is, of a shop with one photo in seven,
and of a shop that does not sell the thing any more.
"""

from __future__ import annotations

import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.drawing import jpeg, opened
from tests.pictures import as_messenger_sends, forwarded, product_png, screenshot_of, unrelated_png
from vision.embed import Builtin
from vision.image import open_safe
from vision.index import Found
from vision.local import describe
from vision.match import NEAREST, WEIGHTS, Seen, _compare, judge, signs
from vision.view import view, views

# a stranger's picture wrongly called ours is worse than asking once more
STRANGER_WEIGHT, PULL = 8.0, 1e-3


def draw(folder: Path, seed: int, products: int = 200, asked: int = 60) -> None:
    r = random.Random(seed)
    for name in ("catalog", "query"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    made: list[bytes] = []
    number = seed * 10_000
    while len(made) < products:
        number += 1
        for colouring in range(r.choice((1, 1, 3))):
            made.append(jpeg(opened(product_png(number, colouring=colouring)), 88))
    made = made[:products]
    for i, data in enumerate(made):
        (folder / f"catalog/{i:04d}.jpg").write_bytes(data)
    queries: list[dict[str, object]] = []

    def ask(kind: str, gt: int, data: bytes) -> None:
        file = f"{kind}_{len(queries):04d}.jpg"
        (folder / "query" / file).write_bytes(data)
        queries.append({"type": kind, "gt": gt, "file": file})

    for i in r.sample(range(products), asked):
        ask("a", i, screenshot_of(made[i], seed + i))
        ask("b", i, forwarded(made[i], seed + i))
        ask("m", i, as_messenger_sends(made[i], r.choice((320, 512, 800, 1280)), r.randint(35, 90)))
    for i in range(asked):
        ask("d1", -1, unrelated_png(number + i))
        stranger = product_png(number + 5_000 + i)
        ask("d2", -1, screenshot_of(stranger, i) if i % 2 else as_messenger_sends(stranger))
    (folder / "meta.json").write_text(json.dumps({"queries": queries}))


def look(folder: Path) -> list[tuple[str, str, list[Seen]]]:
    """(type, the right sku or "", evidence for the nearest photos) of every query of a set."""
    embedder = Builtin()
    skus, vectors, stored = [], [], {}
    for path in sorted((folder / "catalog").glob("*.jpg")):
        seen = view(open_safe(path.read_bytes()).array)
        skus.append(path.stem)
        vectors.append(embedder.embed(seen))
        stored[path.stem, ""] = describe(seen, embedder.codes(seen)).pack()
    shelf = np.stack(vectors).astype(np.float16).astype(np.float32)
    found = []
    for query in json.loads((folder / "meta.json").read_text())["queries"]:
        seen_views = views(open_safe((folder / "query" / query["file"]).read_bytes()).array)
        alike = (shelf @ np.stack([embedder.embed(one) for one in seen_views]).T).max(axis=1)
        nearest = [Found(skus[i], "", float(alike[i])) for i in np.argsort(-alike)[:NEAREST]]
        locals_ = [describe(one, embedder.codes(one)) for one in seen_views]
        right = skus[query["gt"]] if query["gt"] >= 0 else ""
        found.append((query["type"], right, _compare(locals_, nearest, stored)))
    return found


def shops(right: str, seen: list[Seen], rs: np.random.RandomState) -> Iterator[tuple[str, list[Seen]]]:
    """The same question in a full shop, in a small one, and in one that does not sell the thing."""
    yield "", seen
    yield "-few", [one for one in seen if one.sku == right or rs.rand() < 0.15]
    if right:
        yield "-gone", [one for one in seen if one.sku != right]


def fit(folders: list[Path]) -> None:
    rows, truth, weights = [], [], []
    names: list[str] = []
    rs = np.random.RandomState(0)
    for kind, right, seen in (one for folder in folders for one in look(folder)):
        for _, few in shops(right, seen, rs):
            for i, one in enumerate(few):
                numbers = signs(one, few[:i] + few[i + 1 :])
                names = list(numbers)
                rows.append(list(numbers.values()))
                truth.append(float(one.sku == right))
                weights.append(STRANGER_WEIGHT if kind.startswith("d") else 1.0)
    found = logistic(np.array(rows), np.array(truth), np.array(weights))
    note = f"bench.calibrate fit {' '.join(folder.name for folder in folders)}: {len(rows)} pairs"
    made = {"made": note, "weights": dict(zip(names, found.round(4).tolist(), strict=True))}
    WEIGHTS.write_text(json.dumps(made, indent=1) + "\n")


def logistic(x: np.ndarray, y: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Ridge logistic regression by Newton's method; the first column is the bias."""
    b = np.zeros(x.shape[1])
    pull = np.r_[0, np.full(x.shape[1] - 1, PULL * len(y) ** 0.5)]
    for _ in range(80):
        p = 1 / (1 + np.exp(-x @ b))
        slope = x.T @ (w * (p - y)) + pull * b
        b = b - np.linalg.solve((x * (w * p * (1 - p))[:, None]).T @ x + np.diag(pull + 1e-6), slope)
    return b


HEARD = ("first", "exact_right", "exact_wrong", "offered", "none")


def report(folders: list[Path]) -> dict[str, dict[str, float]]:
    """Percent of each type: named first, said exact and right, said exact and wrong, offered among similar, none."""
    heard: dict[str, list[tuple[bool, bool, bool, bool, bool]]] = defaultdict(list)
    rs = np.random.RandomState(1)
    for kind, right, seen in (one for folder in folders for one in look(folder)):
        for name, few in shops(right, seen, rs):
            match = judge(few)
            skus = [one.sku for one in match.candidates]
            first, exact = skus[:1] == [right], match.verdict == "exact"
            offered = match.verdict == "similar" and right in skus
            heard[kind + name].append((first, exact and first, exact and not first, offered, match.verdict == "none"))
    print(f"{'type':8} {'n':>4} " + " ".join(f"{name:>11}" for name in HEARD))
    figures = {}
    for name, rows in sorted(heard.items()):
        shares = 100 * np.array(rows, float).mean(axis=0)
        print(f"{name:8} {len(rows):4} " + " ".join(f"{share:11.0f}" for share in shares))
        figures[name] = {"n": len(rows), **dict(zip(HEARD, shares.round(1).tolist(), strict=True))}
    return figures


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    if what == "draw":
        draw(Path(rest[0]), *(int(part) for part in rest[1:]))
    else:
        {"fit": fit, "report": report}[what]([Path(part) for part in rest])
