"""Whatever a stranger sends becomes upright RGB pixels or a sentence, in little memory."""

from __future__ import annotations

import io
import pickle
import random
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from PIL import Image

from kit.errors import Refused
from kit.words import LANGUAGES, say
from tests.drawing import jpeg, opened, png
from tests.pictures import product_png, receipt_pdf
from vision.image import STORED_SIDE, WORK_PIXELS, is_pdf, open_safe, strip

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'


def png_bomb(side: int, rows: int = 10) -> bytes:
    """A PNG that says it has side x side pixels; black ones, packed a thousandfold, in its first rows."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    row = b"\0" * (side * 3 + 1)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(row) for _ in range(rows)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def webp_bomb() -> bytes:
    canvas = (16383).to_bytes(3, "little") * 2
    body = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + b"\0" * 4 + canvas
    return b"RIFF" + struct.pack("<I", len(body)) + body


def half_a_jpeg() -> bytes:
    data = jpeg(opened(product_png(1)), 90)
    return data[: len(data) // 2]


BAD = {
    "empty": (b"", "picture.empty"),
    "text": (b"Salom, bu rasm emas" * 40, "picture.not_a_picture"),
    "svg": (SVG, "picture.not_a_picture"),
    "html": (b"<html><body>404</body></html>", "picture.not_a_picture"),
    "zip": (b"PK\x03\x04" + bytes(200), "picture.not_a_picture"),
    "eps renamed": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "picture.not_a_picture"),
    "fits renamed": (b"SIMPLE  =                    T".ljust(2880), "picture.not_a_picture"),
    "bmp": (b"BM" + bytes(100), "picture.not_a_picture"),
    "dot": (png(Image.new("RGB", (1, 1))), "picture.not_a_picture"),
    "heic": (b"\0\0\0\x18ftypheic" + bytes(60), "picture.heic"),
    "half a jpeg": (half_a_jpeg(), "picture.broken"),
    "half a png": (product_png(1)[:3000], "picture.broken"),
    "jpeg head alone": (b"\xff\xd8\xff\xe0\0\x10JFIF", "picture.broken"),
    "png bomb": (png_bomb(13_000), "picture.too_big"),
    "bigger png bomb": (png_bomb(20_000), "picture.too_big"),
    "webp bomb": (webp_bomb(), "picture.too_big"),
    "21 MB": (b"\xff\xd8\xff" + bytes(21 * 2**20), "picture.too_heavy"),
}


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("name", BAD)
def test_what_is_no_picture_is_refused_with_a_sentence(name: str) -> None:
    data, key = BAD[name]
    with pytest.raises(Refused) as refused:
        open_safe(data)
    assert refused.value.key == key
    for language in LANGUAGES:
        assert len(say(language, refused.value.key, **refused.value.facts)) > 20


MEASURE = """
import sys, warnings
warnings.simplefilter("ignore")
from kit.errors import Refused
from vision.image import open_safe
from vision.ocr_worker import peak
from tests.pictures import product_png
open_safe(product_png(1))  # what a first picture loads is not the bomb's
data = sys.stdin.buffer.read()
before = peak()
try:
    open_safe(data)
    print("opened")
except Refused as refused:
    print(refused.key)
print(peak() - before)
"""


def noisy(mode: str, side: int, **how: object) -> bytes:
    pixels = np.random.RandomState(1).randint(0, 255, (side // 40, side // 40, 3)).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).resize((side, side)).save(out, mode, **how)
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "key"),
    [
        (lambda: png_bomb(13_000, 13_000), "picture.too_big"),
        (lambda: noisy("JPEG", 4_900, quality=50, progressive=True), "picture.too_big"),
        (lambda: noisy("JPEG", 4_900, quality=50)[:300_000], "picture.broken"),
        (lambda: noisy("PNG", 3_900, compress_level=1)[:400_000], "picture.broken"),
    ],
    ids=["png bomb", "progressive", "truncated jpeg", "truncated png"],
)
def test_a_refused_picture_costs_less_than_80_mb(make, key: str) -> None:  # type: ignore[no-untyped-def]
    done = subprocess.run([sys.executable, "-c", MEASURE], input=make(), capture_output=True, check=True)
    said, grown = done.stdout.split()
    assert said.decode() == key
    assert int(grown) < 80 * 2**20


@pytest.mark.parametrize("turn", range(1, 9))
def test_exif_orientation_is_applied_and_exif_is_gone(turn: int) -> None:
    image = Image.new("RGB", (80, 40), "white")
    image.paste((255, 0, 0), (0, 0, 40, 20))  # red where the picture begins
    exif = Image.Exif()
    exif[0x0112] = turn
    exif[0x010F] = "camera with a serial number"
    picture = open_safe(jpeg(image, 95, exif=exif))
    corner = {1: (0, 0), 2: (0, 1), 3: (1, 1), 4: (1, 0), 5: (0, 0), 6: (0, 1), 7: (1, 1), 8: (1, 0)}[turn]
    height, width = picture.array.shape[:2]
    assert (picture.width, picture.height) == (width, height) == ((80, 40) if turn < 5 else (40, 80))
    red = picture.array[corner[0] * (height - 1), corner[1] * (width - 1)]
    assert red[0] > 200 and red[1] < 90
    assert b"serial" not in strip(picture) and not Image.open(io.BytesIO(strip(picture))).getexif()


def test_transparency_lies_on_white_and_every_mode_becomes_rgb() -> None:
    clear = Image.new("RGBA", (30, 30), (0, 0, 0, 0))
    assert open_safe(png(clear)).array.min() == 255
    for mode in ("L", "LA", "P", "1", "I;16"):
        assert open_safe(png(Image.new(mode, (30, 30)))).array.shape == (30, 30, 3)
    cmyk = io.BytesIO()
    Image.new("CMYK", (30, 30)).save(cmyk, "JPEG")
    assert open_safe(cmyk.getvalue()).array.shape == (30, 30, 3)


def test_an_animation_is_its_first_frame() -> None:
    for kind in ("GIF", "WEBP", "PNG"):
        out = io.BytesIO()
        frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "lime", "blue")]
        frames[0].save(out, kind, save_all=True, append_images=frames[1:])
        picture = open_safe(out.getvalue())
        assert picture.format == kind.lower() and picture.array[20, 20, 0] > 240


def test_a_big_photo_is_kept_small_and_stored_smaller() -> None:
    picture = open_safe(noisy("JPEG", 8_900, quality=40))
    assert (picture.width, picture.height) == (8_900, 8_900)
    assert picture.array.shape[0] * picture.array.shape[1] <= WORK_PIXELS
    assert max(opened(strip(picture)).size) == STORED_SIDE


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_damaged_bytes_are_refused_never_a_crash() -> None:
    r = random.Random(7)
    small = opened(product_png(5)).resize((120, 120))
    webp, gif = io.BytesIO(), io.BytesIO()
    small.save(webp, "WEBP")
    small.save(gif, "GIF")
    exif = Image.Exif()
    exif[0x0112] = 6
    sound = [jpeg(small, 80, exif=exif), jpeg(small, 80, progressive=True), png(small), webp.getvalue(), gif.getvalue()]
    for _ in range(1500):
        data = bytearray(r.choice(sound))
        for _ in range(r.randint(1, 12)):
            data[r.randrange(min(len(data), r.choice((60, 400, 10**6))))] = r.randrange(256)
        if r.random() < 0.3:
            del data[r.randrange(len(data)) :]
        try:
            assert open_safe(bytes(data)).array.ndim == 3
        except Refused as refused:
            assert refused.key.startswith("picture.")


def test_a_pdf_is_known_by_its_head() -> None:
    assert is_pdf(receipt_pdf(1000, "1234")) and is_pdf(b"\xef\xbb\xbf\n%PDF-1.7")
    assert not is_pdf(product_png(1)) and not is_pdf(b"") and not is_pdf(b"a text about %PDF-1.7")


# ---- a corpus of bombs and broken files ------------------------------------------------------------------------------


def head_of(kind: str, wide: int, high: int) -> bytes:
    """A file of `kind` whose header promises wide x high pixels and whose body is next to nothing."""
    if kind == "png":
        body = struct.pack(">IIBBBBB", wide, high, 8, 6, 0, 0, 0)
        chunks = [(b"IHDR", body), (b"IDAT", zlib.compress(bytes(1000), 9)), (b"IEND", b"")]
        made = [struct.pack(">I", len(b)) + k + b + struct.pack(">I", zlib.crc32(k + b)) for k, b in chunks]
        return b"\x89PNG\r\n\x1a\n" + b"".join(made)
    if kind == "gif":
        return (
            b"GIF89a"
            + struct.pack("<HHBBB", wide, high, 0x80, 0, 0)
            + bytes(6)
            + b","
            + bytes(4)
            + (struct.pack("<HHB", wide, high, 0) + b"\x02\x02\x4c\x01\x00;")
        )
    if kind == "webp":
        body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + (wide - 1).to_bytes(3, "little")
        body += (high - 1).to_bytes(3, "little")
        return b"RIFF" + struct.pack("<I", len(body)) + body
    if kind == "webp lossless":
        bits = (wide - 1) | (high - 1) << 14
        body = b"WEBPVP8L" + struct.pack("<IBI", 5, 0x2F, bits)
        return b"RIFF" + struct.pack("<I", len(body)) + body
    whole = bytearray(jpeg(Image.new("RGB", (64, 64)), 50, progressive=kind == "progressive jpeg"))
    at = whole.index(b"\xff\xc2" if kind == "progressive jpeg" else b"\xff\xc0")
    whole[at + 5 : at + 9] = struct.pack(">HH", high, wide)
    return bytes(whole)


SIDES = ((16_000, 16_000), (60_000, 1_100), (1_100, 60_000), (12_000, 9_000), (65_000, 65_000), (30_000, 30_000))
BOMBS = {
    f"{kind} {wide} x {high}": head_of(kind, wide, high)
    for kind in ("png", "gif", "webp", "webp lossless", "progressive jpeg", "jpeg")
    for wide, high in SIDES
    if not (kind == "webp lossless" and max(wide, high) > 16_384) and not (kind == "jpeg" and wide * high < 80_000_000)
}
BOMBS |= {f"png {n} M in one line": head_of("png", n * 10**6, 40) for n in (1, 2, 100)}
CUT = {
    f"{name} cut to {share:.0%}": data[: int(len(data) * share)]
    for name, data in (("jpeg", jpeg(opened(product_png(3)), 85)), ("png", product_png(3)))
    for share in (0.02, 0.1, 0.4, 0.7, 0.9)
}


def test_the_corpus_is_large_enough() -> None:
    assert len(BOMBS) >= 30 and len(BOMBS) + len(CUT) + len(BAD) >= 60


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_it_is_decoded(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def decoded(*_: object) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr("vision.image._decode", decoded)
    with pytest.raises(Refused) as refused:
        open_safe(BOMBS[name])
    assert refused.value.key in ("picture.too_big", "picture.not_a_picture", "picture.broken")


@pytest.mark.parametrize("name", CUT)
def test_a_file_that_was_cut_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        open_safe(CUT[name])


MEASURE_ALL = """
import pickle, sys, warnings
warnings.simplefilter("ignore")
from kit.errors import Refused
from vision.image import open_safe
from vision.ocr_worker import peak
from tests.pictures import product_png
open_safe(product_png(1))
files, opened = pickle.load(sys.stdin.buffer), 0
before = peak()
for data in files:
    try:
        open_safe(data)
        opened += 1
    except Refused:
        pass
print(opened, peak() - before)
"""


def test_the_whole_corpus_costs_less_than_80_mb() -> None:
    files = [*BOMBS.values(), *CUT.values(), *(data for data, _ in BAD.values())]
    done = subprocess.run(
        [sys.executable, "-c", MEASURE_ALL], input=pickle.dumps(files), capture_output=True, check=True
    )
    opened_, grown = map(int, done.stdout.split())
    assert opened_ == 0 and grown < 80 * 2**20
