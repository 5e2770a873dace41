"""Draws the pictures of the demo shop: `python demo/make_photos.py` writes demo/photos/*.jpg, always the same.

A picture is an outline (shapes.yaml) cut out of a print (prints.py), lit from the upper left, on a soft ground.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import yaml
from numpy.typing import NDArray
from prints import (
    SIDE,
    Image,
    checks,
    denim,
    dots,
    emblem,
    fade,
    flowers,
    ikat,
    knit,
    leather,
    noise,
    plain,
    rgb,
    rosettes,
    stripes,
    woven,
)

HERE = Path(__file__).parent
SHOWN = 800
QUALITY = 84
_UNIT = SIDE / 100
_GOLD = ("#c0392b", "#e9b44c", "#f7efe0", "#2e6f5e")
Mask = NDArray[np.float32]

# file: outline, ground, print
PICTURES: dict[str, tuple[str, str, Callable[[], Image]]] = {
    "koylak-bahor": ("dress", "#f3e6da", lambda: flowers("#f6efe4", ("#d9566b", "#e88d72", "#b83b5e"), "#7a9a6b", 11)),
    "koylak-atlas": ("dress", "#e8efe9", lambda: ikat(("#274c77", "#f4f1de", "#e9b44c", "#c8553d", "#2a6f60"))),
    "koylak-kechki": ("gown", "#ece6ef", lambda: fade("#45163a", "#7a2350")),
    "koylak-nuqtali": ("dress", "#e4ecf2", lambda: dots("#2f4b7c", "#f7f5ef", 5.5)),
    "bluzka": ("shirt", "#efe7e1", lambda: woven("#e9b8b0")),
    "yubka-plisse": ("skirt", "#eef0e6", lambda: woven("#6f7d5c")),
    "yubka-adras": ("skirt", "#f2e7dd", lambda: ikat(("#8d2b40", "#f3d9a4", "#2c4a52", "#e07a5f"), 9, 17)),
    "koylak-klassik": ("shirt", "#e6ebf0", lambda: woven("#9fbfdc")),
    "koylak-katak": ("shirt", "#eee9df", lambda: checks("#b5483a", "#2d3142", "#f3e3c3", 11)),
    "futbolka-togh": ("tee", "#e9e4da", lambda: emblem(woven("#f5f2ea"), "mountains", ("#e9974e", "#39596b"))),
    "futbolka-chiziq": ("tee", "#e5edf2", lambda: stripes("#f6f3ec", "#2b4468", 6.2, 0.42)),
    "futbolka-polo": ("polo", "#e3ece5", lambda: woven("#2f6f5b")),
    "futbolka-yulduz": ("tee", "#efe6ea", lambda: emblem(woven("#31323c"), "star", ("#e8c36a", "#e8c36a"), size=12)),
    "xudi": ("hoodie", "#ece7de", lambda: woven("#c7a780", depth=0.035)),
    "xudi-tolqin": (
        "hoodie",
        "#e6e9f1",
        lambda: emblem(woven("#3c4b78", depth=0.035), "wave", ("#f3efe6", "#e98a6d"), y=40),
    ),
    "sviter": ("sweater", "#efe8e4", lambda: knit("#a8556a")),
    "jinsi": ("trousers", "#ece8e0", lambda: denim("#4f7096")),
    "shim-klassik": ("trousers", "#e9ebea", lambda: woven("#4a4c53")),
    "kurtka": ("jacket", "#e9ece4", lambda: plain("#5c6b4a")),
    "puxovik": ("jacket", "#ece6e8", lambda: plain("#7d2f3e")),
    "palto": ("coat", "#eee8e0", lambda: woven("#b98d5f", depth=0.04)),
    "bolalar-koylak": (
        "dress",
        "#f6e9ec",
        lambda: flowers("#fbd9df", ("#ffffff", "#f19cae", "#f6c667"), "#9cc5a1", 23, 90, 3.6),
    ),
    "bolalar-futbolka": ("tee", "#e6f0ef", lambda: dots("#f4c95d", "#ffffff", 9, 0.22)),
    "kombinezon": ("overall", "#e9eef3", lambda: stripes("#dfe9f2", "#8fb3d1", 5, 0.35, across=False)),
    "krossovka-oq": ("sneaker", "#dfe8ee", lambda: leather("#e6e4df")),
    "krossovka-kok": ("sneaker", "#efe6dc", lambda: woven("#35588f", depth=0.04)),
    "krossovka-bolalar": ("sneaker", "#f3e8ec", lambda: woven("#e48aa4", depth=0.04)),
    "mokasin": ("slipon", "#ebe6de", lambda: leather("#7c4a2d")),
    "tufli": ("heel", "#f0e7e4", lambda: leather("#a32638")),
    "botinka": ("boot", "#e8e6e1", lambda: leather("#6b4528")),
    "shippak": ("slipper", "#e2edee", lambda: plain("#3f8c8c")),
    "sumka": ("handbag", "#f0e9e0", lambda: leather("#8a4a3c")),
    "sumka-suzani": ("tote", "#e7ece6", lambda: rosettes("#f4efe3", "#c0392b", "#26415c", "#4f7f5d", 24)),
    "ryukzak": ("backpack", "#e6e9ee", lambda: woven("#3a4a5e", depth=0.04)),
    "kepka": ("cap", "#ece8e2", lambda: woven("#c65d3b", depth=0.035)),
    "sharf": ("scarf", "#e9ebf0", lambda: checks("#6d7fa3", "#e9e4da", "#b5483a", 14)),
    "kamar": ("belt", "#ece6dd", lambda: leather("#4a2f20")),
    "kozoynak": ("glasses", "#f1ebe1", lambda: plain("#2d2a28")),
    "soat": ("watch", "#e6eae8", lambda: leather("#5b3a29")),
    "piyola": ("bowl", "#efe9df", lambda: rosettes("#f7f3ea", "#2a5c9a", "#2a5c9a", "#8fb0d6", 22)),
    "krujka": (
        "mug",
        "#e9eef0",
        lambda: emblem(plain("#e4dccb"), "mountains", ("#e07a5f", "#3d5a80"), x=44, y=58, size=15),
    ),
    "lagan": ("plate", "#f0e8de", lambda: rosettes("#f8f4ea", "#1f6f78", "#d08c3f", "#1f6f78", 20)),
    "yostiq": ("pillow", "#ebe6ee", lambda: rosettes("#3c2a4d", "#e0763c", "#f1d9a7", "#7fa58a", 30)),
    "sochiq": ("towel", "#eaf0ee", lambda: knit("#8fb8ac", 1.1)),
    "pled": ("blanket", "#efe8df", lambda: checks("#d9c7a8", "#8a5a44", "#3f5b4c", 16)),
    "fartuk": ("apron", "#f1ece2", lambda: flowers("#e9efe0", ("#e2725b", "#f2b134"), "#5f8d63", 31, 60, 4.0)),
}


def outline(path: str) -> list[NDArray[np.float32]]:
    """The closed or open curves of a path as points, in pixels."""
    curves: list[list[tuple[float, float]]] = []
    for name, numbers in re.findall(r"([MLCZ])([^MLCZ]*)", path):
        values = [float(number) for number in numbers.split()]
        points = list(zip(values[::2], values[1::2], strict=True))
        if name == "M":
            curves.append([points[0]])
        elif name == "L":
            curves[-1] += points
        elif name == "C":
            curves[-1] += _bezier(curves[-1][-1], *points)
    return [np.array(curve, dtype=np.float32) * _UNIT for curve in curves]


def _bezier(a: tuple[float, float], *rest: tuple[float, float]) -> list[tuple[float, float]]:
    b, c, d = rest
    steps = np.linspace(0, 1, 33)[1:, None]
    curve = (1 - steps) ** 3 * np.array(a) + 3 * (1 - steps) ** 2 * steps * np.array(b)
    curve = curve + 3 * (1 - steps) * steps**2 * np.array(c) + steps**3 * np.array(d)
    return [(float(x), float(y)) for x, y in curve]


def twin(curves: list[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
    """The same curves on the other side of the middle."""
    return [np.stack([SIDE - curve[:, 0], curve[:, 1]], axis=1) for curve in curves]


def shape_of(part: dict[str, Any]) -> list[list[NDArray[np.float32]]]:
    """The outlines of a part: one, or two for a mirrored one."""
    if "sym" in part:
        left = outline(part["sym"])[0]
        right = twin([left])[0][::-1]
        return [[np.concatenate([left, right])]]
    curves = outline(part["path"])
    return [curves, twin(curves)] if part.get("mirror") else [curves]


def mask_of(curves: list[NDArray[np.float32]]) -> Mask:
    """1 inside, 0 outside; a second curve is a hole."""
    mask = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(mask, [np.round(curve * 16).astype(np.int32) for curve in curves], 255, cv2.LINE_AA, shift=4)
    return mask.astype(np.float32) / 255


def light_on(mask: Mask, bulge: float, folds: float, seed: int) -> Mask:
    """How much light each point gets: round towards the edges, crumpled by folds, from the upper left."""
    inside = cv2.distanceTransform((mask > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    reach = 70.0 + 60.0 * bulge
    height = np.sqrt(np.clip(inside / reach, 0, 1)) * 46 * bulge
    if folds:
        height = height + folds * (noise(seed, 5, 0.45) * 15 + noise(seed + 1, 11, 0.5) * 5)
    height = cv2.GaussianBlur(height.astype(np.float32), (0, 0), 24)
    down, across = np.gradient(height)
    lit = np.clip(1.0 + 1.15 * (across * 0.55 + down * 0.45), 0.5, 1.13)
    return lit.astype(np.float32)


def paint(canvas: Image, part: dict[str, Any], cloth: Image, seed: int) -> Image:
    """`canvas` with one part on it, its shadow first."""
    for curves in shape_of(part):
        mask = mask_of(curves)
        if lift := part.get("lift", 0.0):
            shadow = cv2.GaussianBlur(np.roll(mask, (14, 8), (0, 1)), (0, 0), 16) * lift * 0.6
            canvas = canvas * (1 - shadow[..., None])
        lit = light_on(mask, part.get("bulge", 1.0), part.get("folds", 0.0), seed)
        color = fill_of(part.get("fill", "main"), cloth) * lit[..., None]
        canvas = canvas * (1 - mask[..., None]) + np.clip(color, 0, 1) * mask[..., None]
    return canvas


def fill_of(fill: str, cloth: Image) -> Image:
    """The cloth itself, one colour, or the cloth in another shade."""
    if fill == "main":
        return cloth
    if fill.startswith("shade:"):
        return np.clip(cloth * float(fill.removeprefix("shade:")), 0, 1)
    return plain(fill)


def draw_lines(canvas: Image, thing: dict[str, Any], cloth: Image) -> Image:
    """Seams, straps, laces and buttons."""
    average = cloth[SIDE // 4 : SIDE * 3 // 4, SIDE // 4 : SIDE * 3 // 4].mean(axis=(0, 1))
    picture = np.ascontiguousarray(canvas * 255, dtype=np.uint8)
    for line in thing.get("lines", ()):
        color = line_color(line["color"], average)
        curves = outline(line["path"])
        for curve in curves + (twin(curves) if line.get("mirror") else []):
            _stroke(picture, curve, max(2, round(line["width"] * _UNIT)), color, line.get("dashed", False))
    for x, y, radius, fill in thing.get("dots", ()):
        color = line_color(fill, average)
        middle = (round(x * _UNIT), round(y * _UNIT))
        cv2.circle(
            picture,
            (middle[0] + 2, middle[1] + 4),
            round(radius * _UNIT),
            [part * 0.4 for part in color],
            -1,
            cv2.LINE_AA,
        )
        cv2.circle(picture, middle, round(radius * _UNIT), color, -1, cv2.LINE_AA)
    return picture.astype(np.float32) / 255


def line_color(name: str, average: NDArray[np.float32]) -> list[float]:
    """A colour of the canvas for a line."""
    if name == "main":
        return [float(part) * 255 for part in average]
    if name.startswith("shade:"):
        return [min(255.0, float(part) * 255 * float(name.removeprefix("shade:"))) for part in average]
    return [float(part) * 255 for part in rgb(name)]


def _stroke(
    picture: NDArray[np.uint8], curve: NDArray[np.float32], width: int, color: list[float], dashed: bool
) -> None:
    points = np.round(curve * 16).astype(np.int32)
    if not dashed:
        cv2.polylines(picture, [points], False, color, width, cv2.LINE_AA, shift=4)
        return
    steps = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    for start in np.arange(0, steps[-1], 26):
        ends = [[float(np.interp(at, steps, curve[:, axis])) for axis in (0, 1)] for at in (start, start + 15)]
        cv2.polylines(
            picture, [np.round(np.array(ends) * 16).astype(np.int32)], False, color, width, cv2.LINE_AA, shift=4
        )


def ground(color: str, stands: bool) -> Image:
    """A soft wall, lighter in the middle; with a floor for what stands."""
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) / SIDE
    glow = 1.07 - 0.22 * np.hypot(x - 0.45, y - 0.4) ** 1.5
    if stands:
        glow = glow * (1 - 0.085 / (1 + np.exp(-(y - 0.7) * 26)))
    return np.clip(rgb(color) * glow[..., None], 0, 1).astype(np.float32)


def fall_shadow(canvas: Image, thing: dict[str, Any]) -> Image:
    """The shadow of the whole thing: under its soles when it stands, all around when it lies."""
    whole = np.max([mask_of(curves) for part in thing["parts"] for curves in shape_of(part)], axis=0)
    if thing.get("stands"):
        rows = np.flatnonzero(whole.max(axis=1) > 0.5)
        columns = np.flatnonzero(whole[rows[-1] - 120 : rows[-1]].max(axis=0) > 0.5)
        soft = np.zeros((SIDE, SIDE), np.float32)
        middle, reach = int((columns[0] + columns[-1]) / 2) + 14, int((columns[-1] - columns[0]) / 2)
        cv2.ellipse(soft, (middle, int(rows[-1]) - 6), (reach, 34), 0, 0, 360, 1.0, -1, cv2.LINE_AA)
        soft = cv2.GaussianBlur(soft, (0, 0), 22) * 0.5
    else:
        soft = cv2.GaussianBlur(np.roll(whole, (26, 16), (0, 1)), (0, 0), 30) * 0.32
    return canvas * (1 - soft[..., None] * np.array([0.9, 0.95, 1.0], np.float32))


def picture(name: str) -> NDArray[np.uint8]:
    """The finished picture of one product, BGR."""
    kind, wall, cloth_of = PICTURES[name]
    thing = yaml.safe_load((HERE / "shapes.yaml").read_text(encoding="utf-8"))[kind]
    cloth = cloth_of()
    canvas = fall_shadow(ground(wall, bool(thing.get("stands"))), thing)
    seed = sum(name.encode())
    for at, part in enumerate(thing["parts"]):
        canvas = paint(canvas, part, cloth, seed + 7 * at)
    canvas = draw_lines(canvas, thing, cloth)
    small = cv2.resize(canvas, (SHOWN, SHOWN), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray((np.clip(small, 0, 1) * 255).astype(np.uint8)[..., ::-1])


def main(names: list[str]) -> None:
    """Draws `names`, or all of them."""
    (HERE / "photos").mkdir(exist_ok=True)
    for name in names or PICTURES:
        cv2.imwrite(str(HERE / "photos" / f"{name}.jpg"), picture(name), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])


if __name__ == "__main__":
    main(sys.argv[1:])
