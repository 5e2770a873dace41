"""Screens of made-up payment apps for `bench.receipts`, drawn from a seed: three arrangements, and what a camera, a
messenger and a hasty crop make of them.
"""

from __future__ import annotations

import importlib.util
import math
import random
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from bench.receipt_sheet import Sheet
from tests.drawing import jpeg, opened, png

Colour = tuple[int, int, int]

# in matplotlib's wheel; the others are used where the machine has them
_FAMILIES = {
    "dejavu": ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    "serif": ("DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf"),
    "mono": ("DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf"),
    "noto": ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
    "liberation": ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
    "open": ("OpenSans-Regular.ttf", "OpenSans-Bold.ttf"),
    "roboto": ("Roboto-Regular.ttf", "Roboto-Bold.ttf"),
    "inter": ("Inter-Regular.otf", "Inter-Bold.otf"),
}
_SCREENS = ("dejavu", "noto", "liberation", "open", "roboto", "inter")
_BRANDS = ((0, 115, 255), (51, 190, 190), (112, 0, 235), (0, 150, 70), (200, 140, 30), (0, 70, 160), (230, 60, 50))
DEGRADATIONS = ("clean", "q40", "telegram", "small", "crop", "photo")


@cache
def _files() -> dict[str, Path]:
    spec = importlib.util.find_spec("matplotlib")
    assert spec is not None and spec.origin is not None
    found = {path.name: path for path in Path("/usr/share/fonts").rglob("*.[ot]tf")}
    wheel = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"
    return found | {path.name: path for path in wheel.glob("*.ttf")}


@cache
def families() -> tuple[str, ...]:
    """Families of a phone's screen that this machine has."""
    return tuple(name for name in _SCREENS if all(file in _files() for file in _FAMILIES[name]))


@cache
def font(family: str, size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """A font of the family, or DejaVu Sans where the machine does not have it."""
    name = _FAMILIES[family][bold]
    return ImageFont.truetype(str(_files().get(name) or _files()[_FAMILIES["dejavu"][bold]]), max(8, size))


class Pen:
    """A sheet of paper to write on, `k` px a point, in one family."""

    def __init__(self, width: int, height: int, k: float, family: str, ground: Colour, ink: Colour) -> None:
        self.image = Image.new("RGB", (width, height), ground)
        self.draw = ImageDraw.Draw(self.image)
        self.width, self.height, self.k, self.family, self.ink = width, height, k, family, ink

    def font(self, size: float, bold: bool = False) -> ImageFont.FreeTypeFont:
        """Its font, `size` points."""
        return font(self.family, round(size * self.k), bold)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        anchor: str = "lm",
        fill: Colour | None = None,
    ) -> float:
        """Writes `text`, as small as the sheet needs it; the width it took, px."""
        if not _whole(self.family, text):
            return self._in_dejavu(x, y, text, size, bold=bold, anchor=anchor, fill=fill)
        room = self.width - 2 * 20 * self.k if anchor[0] == "m" else 0.62 * self.width
        while size > 13 and self.draw.textlength(text, font=self.font(size, bold)) > room:
            size -= 1
        self.draw.text((x, y), text, font=self.font(size, bold), fill=fill or self.ink, anchor=anchor)
        return self.draw.textlength(text, font=self.font(size, bold))

    def _in_dejavu(self, x: float, y: float, text: str, size: float, **how: Any) -> float:
        """The text in the one family that has every letter of the four languages."""
        family, self.family = self.family, "dejavu"
        taken = self.text(x, y, text, size, **how)
        self.family = family
        return taken


def _whole(family: str, text: str) -> bool:
    """Whether the family has every letter of the text."""
    return family == "dejavu" or all(_has(family, letter) for letter in set(text) if letter > "~")


@cache
def _has(family: str, letter: str) -> bool:
    made = font(family, 20)
    return bytes(made.getmask(letter)) != bytes(made.getmask("\uffff"))


def colours(dark: bool, r: random.Random) -> tuple[Colour, Colour, Colour, Colour]:
    """Ground, card, ink and pale ink of a theme."""
    if dark:
        ground = r.choice(((18, 20, 26), (0, 0, 0), (28, 28, 34)))
        return ground, (ground[0] + 16, ground[1] + 16, ground[2] + 20), (238, 238, 242), (150, 155, 165)
    return r.choice(((255, 255, 255), (245, 246, 250), (240, 243, 240))), (255, 255, 255), (22, 24, 30), (115, 120, 130)


def rows(sheet: Sheet, r: random.Random, *, hero: bool, twice: bool = False) -> list[tuple[str, str]]:
    """Labels and values in the order of one screen. `hero`: the sum stands above them in large letters."""
    words = sheet.words
    made = [(words["card"], sheet.card(sheet.last4))]
    made += [(words["sender"], sheet.card(sheet.sender_last4))] if r.random() < 0.6 else []
    made += [(words["name"], sheet.name), (words["date"], sheet.when()), (words["id"], sheet.transaction_id)]
    made += [(words["fee"], sheet.money(sheet.fee))] if sheet.fee or r.random() < 0.7 else []
    made += [(words["total"], sheet.money(sheet.total))] if r.random() < 0.35 else []
    made += [(words["balance"], sheet.money(sheet.balance))] if sheet.balance else []
    if r.random() < 0.5:
        r.shuffle(made)
    made += [(words["status"], sheet.phrase)] if not hero and r.random() < 0.5 else []
    return [(words["amount"], sheet.money(sheet.amount))] * (not hero or twice or r.random() < 0.4) + made


def screen(sheet: Sheet, r: random.Random, *, dark: bool | None = None, twice: bool = False) -> Image.Image:
    """The receipt on a phone's screen: brand, sign, phrase, sum, rows; cut below or with a button at its foot.

    `twice`: the sum stands in large letters and in a row.
    """
    dark = r.random() < 0.4 if dark is None else dark
    ground, card, ink, pale = colours(dark, r)
    brand = r.choice(_BRANDS)
    width = r.choice((720, 828, 1080))
    k, hero = width / 720, r.random() < 0.75 or twice
    lines, stacked = rows(sheet, r, hero=hero, twice=twice), r.random() < 0.25
    pen = Pen(width, int(width * r.uniform(1.75, 2.15)), k, r.choice(families()), ground, ink)
    y = _head(pen, sheet, r, brand) + 20 * k
    y = _sign(pen, sheet, r, y, brand)
    pen.text(width / 2, y, sheet.phrase, 30, bold=True, anchor="mm")
    y += 64 * k
    if hero:
        pen.text(
            width / 2, y + 26 * k, sheet.minus + sheet.money(sheet.head or sheet.amount), 54, bold=True, anchor="mm"
        )
        y += 96 * k
    step = (80 if stacked else 68) * k
    pen.draw.rounded_rectangle((24 * k, y, width - 24 * k, y + step * len(lines) + 20 * k), 20 * k, fill=card)
    for label, value in lines:
        y += step
        if stacked:
            pen.text(48 * k, y - 44 * k, label, 21, fill=pale)
            pen.text(48 * k, y - 14 * k, value, 27, bold=True)
        else:
            taken = pen.text(48 * k, y - 24 * k, label, 23, fill=pale)
            size = 26.0
            while size > 15 and pen.draw.textlength(value, font=pen.font(size, True)) > width - 110 * k - taken:
                size -= 1
            pen.text(width - 48 * k, y - 24 * k, value, size, bold=True, anchor="rm")
    foot = pen.height - 110 * k
    if r.random() < 0.5 and y < foot - 40 * k:
        pen.draw.rounded_rectangle((24 * k, foot, width - 24 * k, foot + 80 * k), 18 * k, fill=brand)
        pen.text(width / 2, foot + 40 * k, sheet.words["thanks"], 28, bold=True, anchor="mm", fill=(255, 255, 255))
        return pen.image
    return pen.image.crop((0, 0, width, int(min(pen.height, max(y + 50 * k, 0.6 * pen.height)))))


def _head(pen: Pen, sheet: Sheet, r: random.Random, brand: Colour) -> float:
    """The phone's own line and the app's; where they end, px."""
    k, width = pen.k, pen.width
    pen.text(30 * k, 28 * k, r.choice(("12:40", "21:07", "9:41", "08:15")), 24, bold=True)
    pen.text(width - 30 * k, 28 * k, r.choice(("LTE 87%", "5G 43%", "4G 100%")), 22, anchor="rm")
    full = r.random() < 0.6
    if full:
        pen.draw.rectangle((0, 66 * k, width, 166 * k), fill=brand)
    where = (width / 2, "mm") if r.random() < 0.7 else (40 * k, "lm")
    pen.text(where[0], 116 * k, sheet.app, 42, bold=True, anchor=where[1], fill=(255, 255, 255) if full else brand)
    return 170 * k


def _sign(pen: Pen, sheet: Sheet, r: random.Random, y: float, brand: Colour) -> float:
    """The round sign: in the colour of its meaning, of the brand, or none."""
    meaning = {"success": (30, 180, 90), "failed": (225, 50, 60), "pending": (240, 160, 20)}[sheet.status]
    colour = r.choice((meaning, meaning, brand, None))
    if colour is None:
        return y + 40 * pen.k
    x, half = pen.width / 2, 52 * pen.k
    pen.draw.ellipse((x - half, y, x + half, y + 2 * half), fill=colour)
    stroke = {
        "success": ((-0.5, 0), (-0.1, 0.4), (0.5, -0.4)),
        "failed": ((-0.4, -0.4), (0.4, 0.4), (0, 0), (0.4, -0.4), (-0.4, 0.4)),
        "pending": ((0, -0.5), (0, 0.1), (0.4, 0.3)),
    }[sheet.status]
    points = [(x + half * dx, y + half * (1 + dy)) for dx, dy in stroke]
    pen.draw.line(points, fill=(255, 255, 255), width=int(9 * pen.k))
    return y + 2 * half + 30 * pen.k


# ---- what happens to a picture on its way ----------------------------------------------------------------------------


def degraded(image: Image.Image, how: str, r: random.Random) -> bytes:
    """The picture as it arrives, by one of `DEGRADATIONS`."""
    width, height = image.size
    if how == "clean":
        return png(image)
    if how == "q40":
        return jpeg(image, 40)
    if how == "telegram":
        return jpeg(_sized(image, min(1.0, 1280 / max(width, height))), 78)
    if how == "small":
        return jpeg(_sized(image, r.uniform(400, 480) / width), 60)
    if how == "crop":
        x, y = int(width * 0.03), int(height * r.uniform(0.07, 0.12))
        return jpeg(image.crop((x, y, width - x, int(height * 0.97))), 70)
    return _photographed(image, r)


def again(data: bytes, r: random.Random) -> bytes:
    """The same picture of a payment sent once more: saved anew, made smaller, or cut at its edges."""
    image = opened(data)
    width, height = image.size
    return r.choice(
        (
            lambda: jpeg(image, r.randint(30, 90)),
            lambda: jpeg(_sized(image, r.uniform(0.6, 0.95)), 80),
            lambda: jpeg(image.crop((int(0.02 * width), int(0.07 * height), int(0.98 * width), height)), 75),
            lambda: _photographed(image, r),
        )
    )()


def _sized(image: Image.Image, scale: float) -> Image.Image:
    return image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)


def _photographed(image: Image.Image, r: random.Random) -> bytes:
    """A camera's photo of the screen: perspective, moire, a tint, glare, grain, a little blur."""
    import cv2

    width, height = 1200, 1600
    scale = min(0.85 * width / image.width, 0.9 * height / image.height)
    wide, high = image.width * scale, image.height * scale
    left, top, j = (width - wide) / 2, (height - high) / 2, 0.045 * width
    corners = [(left, top), (left + wide, top), (left + wide, top + high), (left, top + high)]
    there = np.array([(x + r.uniform(-j, j), y + r.uniform(-j, j)) for x, y in corners], np.float32)
    here = np.array([(0, 0), (image.width, 0), image.size, (0, image.height)], np.float32)
    room = np.full((height, width, 3), r.randint(30, 170), np.uint8)
    turn = cv2.getPerspectiveTransform(here, there)
    bent = cv2.warpPerspective(
        np.asarray(image), turn, (width, height), room, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_TRANSPARENT
    ).astype(np.float32)
    gx, gy = np.meshgrid(np.arange(width), np.arange(height))
    angle, often = r.uniform(0, math.pi), r.uniform(0.25, 0.6)
    bent *= (1 + 0.05 * np.sin((gx * math.cos(angle) + gy * math.sin(angle)) * often))[..., None]
    bent *= np.array([r.uniform(0.85, 1.1), 1, r.uniform(0.85, 1.1)]) * r.uniform(0.7, 1.05)
    x, y = r.uniform(0, width), r.uniform(0, height)
    bent += r.uniform(0, 70) * np.exp(-(((gx - x) / 260) ** 2 + ((gy - y) / 200) ** 2))[..., None]
    bent += np.random.RandomState(r.randint(0, 99999)).randn(height, width, 1) * 6
    photo = Image.fromarray(np.clip(bent, 0, 255).astype(np.uint8))
    return jpeg(photo.filter(ImageFilter.GaussianBlur(r.uniform(0.6, 1.2))), 70)
