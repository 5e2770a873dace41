"""Fabrics of the demo shop's drawn pictures: each is a square of colour, the same every time it is drawn."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]
SIDE = 1600  # drawn twice as large as shown, so that edges come out smooth

_Y, _X = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) * (100 / SIDE)


def rgb(code: str) -> NDArray[np.float32]:
    """A colour from `#rrggbb`."""
    return np.array([int(code[at : at + 2], 16) / 255 for at in (1, 3, 5)], dtype=np.float32)


def plain(color: str) -> Image:
    """One colour all over."""
    return np.broadcast_to(rgb(color), (SIDE, SIDE, 3)).copy()


def noise(seed: int, cells: int, stretch: float = 1.0) -> Image:
    """Soft noise of about `cells` waves a side, -1..1."""
    dots = np.random.default_rng(seed).normal(size=(max(2, int(cells * stretch)), cells)).astype(np.float32)
    soft: Image = cv2.resize(dots, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    return np.clip(soft / 2.2, -1, 1)


def mix(base: Image, color: str, share: Image) -> Image:
    """`base` with `color` laid over it where `share` is 1."""
    part = np.clip(share, 0, 1)[..., None]
    return base * (1 - part) + rgb(color) * part


def _edge(wave: Image, sharp: float = 40.0) -> Image:
    """1 where the wave is positive, with a soft edge."""
    return 1 / (1 + np.exp(-np.clip(wave * sharp, -60, 60)))


def woven(color: str, seed: int = 1, depth: float = 0.022) -> Image:
    """Plain cloth with a thread structure that is felt rather than seen."""
    fine = np.random.default_rng(seed).normal(size=(SIDE, SIDE)).astype(np.float32)
    threads = cv2.GaussianBlur(fine, (1, 9), 0) + cv2.GaussianBlur(fine, (9, 1), 0)
    return np.clip(plain(color) * (1 + depth * threads[..., None]), 0, 1)


def denim(color: str, seed: int = 2) -> Image:
    """Twill with worn patches."""
    twill = np.sin((_X * 1.0 + _Y * 0.6) * 9) * 0.05
    worn = noise(seed, 6, 2) * 0.07
    return np.clip(woven(color, seed, 0.07) + (twill + worn)[..., None], 0, 1)


def knit(color: str, size: float = 2.2) -> Image:
    """Rows of stitches."""
    wave = np.sin(_X * 2 * np.pi / size) * 0.5 + np.abs(
        np.sin((_Y + np.abs((_X % size) - size / 2) * 1.4) * np.pi / size * 1.6)
    )
    return np.clip(plain(color) * (0.83 + 0.14 * wave[..., None]), 0, 1)


def leather(color: str, seed: int = 3) -> Image:
    """A fine grain and a little shine."""
    grain = cv2.GaussianBlur(np.random.default_rng(seed).normal(size=(SIDE, SIDE)).astype(np.float32), (0, 0), 2.2)
    return np.clip(plain(color) * (1 + 0.16 * grain[..., None] + 0.05 * noise(seed + 1, 5)[..., None]), 0, 1)


def stripes(base: str, other: str, step: float = 7, share: float = 0.4, across: bool = True) -> Image:
    """Even stripes, across or along."""
    place = (_Y if across else _X) % step / step
    return mix(woven(base), other, _edge(share / 2 - np.abs(place - 0.5)))


def checks(base: str, other: str, third: str, step: float = 12) -> Image:
    """A checked cloth of two colours over a third."""
    image = woven(base)
    for place in (_X % step / step, _Y % step / step):
        image = mix(image, other, 0.55 * _edge(0.22 - np.abs(place - 0.5)))
        image = mix(image, third, 0.8 * _edge(0.02 - np.abs(place - 0.08)))
    return image


def dots(base: str, other: str, step: float = 7, size: float = 0.26) -> Image:
    """Dots, every second row moved by half a step."""
    row = np.floor(_Y / step)
    x = (_X + (row % 2) * step / 2) % step / step - 0.5
    y = _Y % step / step - 0.5
    return mix(woven(base), other, _edge(size - np.hypot(x, y), 60))


def flowers(base: str, petals: tuple[str, ...], leaf: str, seed: int, count: int = 70, size: float = 4.5) -> Image:
    """Scattered five-petalled flowers and leaves that do not overlap."""
    image = (woven(base) * 255).astype(np.uint8)
    r = np.random.default_rng(seed)
    taken: list[tuple[float, float]] = []
    for _ in range(count * 20):
        x, y = r.uniform(0, 100, 2)
        if len(taken) >= count or any(np.hypot(x - a, y - b) < size * 1.9 for a, b in taken):
            continue
        taken.append((float(x), float(y)))
        _flower(image, x, y, size * r.uniform(0.7, 1.15), petals[r.integers(len(petals))], leaf, r)
    return image.astype(np.float32) / 255


def _flower(
    image: NDArray[np.uint8], x: float, y: float, size: float, petal: str, leaf: str, r: np.random.Generator
) -> None:
    turn = r.uniform(0, 360)
    for at in (30, 210):
        _oval(image, x, y, size * 1.25, size * 0.3, turn + at, leaf, reach=size * 0.9)
    for at in range(5):
        _oval(image, x, y, size * 0.55, size * 0.38, turn + at * 72, petal, reach=size * 0.5)
    _oval(image, x, y, size * 0.24, size * 0.24, 0, "#f6d365")


def _oval(
    image: NDArray[np.uint8], x: float, y: float, a: float, b: float, turn: float, color: str, reach: float = 0
) -> None:
    scale = SIDE / 100
    angle = np.deg2rad(turn)
    middle = (int((x + reach * np.cos(angle)) * scale), int((y + reach * np.sin(angle)) * scale))
    axes = (max(1, int(a * scale)), max(1, int(b * scale)))
    cv2.ellipse(image, middle, axes, turn, 0, 360, [int(v * 255) for v in rgb(color)], -1, cv2.LINE_AA)


def ikat(colors: tuple[str, ...], seed: int = 5, step: float = 24) -> Image:
    """Atlas: lozenges with feathered edges, one column moved against the next."""
    column = np.floor(_X / step)
    x = np.abs(_X % step - step / 2)
    feather = np.abs(noise(seed, 90, 0.08)) * 5
    y = np.abs((_Y + (column % 2) * step * 0.75 + feather) % (step * 1.5) - step * 0.75)
    far = x * 1.35 + y
    image = plain(colors[0])
    for at, color in enumerate(colors[1:], 1):
        image = mix(image, color, _edge(step * 0.78 * (1 - at / len(colors)) - far, 2.5))
    return np.clip(image * (1 + 0.05 * np.sin(_X * 14)[..., None]), 0, 1)


def rosettes(base: str, ring: str, core: str, vine: str, step: float = 26) -> Image:
    """Suzani: large round flowers in rings, vines between them."""
    image = woven(base)
    row = np.floor(_Y / step)
    x = (_X + (row % 2) * step / 2) % step - step / 2
    y = _Y % step - step / 2
    far, angle = np.hypot(x, y), np.arctan2(y, x)
    image = mix(image, vine, _edge(0.5 - np.abs(far - step * 0.47 - 0.8 * np.sin(angle * 12)), 4))
    image = mix(image, ring, _edge(step * 0.33 + 1.3 * np.cos(angle * 10) - far, 4))
    image = mix(image, base, _edge(0.55 - np.abs(far - step * 0.21), 6))
    image = mix(image, core, _edge(step * 0.15 + 0.5 * np.cos(angle * 8) - far, 6))
    return mix(image, base, _edge(step * 0.045 - far, 8))


def fade(top: str, bottom: str) -> Image:
    """One colour above, another below."""
    return mix(plain(top), bottom, np.clip((_Y - 15) / 70, 0, 1))


def emblem(base: Image, kind: str, colors: tuple[str, str], x: float = 50, y: float = 43, size: float = 13) -> Image:
    """A picture on the chest: sun over mountains, a star, a leaf."""
    u, v = (_X - x) / size, (_Y - y) / size
    shapes: dict[str, Callable[[], tuple[Image, Image]]] = {
        "mountains": lambda: (
            _edge(0.62 - np.hypot(u - 0.1, v + 0.25), 130),
            _edge(np.minimum(v - np.minimum(np.abs(u + 0.35) * 1.3 - 0.35, np.abs(u - 0.5) * 1.2 - 0.1), 0.8 - v), 130)
            * (np.abs(u) < 1.05),
        ),
        "star": lambda: (
            _edge(0.95 - np.hypot(u, v), 130) * _edge(np.hypot(u, v) - 0.86, 130),
            _edge(0.5 + 0.16 * np.cos(np.arctan2(v, u) * 8) - np.hypot(u, v), 130),
        ),
        "wave": lambda: (
            _edge(0.16 - np.abs(v + 0.25 * np.sin(u * 4)), 130) * (np.abs(u) < 1.1),
            _edge(0.16 - np.abs(v - 0.5 + 0.25 * np.sin(u * 4)), 130) * (np.abs(u) < 1.1),
        ),
    }
    first, second = shapes[kind]()
    return mix(mix(base, colors[0], first), colors[1], second)
