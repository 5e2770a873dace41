"""What stands behind and beside the goods of `bench.goods`: walls, wood, cluttered rooms; drawn from a seed."""

from __future__ import annotations

import colorsys
import random

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Pixels = np.ndarray


def hills(rs: np.random.RandomState, side: int, cells: int) -> Pixels:
    """A smooth field of `side` x `side`, about -2..2, with `cells` bumps across."""
    bumps = rs.randn(cells, cells).astype(np.float32)
    return np.asarray(cv2.resize(bumps, (side, side), interpolation=cv2.INTER_CUBIC), np.float32)


def _shade(r: random.Random, low: float = 0.1) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(r.random(), r.uniform(0.1, 0.9), r.uniform(low, 1))
    return int(255 * red), int(255 * green), int(255 * blue)


def painted(r: random.Random, width: int, height: int) -> Image.Image:
    """A scene full of things of all sizes: a photograph's stand-in, on a shirt or behind it."""
    rs = np.random.RandomState(r.randint(0, 2**31 - 1))
    side = max(width, height)
    ground = sum(hills(rs, side, cells)[..., None] * rs.uniform(-40, 40, 3) / (i + 1) for i, cells in enumerate((3, 9)))
    grain = hills(rs, side, 90)[..., None] * r.uniform(4, 16)
    base = np.clip(np.array(_shade(r, 0.3)) + ground + grain, 0, 255).astype(np.uint8)
    scene = Image.fromarray(base)
    draw = ImageDraw.Draw(scene)
    for _ in range(r.randint(14, 40)):
        x, y = r.uniform(-0.1, 1) * side, r.uniform(-0.1, 1) * side
        wide, high = (side * r.uniform(0.03, 0.3) for _ in range(2))
        colour, kind = _shade(r), r.random()
        if kind < 0.35:
            draw.ellipse((x, y, x + wide, y + high), fill=colour, outline=_shade(r), width=r.randint(1, 6))
        elif kind < 0.7:
            spikes = [(x + r.uniform(-1, 1) * wide, y + r.uniform(-1, 1) * high) for _ in range(r.randint(3, 7))]
            draw.polygon(spikes, fill=colour)
        else:
            ends = [(x, y), (x + r.uniform(-2, 2) * wide, y + r.uniform(-2, 2) * high)]
            draw.line(ends, fill=colour, width=r.randint(2, 14))
    light = 1 + 0.18 * np.tanh(hills(rs, side, 6))[..., None]
    lit = np.clip(np.asarray(scene.filter(ImageFilter.GaussianBlur(r.uniform(0.4, 1.6)))) * light, 0, 255)
    return Image.fromarray(lit.astype(np.uint8)).crop((0, 0, width, height))


def backdrop(r: random.Random, width: int, height: int, kind: str) -> Pixels:
    """RGB of `studio`, `gradient`, `wood`, `room` (cluttered, a little out of focus) or `clouds`."""
    down = np.linspace(0, 1, height)[:, None, None]
    if kind == "room":
        scene = painted(r, width, height).filter(ImageFilter.GaussianBlur(r.uniform(0, 3)))
        return np.asarray(scene)
    if kind == "studio":
        pixels = np.full((height, width, 3), r.randint(215, 250), np.float32) - down * r.uniform(0, 30)
    elif kind == "gradient":
        ends = [np.array(colorsys.hsv_to_rgb(r.random(), 0.25, v)) * 255 for v in (0.95, 0.9)]
        pixels = np.broadcast_to(ends[0] * down + ends[1] * (1 - down), (height, width, 3))
    elif kind == "wood":
        rs = np.random.RandomState(r.randint(0, 2**31 - 1))
        tone = np.array(colorsys.hsv_to_rgb(r.uniform(0.05, 0.11), r.uniform(0.3, 0.6), r.uniform(0.4, 0.8))) * 255
        grain = cv2.resize(
            rs.randn(height // 3 + 1, 6).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC
        )
        pixels = tone * (1 + 0.1 * grain[..., None])
        pixels[:: max(60, height // r.randint(4, 7))] *= 0.5
    else:
        rs = np.random.RandomState(r.randint(0, 2**31 - 1))
        tone = np.array(colorsys.hsv_to_rgb(r.random(), 0.4, 0.7)) * 255
        side = max(width, height)
        pixels = tone + sum(
            hills(rs, side, cells)[:height, :width, None] * 25 / (i + 1) for i, cells in enumerate((4, 16, 64))
        )
    return np.clip(pixels, 0, 255).astype(np.uint8)
