"""Text, with its places, in a picture or PDF of a stranger: runs in the reader's child process (vision.ocr_worker).

Two engines look at each picture where both are there: rapidocr, whose models lie in its wheel, is right about digits
and knows no Cyrillic; tesseract, if installed, knows the words of all four languages. What the text means is not known
here.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np

from kit.errors import Refused
from vision.image import Pixels, is_pdf, open_safe

SIDE = 960  # of rapidocr's detector: at 2000 it finds no more lines and takes 250 MB more
_LANGUAGES = ("rus", "uzb", "uzb_cyrl", "eng")
_TESSERACT_S = 12.0
_TESSERACT_WIDTH = 1100  # letters of a phone's screen are then about 30 px tall, which it was trained on
_RULE = 110  # px of that width: no letter has a straight stroke this long
_PDF_PAGES = 2  # looked at as pictures
_LAYER_PAGES = 30  # whose own text is read: a bank's statement of a month
_PDF_DPI = 200
_LEAST_LAYER = 40  # letters in a PDF's text layer; with fewer it is a scan with a stamp


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text. `source`: digits (rapidocr), words (tesseract), layer (a PDF's own text). Box in px.

    `slope` is how far it falls per px to the right: a photo of a screen is never straight.
    """

    text: str
    score: float
    left: float
    top: float
    right: float
    bottom: float
    source: str
    slope: float = 0.0


class Reader:
    """Both engines, loaded with the first picture."""

    def read(self, data: bytes) -> dict[str, Any]:
        """{"lines": [...], "codes": [...], "height": px} of a picture or the first pages of a PDF.

        Raises Refused `picture.*`.
        """
        if is_pdf(data):
            lines, pages = _pdf(data)
            if lines:
                return {"lines": [asdict(line) for line in lines], "codes": [], "height": 0}
            return self._pixels(pages)
        return self._pixels(open_safe(data).array)

    def _pixels(self, array: Pixels) -> dict[str, Any]:
        words = self._start_tesseract(array)
        lines = self._digits(array) + _finish_tesseract(words, array.shape[1])
        return {"lines": [asdict(line) for line in lines], "codes": _codes(array), "height": array.shape[0]}

    @cached_property
    def _rapid(self) -> Any:
        import rapidocr  # 0.6 s

        models = Path(rapidocr.__file__).parent / "models"
        return rapidocr.RapidOCR(
            params={
                "Global.use_cls": False,  # a screenshot is never upside down, and it costs a third of the time
                "Global.log_level": "critical",
                "Global.text_score": 0.35,  # of a lone masked tail (0.6-0.8); Cyrillic comes out at 0.1-0.7
                # named, so that nothing is ever fetched from the network
                "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
                "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
                "Det.limit_side_len": SIDE,
                "Det.limit_type": "max",
                "EngineConfig.onnxruntime.intra_op_num_threads": 2,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )

    def _digits(self, array: Pixels) -> list[Line]:
        """What rapidocr reads; a long screenshot in pieces, or its letters would shrink away."""
        height, width = array.shape[:2]
        tall = int(width * 2.4)
        pieces = [0] if height <= tall else list(range(0, height - tall // 8, tall * 7 // 8))
        lines: list[Line] = []
        for top in pieces:
            # rapidocr wants BGR
            found = self._rapid(np.ascontiguousarray(array[top : top + tall if len(pieces) > 1 else height, :, ::-1]))
            if found.txts is None:
                continue
            for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
                (left, above), (right, below) = box.min(axis=0), box.max(axis=0)
                place = float(left), float(above) + top, float(right), float(below) + top
                fall = float(box[1][1] - box[0][1]) / max(1.0, float(box[1][0] - box[0][0]))
                lines.append(Line(text, float(score), *place, "digits", round(fall, 4)))
        return lines

    @cached_property
    def _languages(self) -> str:
        """tesseract's languages that are installed, as it wants them; "" without tesseract."""
        program = shutil.which("tesseract")
        if program is None:
            return ""
        done = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=10, check=False)  # noqa: S603 -- found on PATH, no argument from outside
        there = set(done.stdout.split())
        return "+".join(language for language in _LANGUAGES if language in there)

    def _start_tesseract(self, array: Pixels) -> subprocess.Popen[bytes] | None:
        """tesseract at work on the picture, or None where it is not installed."""
        if not self._languages:
            return None
        grey = cv2.cvtColor(array, cv2.COLOR_RGB2GRAY)
        scale = _TESSERACT_WIDTH / array.shape[1]
        how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=how)
        if np.median(grey) < 110:  # a dark theme: it reads black on white
            grey = cv2.bitwise_not(grey)
        grey = _without_rules(np.asarray(grey, np.uint8))
        packed = cv2.imencode(".png", grey, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()
        command = ["tesseract", "stdin", "stdout", "-l", self._languages, "--psm", "6", "--dpi", "160", "tsv"]
        running = subprocess.Popen(  # noqa: S603 -- a fixed command
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_quiet()
        )
        assert running.stdin is not None
        running.stdin.write(packed)
        running.stdin.close()
        return running


def _without_rules(grey: Pixels) -> Pixels:
    """The page without the lines of a table: tesseract takes a ruled cell for a picture and reads nothing in it."""
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12)
    across, down = (
        cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8)) for shape in ((1, _RULE), (_RULE, 1))
    )
    rules = cv2.bitwise_or(across, down)
    if not cv2.countNonZero(rules):
        return grey
    wide = cv2.dilate(rules, np.ones((5, 5), np.uint8)) > 0
    paper = np.asarray(cv2.medianBlur(grey, 31), np.uint8)
    return np.where(wide, paper, grey)


def _quiet() -> dict[str, str]:
    import os

    return {**os.environ, "OMP_THREAD_LIMIT": "1"}  # its threads wait for each other more than they work


def _finish_tesseract(running: subprocess.Popen[bytes] | None, width: int) -> list[Line]:
    """The lines tesseract read; none when it took too long."""
    if running is None:
        return []
    assert running.stdout is not None
    running.stdin = None  # closed: communicate must not touch it
    try:
        said, _ = running.communicate(timeout=_TESSERACT_S)
    except subprocess.TimeoutExpired:
        running.kill()
        running.communicate()
        return []
    scale = width / _TESSERACT_WIDTH
    rows: dict[tuple[str, ...], list[list[str]]] = {}
    for row in said.decode("utf-8", "replace").splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) == 12 and cells[0] == "5" and float(cells[10]) >= 0 and cells[11].strip():
            rows.setdefault(tuple(cells[1:5]), []).append(cells)
    return [_tesseract_line(part, scale) for cells in rows.values() for part in _parts(cells)]


def _parts(cells: list[list[str]]) -> list[list[list[str]]]:
    """The words of a line, in columns: what stands further apart than three heights is another text."""
    high = float(np.median([float(word[9]) for word in cells]))
    parts = [cells[:1]]
    for before, word in pairwise(cells):
        if float(word[6]) - float(before[6]) - float(before[8]) > 3 * high:
            parts.append([])
        parts[-1].append(word)
    return parts


def _tesseract_line(cells: list[list[str]], scale: float) -> Line:
    """One line of tesseract's table. Cells 6..9: left, top, width, height; 10: confidence in percent."""
    boxes = np.array([[float(value) for value in word[6:10]] for word in cells])
    left, top = boxes[:, 0].min(), boxes[:, 1].min()
    right, bottom = (boxes[:, 0] + boxes[:, 2]).max(), (boxes[:, 1] + boxes[:, 3]).max()
    score = float(np.mean([float(word[10]) for word in cells])) / 100
    text = " ".join(word[11].strip() for word in cells)
    return Line(text, score, left * scale, top * scale, right * scale, bottom * scale, "words")


def _codes(array: Pixels) -> list[str]:
    """Texts of the QR codes in the picture. They are parsed, never opened."""
    import zxingcpp

    found = zxingcpp.read_barcodes(array, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return [code.text[:500] for code in found[:4]]


def _pdf(data: bytes) -> tuple[list[Line], Pixels]:
    """The text layer of the first pages, or, where there is none, the pages as one picture."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(data) as document:
            lines = [line for i in range(min(len(document), _LAYER_PAGES)) for line in _layer(document[i], i)]
            if sum(len(line.text) for line in lines) >= _LEAST_LAYER:
                return lines, np.zeros((1, 1, 3), np.uint8)
            pages = [_rendered(document[i]) for i in range(min(len(document), _PDF_PAGES))]
    except pypdfium2.PdfiumError as damage:
        raise Refused("picture.pdf") from damage
    if not pages:
        raise Refused("picture.pdf")
    width = max(page.shape[1] for page in pages)
    padded = [np.pad(page, ((0, 0), (0, width - page.shape[1]), (0, 0)), constant_values=255) for page in pages]
    return [], np.concatenate(padded)


def _layer(page: Any, number: int) -> list[Line]:
    """A page's own text; pdfium counts from the lower edge, lines here count down and page after page."""
    text, height = page.get_textpage(), page.get_height()
    lines = []
    for i in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(i)
        said = text.get_text_bounded(left, bottom, right, top).strip()
        if said:
            down = height * number
            lines.append(Line(said, 1.0, left, down + height - top, right, down + height - bottom, "layer"))
    return lines


def _rendered(page: Any) -> Pixels:
    """A page at 200 dpi, smaller where that would be more than 4 megapixels."""
    width, height = page.get_size()
    scale = min(_PDF_DPI / 72, (4_000_000 / max(1.0, width * height)) ** 0.5)
    return cast("Pixels", np.ascontiguousarray(page.render(scale=scale).to_numpy()[..., 2::-1]))
