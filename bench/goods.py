"""A made-up shop's goods and their photos, drawn from a seed: what `bench.photos` measures the search on.

Near twins are made on purpose: the same print in another colour, the same cut with another print. No font and no
picture of the system is needed.
"""

from __future__ import annotations

import colorsys
import math
import random
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from bench.scenery import backdrop, hills, painted
from tests.drawing import font

Pixels: TypeAlias = NDArray[np.uint8]
Colour: TypeAlias = tuple[int, int, int]
Points: TypeAlias = list[tuple[float, float]]

SIDE = 640  # px of a garment
PHOTO = 720  # px of a shop's photo
PLAIN = "plain"
PRINTS = ("stripes", "checks", "dots", "signs", "sign", "sign", "words", "painting", "ikat", PLAIN, PLAIN)
SIGNS = tuple(chr(code) for code in (*range(0x2600, 0x2640), *range(0x2654, 0x2690), *range(0x2701, 0x27BF)))
WORDS = (
    "SABR",
    "BAXT",
    "YOZ",
    "МОДА",
    "URBAN",
    "NEVER",
    "STOP",
    "DREAM",
    "BAHOR",
    "2026",
    "DENIM",
    "CLUB",
    "TOGʻ",
    "NEW",
)


def _both(half: Points) -> Points:
    """An outline from its left half."""
    return half + [(1 - x, y) for x, y in reversed(half)]


CUTS: dict[str, Points] = {
    "tee": _both([(0.42, 0.10), (0.28, 0.14), (0.06, 0.30), (0.14, 0.42), (0.26, 0.34), (0.25, 0.92)]),
    "shirt": _both([(0.42, 0.10), (0.28, 0.13), (0.16, 0.30), (0.06, 0.80), (0.16, 0.83), (0.27, 0.42), (0.26, 0.92)]),
    "dress": _both([(0.40, 0.06), (0.34, 0.07), (0.33, 0.22), (0.37, 0.40), (0.18, 0.95)]),
    "skirt": _both([(0.33, 0.15), (0.12, 0.88)]),
    "pants": _both([(0.30, 0.06), (0.24, 0.95), (0.42, 0.95), (0.49, 0.35)]),
    "bag": _both([(0.36, 0.34), (0.14, 0.34), (0.10, 0.92)]),
    "mug": [
        (0.18, 0.18),
        (0.70, 0.18),
        (0.70, 0.32),
        (0.84, 0.32),
        (0.90, 0.42),
        (0.90, 0.60),
        (0.82, 0.70),
        (0.70, 0.70),
        (0.70, 0.88),
        (0.18, 0.88),
    ],
    "case": _both([(0.34, 0.04), (0.30, 0.08), (0.30, 0.92), (0.34, 0.96)]),
    "pillow": _both([(0.50, 0.14), (0.10, 0.10), (0.14, 0.50), (0.10, 0.90), (0.50, 0.86)]),
    "cap": [
        (0.16, 0.62),
        (0.20, 0.36),
        (0.36, 0.22),
        (0.56, 0.20),
        (0.74, 0.30),
        (0.80, 0.52),
        (0.97, 0.62),
        (0.94, 0.70),
        (0.70, 0.66),
        (0.16, 0.66),
    ],
    "scarf": _both([(0.30, 0.04), (0.30, 0.96)]),
    "shoe": [
        (0.06, 0.40),
        (0.20, 0.36),
        (0.36, 0.46),
        (0.62, 0.56),
        (0.88, 0.62),
        (0.95, 0.74),
        (0.94, 0.80),
        (0.06, 0.80),
    ],
}


@dataclass(frozen=True)
class Goods:
    """One product: its cut, its print, the seed of the print and its colours (the first is the cloth's)."""

    cut: str
    print: str
    seed: int
    colours: tuple[Colour, ...]
    tinted: bool = False

    @property
    def plain(self) -> bool:
        """Nothing is drawn on it: colour and cut are all there is to go by."""
        return self.print == PLAIN


def shade(h: float, s: float, v: float) -> Colour:
    """RGB of hue, saturation and value in 0..1."""
    red, green, blue = colorsys.hsv_to_rgb(h % 1, s, v)
    return int(255 * red), int(255 * green), int(255 * blue)


def palette(r: random.Random) -> tuple[Colour, ...]:
    """Four colours that go together or clash."""
    h = r.random()
    return tuple(
        shade(
            h + r.uniform(-0.05, 0.05) + (r.random() < 0.5) * 0.5 + i * 0.13 * (r.random() < 0.5),
            r.uniform(0.15, 0.95),
            r.uniform(0.25, 0.98),
        )
        for i in range(4)
    )


def assortment(count: int, seed: int) -> list[Goods]:
    """`count` products of a shop, mostly in threes: one design in other colours, or one cut with other prints."""
    r, found = random.Random(f"shop {seed}"), list[Goods]()
    while len(found) < count:
        cut, kind, number, colours = r.choice(tuple(CUTS)), r.choice(PRINTS), r.randint(0, 2**31 - 1), palette(r)
        found.append(Goods(cut, kind, number, colours))
        family = r.choice(("colour", "colour", "print", "alone"))
        for _ in range(0 if family == "alone" else 2):
            if family == "print":
                found.append(Goods(cut, r.choice(PRINTS[:-2]), r.randint(0, 2**31 - 1), colours))
            else:
                kept = kind in ("sign", "words", "painting")
                other = (palette(r)[0], *(colours if kept else palette(r))[1:])
                found.append(Goods(cut, kind, number, other, tinted=kind == "painting"))
    return found[:count]


# ---- cloth -----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def cloth(goods: Goods) -> Image.Image:
    """The square that is cut out, always the same for the same goods."""
    r, base = random.Random(goods.seed), Image.new("RGB", (SIDE, SIDE), goods.colours[0])
    makers = {"stripes": _stripes, "checks": _checks, "dots": _dots, "signs": _signs, "sign": _sign, "words": _words}
    if goods.print in makers:
        return makers[goods.print](base, r, goods.colours)
    if goods.print == "painting":
        return _painting(base, r, goods)
    return _ikat(base, goods) if goods.print == "ikat" else base


def _stripes(_: Image.Image, r: random.Random, colours: tuple[Colour, ...]) -> Image.Image:
    big = Image.new("RGB", (2 * SIDE, 2 * SIDE), colours[0])
    step, turn, x, i = r.randint(10, 60), r.choice((0, 0, 90, 45)), 0.0, 0
    while x < 2 * SIDE:
        wide = step * r.uniform(0.4, 1.4) if r.random() < 0.5 else float(step)
        ImageDraw.Draw(big).rectangle((x, 0, x + wide, 2 * SIDE), fill=colours[i % 3])
        x, i = x + wide, i + 1
    return big.rotate(turn).crop((SIDE // 2, SIDE // 2, SIDE // 2 + SIDE, SIDE // 2 + SIDE))


def _checks(base: Image.Image, r: random.Random, colours: tuple[Colour, ...]) -> Image.Image:
    step, lay = r.randint(24, 90), Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(lay)
    for x in range(step, SIDE, 2 * step):
        draw.rectangle((x, 0, x + step // 2, SIDE), fill=(*colours[1], 150))
        draw.rectangle((x + step // 2 + 4, 0, x + step // 2 + 8, SIDE), fill=(*colours[2], 220))
    for one in (lay, lay.rotate(90)):
        base.paste(one, (0, 0), one)
    return base


def _dots(base: Image.Image, r: random.Random, colours: tuple[Colour, ...]) -> Image.Image:
    step = r.randint(28, 90)
    radius, second, draw = step * r.uniform(0.15, 0.42), r.random() < 0.3, ImageDraw.Draw(base)
    for row, y in enumerate(range(0, SIDE + step, step)):
        for x in range(-step, SIDE + step, step):
            at = x + step // 2 * (row % 2)
            fill = colours[1 + (row % 2) * second]
            draw.ellipse((at - radius, y - radius, at + radius, y + radius), fill=fill)
    return base


@cache
def sign(text: str, fill: Colour, rim: Colour, core: Colour) -> Image.Image:
    """A sign in three colours, 136 px: what an emoji is to a print."""
    image = Image.new("RGBA", (136, 136), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.text((68, 68), text, font=font(104, True), fill=fill, stroke_width=5, stroke_fill=rim, anchor="mm")
    draw.text((68, 68), text, font=font(58, True), fill=core, anchor="mm")
    return image


def any_sign(r: random.Random) -> Image.Image:
    """A sign in colours of its own."""
    return sign(
        r.choice(SIGNS),
        shade(r.random(), r.uniform(0.5, 1), r.uniform(0.5, 1)),
        shade(r.random(), r.uniform(0.3, 1), r.uniform(0.15, 0.9)),
        shade(r.random(), r.uniform(0.3, 1), r.uniform(0.4, 1)),
    )


def _signs(base: Image.Image, r: random.Random, _: tuple[Colour, ...]) -> Image.Image:
    kinds = [any_sign(r) for _ in range(r.randint(1, 3))]
    for _ in range(r.randint(18, 60)):
        side = int(136 * r.uniform(0.35, 0.9))
        one = r.choice(kinds).resize((side, side)).rotate(r.uniform(0, 360), expand=True)
        base.paste(one, (r.randint(-40, SIDE), r.randint(-40, SIDE)), one)
    return base


def _sign(base: Image.Image, r: random.Random, colours: tuple[Colour, ...]) -> Image.Image:
    one = any_sign(r).resize((300, 300), Image.Resampling.LANCZOS).rotate(r.uniform(-12, 12), expand=True)
    base.paste(one, ((SIDE - one.width) // 2, int(SIDE * 0.40) - one.height // 2), one)
    if r.random() < 0.5:
        type_ = font(r.randint(34, 64), True)
        ImageDraw.Draw(base).text((SIDE // 2, SIDE * 0.70), r.choice(WORDS), font=type_, fill=colours[1], anchor="mm")
    return base


def _words(base: Image.Image, r: random.Random, colours: tuple[Colour, ...]) -> Image.Image:
    size, y = r.randint(44, 84), SIDE * 0.30
    for _ in range(r.randint(2, 4)):
        text = (SIDE / 2, y), r.choice(WORDS)
        ImageDraw.Draw(base).text(*text, font=font(size, True), fill=colours[1], anchor="mm")
        y += size * 1.15
    return base


def _painting(base: Image.Image, r: random.Random, goods: Goods) -> Image.Image:
    art = painted(random.Random(r.random()), SIDE, SIDE)
    if r.random() < 0.6:
        base.paste(art.resize((300, 300)), (SIDE // 2 - 150, int(SIDE * 0.40) - 150))
        art = base
    return Image.blend(art, Image.new("RGB", art.size, goods.colours[0]), 0.35) if goods.tinted else art


def _ikat(base: Image.Image, goods: Goods) -> Image.Image:
    draw, a, b = ImageDraw.Draw(base), SIDE * 0.09, SIDE * 0.085
    for j in range(7):
        for i in range(6):
            x, y = i * SIDE / 5, j * SIDE / 6
            for part, colour in zip((1.0, 0.6, 0.25), goods.colours[1:], strict=True):
                draw.polygon([(x, y - b * part), (x + a * part, y), (x, y + b * part), (x - a * part, y)], fill=colour)
    shifts = (np.random.RandomState(goods.seed).randn(SIDE) * 5).astype(int)
    rows = np.asarray(base)
    return Image.fromarray(np.stack([np.roll(rows[:, x], shifts[x], axis=0) for x in range(SIDE)], axis=1))


# ---- a garment in the hand, and its photo ----------------------------------------------------------------------------


def garment(goods: Goods, pose: int, warp: float = 1.0) -> Pixels:
    """RGBA of the goods lying as `pose` has it: folds, light, a bent outline. `warp` 1: as a shop lays it out."""
    rs = np.random.RandomState(pose % 2**31)
    mask = Image.new("L", (2 * SIDE, 2 * SIDE), 0)
    draw = ImageDraw.Draw(mask)
    draw.polygon([(x * 2 * SIDE, y * 2 * SIDE) for x, y in CUTS[goods.cut]], fill=255)
    if goods.cut == "bag":
        draw.arc((SIDE * 0.66, SIDE * 0.16, SIDE * 1.34, SIDE * 1.2), 180, 360, fill=255, width=36)
    soft = mask.filter(ImageFilter.GaussianBlur(7)).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    alpha = np.clip((np.asarray(soft).astype(np.float32) - 110) * 7, 0, 255)
    across, down = np.meshgrid(np.arange(SIDE, dtype=np.float32), np.arange(SIDE, dtype=np.float32))
    across = across + hills(rs, SIDE, 5) * 7 * warp + hills(rs, SIDE, 12) * 2 * warp
    down = down + hills(rs, SIDE, 5) * 7 * warp + hills(rs, SIDE, 12) * 2 * warp
    print_ = np.asarray(cloth(goods)).astype(np.float32)
    print_ = cv2.remap(print_, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    alpha = cv2.remap(alpha, across, down, cv2.INTER_LINEAR)
    height = cv2.GaussianBlur(hills(rs, SIDE, 7) + 0.5 * hills(rs, SIDE, 14), (0, 0), 5)
    folds = 1 + 0.13 * np.tanh(cv2.Sobel(height, cv2.CV_32F, 1, 0) * 5)
    weave = 1 + 0.02 * np.random.RandomState(goods.seed).randn(SIDE, SIDE).astype(np.float32)
    rim = 0.72 + 0.28 * cv2.GaussianBlur(alpha, (0, 0), 9) / 255
    lit = np.clip(print_ * (rim * folds * weave)[..., None], 0, 255)
    return np.dstack([lit, alpha]).astype(np.uint8)


def laid(
    rgba: Pixels, on: Pixels, *, scale: float, turn: float, at: tuple[float, float], tilt: float, r: random.Random
) -> Pixels:
    """A garment on a backdrop, with its shadow. `scale`, `at`: parts of the backdrop; `turn`: degrees; `tilt` 0..1."""
    height, width = on.shape[:2]
    half = scale * min(width, height) / 2
    t = math.radians(turn)
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) @ [
        [math.cos(t), math.sin(t)],
        [-math.sin(t), math.cos(t)],
    ]
    shaken = corners + [[r.uniform(-tilt, tilt), r.uniform(-tilt, tilt)] for _ in range(4)]
    to = shaken * half + [at[0] * width, at[1] * height]
    side = rgba.shape[0]
    lay = cv2.getPerspectiveTransform(
        np.array([(0, 0), (side, 0), (side, side), (0, side)], np.float32), to.astype(np.float32)
    )
    seen = cv2.warpPerspective(rgba, lay, (width, height), flags=cv2.INTER_AREA)
    alpha = seen[..., 3:].astype(np.float32) / 255
    shadow = np.roll(alpha[..., 0], (int(height * 0.015), int(width * 0.01)), (0, 1))
    dimmed = on * (1 - 0.35 * cv2.GaussianBlur(shadow, (0, 0), 9)[..., None])
    return np.clip(dimmed * (1 - alpha) + seen[..., :3] * alpha, 0, 255).astype(np.uint8)


def shop_photo(goods: Goods, seed: int) -> Pixels:
    """The shop's own photo, 720 x 720."""
    r = random.Random(f"photo {seed}")
    on = backdrop(r, PHOTO, PHOTO, r.choice(("studio", "studio", "studio", "gradient", "wood")))
    at = 0.5 + r.uniform(-0.03, 0.03), 0.5 + r.uniform(-0.03, 0.03)
    scale, turn = r.uniform(0.78, 0.95), r.uniform(-4, 4)
    return laid(garment(goods, seed), on, scale=scale, turn=turn, at=at, tilt=0.02, r=r)
