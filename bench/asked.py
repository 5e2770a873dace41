"""The pictures that shoppers send of the goods of `bench.goods`, and of things that the shop does not sell.

The types, as docs/evidence.md names them: a `screenshot` of the shop's post, the shop's photo `forwarded` through some
hands, the shopper's `own` photo (`own_plain` of goods without a print), an `unrelated` picture, a `lookalike` of the
same trade that this shop does not sell.
"""

from __future__ import annotations

import random

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageEnhance

from bench.goods import WORDS, Goods, Pixels, any_sign, garment, laid, shade
from bench.scenery import backdrop, painted
from tests.drawing import font, jpeg, opened

_TAGS = (
    "250 000 soʻm",
    "Narxi 189.000",
    "ЦЕНА 320 000 сум",
    "SALE -30%",
    "Yangi kolleksiya",
    "НОВИНКА",
    "Dostavka bepul",
)
_LINES = (
    "1 248 отметок «Нравится»",
    "Koʻylak, oʻlcham 42-50. Narxi direktda",
    "Rang: qora, oq, koʻk. Yetkazish bor",
    "Все комментарии (57)",
)


def _scrawled(image: Image.Image, r: random.Random) -> Image.Image:
    """A price and perhaps a sticker over a photo, as shops put them."""
    draw, (width, height) = ImageDraw.Draw(image, "RGBA"), image.size
    text, type_ = r.choice(_TAGS), font(int(width * r.uniform(0.05, 0.09)), True)
    at = r.uniform(0.05, 0.4) * width, r.choice((0.06, 0.80, 0.86)) * height
    left, top, right, bottom = draw.textbbox(at, text, font=type_)
    if r.random() < 0.7:
        fill = r.choice(((255, 255, 255, 220), (0, 0, 0, 170), (230, 30, 80, 230)))
        draw.rounded_rectangle((left - 12, top - 8, right + 12, bottom + 8), 12, fill=fill)
    draw.text(at, text, font=type_, fill=r.choice(((255, 255, 255), (20, 20, 20), (255, 220, 0))))
    if r.random() < 0.4:
        one = any_sign(r).resize((int(width * 0.14), int(width * 0.14)))
        image.paste(one, (int(r.uniform(0.05, 0.8) * width), int(r.uniform(0.1, 0.8) * height)), one)
    return image


def screenshot(photo: Image.Image, r: random.Random) -> bytes:
    """A phone's screen with the shop's post on it, of two messengers, dark or light, whole or cut."""
    width = r.choice((540, 600, 720))
    height = int(width * r.choice((2.0, 2.16, 2.22)))
    dark, bubble = r.random() < 0.5, r.random() < 0.4
    paper, ink = ((12, 14, 18), (235, 235, 235)) if dark else ((255, 255, 255), (25, 25, 25))
    if r.random() < 0.4:
        w, h = int(photo.width * r.uniform(0.78, 1)), int(photo.height * r.uniform(0.78, 1))
        x, y = (photo.width - w) // 2, (photo.height - h) // 2
        photo = photo.crop((x, y, x + w, y + h))
    if r.random() < 0.6:
        photo = _scrawled(photo.copy(), r)
    wide = int(width * r.uniform(0.72, 0.86)) if bubble else width
    photo = photo.resize((wide, int(photo.height * wide / photo.width)), Image.Resampling.BICUBIC)
    screen = Image.new("RGB", (width, height), paper)
    if bubble:
        wall = backdrop(r, width, height, "gradient")
        screen = Image.fromarray((wall * (0.25 if dark else 1)).astype(np.uint8))
    _bars(screen, r, paper, ink)
    y = int(height * r.uniform(0.14, 0.30))
    screen.paste(photo, (12 if bubble else 0, y))
    _below(screen, y + photo.height + 14, r, paper, ink)
    if r.random() < 0.35:
        screen = screen.crop((0, int(height * r.uniform(0.04, 0.16)), width, int(height * r.uniform(0.72, 0.95))))
    return jpeg(screen, int(r.uniform(45, 88)))


def _bars(screen: Image.Image, r: random.Random, paper: tuple[int, int, int], ink: tuple[int, int, int]) -> None:
    draw, (width, height) = ImageDraw.Draw(screen), screen.size
    draw.rectangle((0, 0, width, int(height * 0.10)), fill=paper)
    draw.text((24, 10), r.choice(("12:40", "9:41", "21:07")), font=font(int(width * 0.03)), fill=ink)
    draw.text((width - 120, 10), "4G 87%", font=font(int(width * 0.026)), fill=ink)
    face = height * 0.05
    draw.ellipse((20, face, 20 + width * 0.09, face + width * 0.09), fill=shade(r.random(), 0.6, 0.8))
    name = r.choice(("moda_uz", "Gulnora shop", "kiyim.optom", "SHOP №1"))
    draw.text((40 + width * 0.09, height * 0.055), name, font=font(int(width * 0.036), r.random() < 0.5), fill=ink)


def _below(
    screen: Image.Image, y: float, r: random.Random, paper: tuple[int, int, int], ink: tuple[int, int, int]
) -> None:
    draw, (width, height) = ImageDraw.Draw(screen), screen.size
    for i in range(4):
        x = 24 + i * width * 0.1
        draw.ellipse((x, y, x + width * 0.055, y + width * 0.055), outline=ink, width=3)
    y += width * 0.09
    for line in _LINES:
        draw.text((24, y), line, font=font(int(width * 0.03), r.random() < 0.3), fill=ink)
        y += width * 0.055
    draw.rectangle((0, height - int(height * 0.06), width, height), fill=paper)
    for i in range(5):
        x = width * (0.1 + 0.2 * i)
        draw.rectangle((x, height * 0.955, x + width * 0.05, height * 0.98), outline=ink, width=3)


def forwarded(photo: Image.Image, r: random.Random) -> bytes:
    """The shop's photo turned, cropped to as little as 60 %, written on, made small and brighter or paler."""
    turn = r.choice((0.0, 0.0, r.uniform(-15, 15), r.uniform(-15, 15), 90.0, 180.0, 270.0))
    corner = photo.getpixel((3, 3))
    image = photo.rotate(turn, Image.Resampling.BICUBIC, fillcolor=corner) if turn else photo
    w, h = int(image.width * r.uniform(0.6, 1)), int(image.height * r.uniform(0.6, 1))
    x, y = r.randint(0, image.width - w), r.randint(0, image.height - h)
    image = image.crop((x, y, x + w, y + h))
    if r.random() < 0.4:
        image = _scrawled(image, r)
    scale = r.uniform(0.35, 1)
    image = image.resize((max(160, int(w * scale)), max(160, int(h * scale))), Image.Resampling.BICUBIC)
    for change, low, high in (
        (ImageEnhance.Brightness, 0.75, 1.25),
        (ImageEnhance.Color, 0.7, 1.35),
        (ImageEnhance.Contrast, 0.8, 1.25),
    ):
        image = change(image).enhance(r.uniform(low, high))
    return jpeg(image, int(r.uniform(25, 70)))


def in_a_room(pixels: Pixels, r: random.Random) -> Pixels:
    """Another exposure, another white, a lamp from one side, noise."""
    seen = (pixels.astype(np.float32) / 255) ** r.uniform(0.7, 1.45)
    seen = seen * np.array([r.uniform(0.85, 1.15), 1, r.uniform(0.80, 1.18)]) * r.uniform(0.75, 1.15)
    height, width = seen.shape[:2]
    across, down = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    seen = seen * (1 - 0.25 * r.random() * (across * r.uniform(-1, 1) + down * r.uniform(-1, 1)))[..., None]
    noise = np.random.RandomState(r.randint(0, 2**31 - 1)).randn(height, width, 1) * r.uniform(0.005, 0.035)
    return np.clip((seen + noise) * 255, 0, 255).astype(np.uint8)


def own(goods: Goods, r: random.Random) -> bytes:
    """The shopper's own photo: other folds, another side, another place, bad light, perhaps a hand in front."""
    width, height = r.choice(((600, 800), (800, 600), (720, 720)))
    on = backdrop(r, width, height, r.choice(("room", "room", "wood", "clouds", "gradient")))
    rgba = garment(goods, r.randint(0, 2**31 - 1), warp=r.uniform(1, 2.2))
    at = 0.5 + r.uniform(-0.12, 0.12), 0.5 + r.uniform(-0.12, 0.12)
    seen = laid(rgba, on, scale=r.uniform(0.65, 1.05), turn=r.uniform(-25, 25), at=at, tilt=0.14, r=r)
    if r.random() < 0.4:
        image = Image.fromarray(seen)
        x, y = width * r.uniform(-0.1, 0.2), height * r.uniform(0.5, 0.7)
        far = width * r.uniform(0.25, 0.4), height * r.uniform(0.8, 1.1)
        ImageDraw.Draw(image).ellipse((x, y, *far), fill=(205, 150, 120))
        seen = np.asarray(image)
    seen = cv2.GaussianBlur(in_a_room(seen, r), (0, 0), r.uniform(0.3, 1.6))
    scale = r.uniform(0.6, 1)
    small = cv2.resize(seen, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return jpeg(Image.fromarray(small), int(r.uniform(50, 90)))


def unrelated(r: random.Random, i: int) -> bytes:
    """A room, some signs, a page of text, in turn."""
    if i % 3 == 0:
        return jpeg(Image.fromarray(in_a_room(np.asarray(painted(r, 640, r.choice((480, 640, 800)))), r)), 70)
    if i % 3 == 1:
        image = Image.fromarray(backdrop(r, 700, 700, r.choice(("studio", "gradient", "wood", "room", "clouds"))))
        for _ in range(r.randint(1, 4)):
            side = int(136 * r.uniform(0.8, 3))
            one = any_sign(r).resize((side, side))
            image.paste(one, (r.randint(0, 560), r.randint(0, 560)), one)
        return jpeg(Image.fromarray(in_a_room(np.asarray(image), r)), 70)
    page, y = Image.new("RGB", (540, 1100), "white"), 40
    while y < 1050:
        text = " ".join(r.choice(WORDS).lower() for _ in range(r.randint(2, 6)))
        ImageDraw.Draw(page).text((30, y), text, font=font(r.randint(18, 34)), fill=(30, 30, 30))
        y += r.randint(38, 80)
    return jpeg(page, 70)


def reopened(photo: Pixels) -> tuple[bytes, Image.Image]:
    """The JPEG that the shop stores of a photo, and the image that is in it."""
    data = jpeg(Image.fromarray(photo), 92)
    return data, opened(data)
