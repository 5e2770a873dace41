"""Pictures for tests, evals and the codebook: goods, posts, receipts and things that are none of these.

Everything is drawn from a seed with the fonts of `tests.drawing`, so no font of the system is needed.
Drawn pictures choose between methods; they promise no accuracy in life.
"""

from __future__ import annotations

import colorsys
import random

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from tests.drawing import font, jpeg, opened, png
from tests.drawn_receipts import photo_of_screen, receipt_image, receipt_pdf, receipt_png

__all__ = [
    "as_messenger_sends",
    "forwarded",
    "photo_of_screen",
    "product_png",
    "receipt_image",
    "receipt_pdf",
    "receipt_png",
    "screenshot_of",
    "unrelated_png",
]

Colour = tuple[int, int, int]

_PRINTS = ("stripes", "checks", "dots", "signs", "sign", "words", "waves", "rhombs", "plain")
_SIGNS = "✿❀☀★☘♥☎♞♛✈✂☕❄♫⚓☂✪❦❁✦♣☯⚘✾☾⚙⛄☃✤❉"
_WORDS = ("SABR", "YOZ", "BAHOR", "URBAN", "DENIM", "CLUB", "2026", "CLASSIC", "NEW", "SOFT", "TOGʻ", "МОДА")
_SHAPES = {
    "tee": [(0.42, 0.10), (0.28, 0.14), (0.06, 0.30), (0.14, 0.42), (0.26, 0.34), (0.25, 0.92)],
    "shirt": [(0.42, 0.10), (0.28, 0.13), (0.16, 0.30), (0.06, 0.80), (0.16, 0.83), (0.27, 0.42), (0.26, 0.92)],
    "dress": [(0.40, 0.06), (0.34, 0.07), (0.33, 0.22), (0.37, 0.40), (0.18, 0.95)],
    "skirt": [(0.33, 0.15), (0.12, 0.88)],
    "pants": [(0.30, 0.06), (0.24, 0.95), (0.42, 0.95), (0.49, 0.35)],
    "bag": [(0.38, 0.30), (0.38, 0.12), (0.43, 0.12), (0.43, 0.30), (0.14, 0.34), (0.10, 0.92)],
    "pillow": [(0.5, 0.14), (0.10, 0.10), (0.14, 0.5), (0.10, 0.90), (0.5, 0.86)],
    "scarf": [(0.30, 0.04), (0.30, 0.96)],
}


# ---- goods -----------------------------------------------------------------------------------------------------------


def _hsv(h: float, s: float, v: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(h % 1, s, v)
    return int(255 * red), int(255 * green), int(255 * blue)


def _palette(r: random.Random) -> list[Colour]:
    h = r.random()
    return [
        _hsv(h + r.choice((0.0, 0.5, 0.33)) * (i > 0) + i * 0.07, r.uniform(0.15, 0.95), r.uniform(0.25, 0.98))
        for i in range(4)
    ]


def _fabric(r: random.Random, kind: str, colours: list[Colour], side: int) -> Image.Image:
    """A square of cloth with the print `kind`."""
    cloth = Image.new("RGB", (side, side), colours[0])
    draw = ImageDraw.Draw(cloth)
    if kind == "stripes":
        big = Image.new("RGB", (2 * side, 2 * side), colours[0])
        step, x = r.randint(10, 60), 0
        while x < 2 * side:
            ImageDraw.Draw(big).rectangle((x, 0, x + step * r.uniform(0.4, 0.9), 2 * side), fill=r.choice(colours[1:]))
            x += step
        half = side // 2
        return big.rotate(r.choice((0, 90, 45))).crop((half, half, half + side, half + side))
    if kind == "checks":
        step = r.randint(24, 90)
        for at in range(0, side, step):
            draw.rectangle((at, 0, at + step // 2, side), fill=colours[1])
        lay = cloth.rotate(90)
        return Image.blend(cloth, lay, 0.5)
    if kind == "dots":
        step = r.randint(28, 90)
        radius = step * r.uniform(0.15, 0.42)
        for row, y in enumerate(range(0, side + step, step)):
            for x in range(-step, side + step, step):
                at = x + (step // 2 if row % 2 else 0)
                draw.ellipse((at - radius, y - radius, at + radius, y + radius), fill=r.choice(colours[1:3]))
        return cloth
    return _drawn_print(r, kind, colours, cloth)


def _drawn_print(r: random.Random, kind: str, colours: list[Colour], cloth: Image.Image) -> Image.Image:
    side = cloth.width
    draw = ImageDraw.Draw(cloth)
    if kind in ("signs", "sign"):
        signs = [r.choice(_SIGNS) for _ in range(r.randint(1, 3))]
        for _ in range(r.randint(18, 60) if kind == "signs" else 1):
            size = r.randint(40, 130) if kind == "signs" else r.randint(220, 330)
            at = (r.randint(-40, side), r.randint(-40, side)) if kind == "signs" else (side // 2, int(side * 0.42))
            draw.text(at, r.choice(signs), font=font(size), fill=r.choice(colours[1:]), anchor="mm")
        if kind == "sign" and r.random() < 0.5:
            draw.text(
                (side / 2, side * 0.68),
                r.choice(_WORDS),
                font=font(r.randint(34, 64), True),
                fill=colours[2],
                anchor="mm",
            )
    elif kind == "words":
        y = side * 0.30
        for _ in range(r.randint(2, 4)):
            size = r.randint(44, 84)
            draw.text((side / 2, y), r.choice(_WORDS), font=font(size, True), fill=colours[1], anchor="mm")
            y += size * 1.15
    elif kind == "rhombs":
        for j in range(7):
            for i in range(6):
                cx, cy, a, b = i * side / 5, j * side / 6, side * 0.09, side * 0.085
                for part, colour in ((1.0, colours[1]), (0.6, colours[2]), (0.25, colours[3])):
                    draw.polygon(
                        [(cx, cy - b * part), (cx + a * part, cy), (cx, cy + b * part), (cx - a * part, cy)],
                        fill=colour,
                    )
        return Image.fromarray(_ripple(np.asarray(cloth), r.randint(0, 2**31 - 1)))
    elif kind == "waves":
        rs = np.random.RandomState(r.randint(0, 2**31 - 1))
        field = sum(
            np.asarray(
                Image.fromarray(rs.randn(n, n).astype(np.float32)).resize((side, side), Image.Resampling.BICUBIC)
            )
            / n**0.4
            for n in (4, 9, 20, 44)
        )
        level = np.clip((np.asarray(field) * 1.6 + 2).astype(int), 0, 3)
        return Image.fromarray(np.array(colours, np.uint8)[level])
    return cloth


def _ripple(pixels: np.ndarray, seed: int) -> np.ndarray:
    shifts = (np.random.RandomState(seed).randn(pixels.shape[1]) * 5).astype(int)
    return np.stack([np.roll(pixels[:, x], shifts[x], axis=0) for x in range(pixels.shape[1])], axis=1)


def _backdrop(r: random.Random, width: int, height: int) -> Image.Image:
    kind = r.choice(("studio", "studio", "studio", "gradient", "wood"))
    down = np.linspace(0, 1, height)[:, None, None]
    if kind == "studio":
        pixels = np.full((height, width, 3), r.randint(215, 250), np.float32) - down * r.uniform(0, 30)
    elif kind == "gradient":
        top, low = np.array(_hsv(r.random(), 0.25, 0.95)), np.array(_hsv(r.random(), 0.25, 0.9))
        pixels = np.broadcast_to(top * (1 - down) + low * down, (height, width, 3))
    else:
        grain = np.random.RandomState(r.randint(0, 2**31 - 1)).randn(height // 3 + 1, 6).astype(np.float32)
        wood = np.asarray(Image.fromarray(grain).resize((width, height), Image.Resampling.BICUBIC))[..., None]
        pixels = np.array(_hsv(r.uniform(0.05, 0.11), r.uniform(0.3, 0.6), r.uniform(0.4, 0.8))) * (1 + 0.1 * wood)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def product_png(seed: int, *, kind: str = "", shape: str = "", side: int = 640, colouring: int = 0) -> bytes:
    """The shop's own photo of a made-up product; seeds are products, `colouring` the same print otherwise."""
    r = random.Random(f"product {seed}")
    kind, shape = kind or r.choice(_PRINTS), shape or r.choice(tuple(_SHAPES))
    colours = _palette(r)
    if colouring:
        colours = _palette(random.Random(f"colouring {seed} {colouring}"))
    cloth = _fabric(r, kind, colours, side)
    rs = np.random.RandomState(r.randint(0, 2**31 - 1))
    folds = np.asarray(
        Image.fromarray(rs.randn(9, 9).astype(np.float32)).resize((side, side), Image.Resampling.BICUBIC)
    )
    weave = 1 + 0.02 * rs.randn(side, side)
    lit = np.clip(np.asarray(cloth) * ((0.88 + 0.12 * np.tanh(folds)) * weave)[..., None], 0, 255).astype(np.uint8)
    half = _SHAPES[shape]
    outline = [(x * side, y * side) for x, y in half + [(1 - x, y) for x, y in reversed(half)]]
    mask = Image.new("L", (side, side), 0)
    ImageDraw.Draw(mask).polygon(outline, fill=255)
    mask = mask.filter(ImageFilter.GaussianBlur(1.2))
    photo = _backdrop(r, side, side)
    shadow = mask.filter(ImageFilter.GaussianBlur(9)).point(lambda v: int(v * 0.35))
    photo.paste((40, 40, 40), (6, 9), shadow)
    photo.paste(Image.fromarray(lit), (0, 0), mask)
    return png(photo)


def unrelated_png(seed: int) -> bytes:
    """A picture that shows no product: scattered signs, a page of text, a landscape, noise, a flat colour."""
    r = random.Random(f"unrelated {seed}")
    width, height = r.choice(((640, 640), (800, 600), (540, 960)))
    image = _backdrop(r, width, height)
    draw = ImageDraw.Draw(image)
    kind = seed % 4
    if kind == 0:
        for _ in range(r.randint(3, 9)):
            draw.text(
                (r.randint(0, width), r.randint(0, height)),
                r.choice(_SIGNS),
                font=font(r.randint(60, 260)),
                fill=_hsv(r.random(), 0.8, 0.8),
                anchor="mm",
            )
    elif kind == 1:
        draw.rectangle((0, 0, width, height), fill="white")
        for y in range(30, height - 40, r.randint(30, 60)):
            draw.text(
                (24, y),
                "".join(r.choice("abdeghijklmnoqrstuxyz  ") for _ in range(r.randint(8, 34))),
                font=font(r.randint(16, 28)),
                fill=(30, 30, 30),
            )
    elif kind == 2:
        draw.rectangle((0, 0, width, height // 2), fill=_hsv(0.58, 0.5, 0.9))
        draw.ellipse((width * 0.6, height * 0.1, width * 0.75, height * 0.1 + width * 0.15), fill=(250, 220, 90))
        for i in range(5):
            x, top = r.uniform(-0.2, 1) * width, r.uniform(0.2, 0.5) * height
            draw.polygon(
                [(x, height * 0.6), (x + width * 0.25, top), (x + width * 0.5, height * 0.6)],
                fill=_hsv(0.3, 0.3, 0.3 + 0.1 * i),
            )
        draw.rectangle((0, height * 0.6, width, height), fill=_hsv(0.3, 0.5, 0.5))
    else:
        rs = np.random.RandomState(seed)
        field = rs.randn(12, 12, 3) * 60 + 128
        image = Image.fromarray(np.clip(field, 0, 255).astype(np.uint8)).resize(
            (width, height), Image.Resampling.BICUBIC
        )
    return png(image)


# ---- what messengers and shoppers do to a picture --------------------------------------------------------------------


def as_messenger_sends(data: bytes, side: int = 1280, quality: int = 80) -> bytes:
    """The picture as a messenger passes it on: fitted into `side`, JPEG."""
    image = opened(data)
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    return jpeg(image, quality)


def screenshot_of(post: bytes, seed: int = 0) -> bytes:
    """A phone's screenshot of a post that shows the picture, with bars, names and captions around it."""
    r = random.Random(f"screenshot {seed}")
    width = r.choice((540, 600, 720))
    height = int(width * r.choice((2.0, 2.16, 2.22)))
    dark, bubble = r.random() < 0.5, r.random() < 0.4
    paper, ink = ((12, 14, 18), (235, 235, 235)) if dark else ((255, 255, 255), (25, 25, 25))
    screen = Image.new("RGB", (width, height), paper)
    if bubble:
        top, low = np.array(_hsv(r.random(), 0.25, 0.9)), np.array(_hsv(r.random(), 0.25, 0.8))
        down = np.linspace(0, 1, height)[:, None, None]
        wall = np.broadcast_to((top * (1 - down) + low * down) * (0.25 if dark else 1), (height, width, 3))
        screen = Image.fromarray(wall.astype(np.uint8))
    draw = ImageDraw.Draw(screen)
    draw.rectangle((0, 0, width, height * 0.1), fill=paper)
    draw.text((24, 10), "12:40", font=font(18), fill=ink)
    draw.ellipse((20, height * 0.05, 20 + width * 0.09, height * 0.05 + width * 0.09), fill=_hsv(r.random(), 0.6, 0.8))
    draw.text((40 + width * 0.09, height * 0.055), "moda_uz", font=font(22), fill=ink)
    photo = opened(post)
    wide = int(width * r.uniform(0.72, 0.86)) if bubble else width
    photo = photo.resize((wide, int(photo.height * wide / photo.width)), Image.Resampling.BICUBIC)
    y = int(height * r.uniform(0.14, 0.28))
    screen.paste(photo, (12 if bubble else 0, y))
    y += photo.height + 18
    for line in (
        "1 248 отметок «Нравится»",
        "Koʻylak, oʻlcham 42-50",
        "Rang: qora, oq. Yetkazish bor",
        "Все комментарии (57)",
    ):
        draw.text((24, y), line, font=font(18), fill=ink)
        y += 34
    return jpeg(screen, r.randint(50, 88))


def forwarded(post: bytes, seed: int = 0) -> bytes:
    """The shop's photo after a few hands: cropped, turned a little, other light, small, JPEG."""
    r = random.Random(f"forwarded {seed}")
    image = opened(post)
    image = image.rotate(
        r.choice((0, 0, r.uniform(-12, 12), 90)), Image.Resampling.BICUBIC, fillcolor=image.getpixel((3, 3))
    )
    w, h = int(image.width * r.uniform(0.7, 1)), int(image.height * r.uniform(0.7, 1))
    x, y = r.randint(0, image.width - w), r.randint(0, image.height - h)
    image = image.crop((x, y, x + w, y + h)).resize(
        (max(200, int(w * 0.7)), max(200, int(h * 0.7))), Image.Resampling.BICUBIC
    )
    image = ImageEnhance.Brightness(image).enhance(r.uniform(0.8, 1.2))
    return jpeg(ImageEnhance.Color(image).enhance(r.uniform(0.8, 1.25)), r.randint(35, 70))
