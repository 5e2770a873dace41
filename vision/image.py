"""Bytes that a stranger sent -> pixels, in bounded memory, or a sentence why not.

The header is read before anything is decoded, only four formats are known, and what leaves here is upright RGB without
EXIF. Nothing here knows what is in the picture.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from kit.errors import Refused

Pixels: TypeAlias = NDArray[np.uint8]

MAX_BYTES = 20 * 1024 * 1024  # a Telegram bot cannot download more either
MAX_PIXELS = 80_000_000  # baseline JPEG: decoded at a fraction of its size, so it costs time (0.6 s) and no memory
MAX_WHOLE_PIXELS = 16_000_000  # all others are decoded whole, at 4 bytes a pixel: 64 MB
WORK_PIXELS = 4_000_000  # what we keep: a phone's screenshot (1440 x 2780) stays as sharp as it came
STORED_SIDE = 1600
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")  # MPO, several JPEGs in one file, is opened by the first
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"hevc", b"mif1", b"msf1", b"avif")
# what Pillow's decoders raise on damaged data, by fuzzing (tests/test_vision_image.py)
_DAMAGED = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, struct.error, zlib.error)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """An opened picture: `array` is upright RGB (height x width x 3) of at most `WORK_PIXELS`.

    `width` and `height` are of the picture as it came, upright; `sha256` is of its bytes; `format` is in lower case.
    """

    array: Pixels
    width: int
    height: int
    sha256: str
    format: str


def is_pdf(data: bytes) -> bool:
    """Whether `data` is a PDF; those are read by `vision.receipt`, not opened here."""
    return data[:64].lstrip(b"\xef\xbb\xbf\r\n\t \x00").startswith(b"%PDF-")


def open_safe(data: bytes) -> Picture:
    """The picture in `data`. Blocks for up to 0.6 s: off the event loop by `vision.work.run`.

    Raises Refused `picture.empty | not_a_picture | heic | too_heavy | too_big | broken`.
    """
    if not data:
        raise Refused("picture.empty")
    if len(data) > MAX_BYTES:
        raise Refused("picture.too_heavy", megabytes=MAX_BYTES // 2**20)
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        raise Refused("picture.heic")
    image = _header(data)
    kind = image.format or ""
    _check_size(image)
    try:
        upright, size = _decode(image)
    except (*_DAMAGED, MemoryError) as damage:
        raise Refused("picture.broken") from damage
    return Picture(np.asarray(upright), size[0], size[1], hashlib.sha256(data).hexdigest(), kind.lower())


def strip(picture: Picture) -> bytes:
    """A clean JPEG of the picture for the media store: <= 1600 px a side, nothing but pixels in it."""
    image = Image.fromarray(picture.array)
    image.thumbnail((STORED_SIDE, STORED_SIDE), Image.Resampling.LANCZOS)
    return jpeg(image)


def jpeg(image: Image.Image) -> bytes:
    """The bytes that are stored of a picture."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88, optimize=True)
    return out.getvalue()


def _header(data: bytes) -> ImageFile.ImageFile:
    """The picture's header, read without decoding a pixel."""
    # Pillow makes WebP's canvas while it opens the file, so its size is looked at first
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP" and _webp_pixels(data) > MAX_WHOLE_PIXELS:
        raise Refused("picture.too_big", megapixels=MAX_WHOLE_PIXELS // 10**6)
    try:
        return Image.open(io.BytesIO(data), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("picture.too_big", megapixels=MAX_WHOLE_PIXELS // 10**6) from None
    except (*_DAMAGED, MemoryError) as damage:
        known = data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"RIFF"))
        raise Refused("picture.broken" if known else "picture.not_a_picture") from damage


def _webp_pixels(data: bytes) -> int:
    """The canvas of a WebP file, in pixels; 0 when its header is cut off."""
    head = data[12:30].ljust(18, b"\0")
    if head[:4] == b"VP8X":
        return (int.from_bytes(head[12:15], "little") + 1) * (int.from_bytes(head[15:18], "little") + 1)
    if head[:4] == b"VP8L":
        bits = int.from_bytes(head[9:13], "little")
        return ((bits & 0x3FFF) + 1) * ((bits >> 14 & 0x3FFF) + 1)
    return (int.from_bytes(head[14:16], "little") & 0x3FFF) * (int.from_bytes(head[16:18], "little") & 0x3FFF)


def _check_size(image: ImageFile.ImageFile) -> None:
    """Refuses what would take too much memory to decode, or is too small to show anything."""
    # a progressive JPEG keeps the coefficients of the whole picture while it is decoded at any scale
    small = image.format in ("JPEG", "MPO") and not (image.info.get("progressive") or image.info.get("progression"))
    cap = MAX_PIXELS if small else MAX_WHOLE_PIXELS
    if image.width * image.height > cap:
        raise Refused("picture.too_big", megapixels=cap // 10**6)
    if min(image.size) < 8:
        raise Refused("picture.not_a_picture")


def _decode(image: ImageFile.ImageFile) -> tuple[Image.Image, tuple[int, int]]:
    """First frame in RGB, upright, at most `WORK_PIXELS`; and the size it came in, upright."""
    size = image.size
    scale = min(1.0, (WORK_PIXELS / (size[0] * size[1])) ** 0.5)
    target = (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))
    image.draft("RGB", target)
    image.load()
    turn = _orientation(image)
    flat = _flatten(image)
    if scale < 1.0:
        flat = flat.resize(target, Image.Resampling.LANCZOS, reducing_gap=2.0)
    if turn in _TURNS:
        flat = flat.transpose(_TURNS[turn])
    return flat, (size[1], size[0]) if turn in (5, 6, 7, 8) else size


def _flatten(image: Image.Image) -> Image.Image:
    """RGB; transparency over white, as every messenger shows it."""
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        deep = np.asarray(image).astype(np.float32)
        return Image.fromarray((deep * (255.0 / max(255.0, float(deep.max(initial=0))))).astype(np.uint8)).convert(
            "RGB"
        )
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(rgba, mask=rgba.getchannel("A"))
        return white
    return image.convert("RGB")


def _orientation(image: Image.Image) -> int:
    """EXIF orientation 1..8; damaged EXIF is no reason to refuse a good picture."""
    raw = image.info.get("exif")
    if not isinstance(raw, bytes):
        return 1
    exif = Image.Exif()
    try:
        exif.load(raw)
        turn = exif.get(0x0112, 1)
    except _DAMAGED:
        return 1
    return turn if isinstance(turn, int) else 1
