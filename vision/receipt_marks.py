"""What was read in a payment's picture, framed: staff see at a glance where the sum and the card come from."""

from __future__ import annotations

from collections.abc import Mapping

from PIL import Image, ImageDraw

from vision.image import STORED_SIDE, Pixels, jpeg
from vision.receipt import Box

_FRAME = (255, 95, 0)  # seen on white, on black, and on what the apps of banks are painted in
_SHOWN = ("amount", "last4", "phone", "receiver_name", "date", "transaction_id", "status")


def marked(array: Pixels, boxes: Mapping[str, Box]) -> bytes | None:
    """A JPEG of at most 1600 px a side with the frames; None when none of the fields staff look for has a place."""
    shown = {boxes[name] for name in _SHOWN if name in boxes}
    if not shown:
        return None
    image = Image.fromarray(array)
    scale = min(1.0, STORED_SIDE / max(image.size))
    if scale < 1.0:
        image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)
    draw = ImageDraw.Draw(image)
    wide = max(2, min(image.size) // 240)
    for left, top, right, bottom in shown:
        place = (left * scale - 2 * wide, top * scale - wide, right * scale + 2 * wide, bottom * scale + wide)
        draw.rounded_rectangle(place, radius=3 * wide, outline=_FRAME, width=wide)
    return jpeg(image)
