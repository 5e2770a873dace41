"""Pictures of drawn receipts -> fields, by the real reader in its child process; and what happens when it breaks.

Drawn screens choose between methods; they promise no accuracy in life. Everything here holds without tesseract too.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bench.receipt_bare import held_mb
from cli.read_receipt import read_receipt
from kit.errors import Misconfigured, Refused, Unavailable
from kit.tasks import start
from tests.drawing import jpeg, opened, png
from tests.pictures import (
    as_messenger_sends,
    photo_of_screen,
    product_png,
    receipt_image,
    receipt_pdf,
    receipt_png,
    unrelated_png,
)
from vision import child, receipt, work
from vision.child import Child
from vision.image import open_safe

ROOT = Path(__file__).parents[1]
WORDS = shutil.which("tesseract") is not None
WHEN = datetime(2026, 11, 21, 14, 5)  # noqa: DTZ001  as a screen shows it


@pytest.fixture(autouse=True, scope="module")
def ended() -> Iterator[None]:
    """One child for all tests here, none after them."""
    yield
    receipt.close()


def seen(data: bytes, **expected: Any) -> receipt.Reading:
    return asyncio.run(receipt.read(data, **expected))


@pytest.mark.parametrize(
    ("language", "status", "how"),
    [("uz", "success", {}), ("ru", "failed", {"dark": True}), ("uz_Cyrl", "pending", {"width": 540})],
)
def test_receipt_is_read(language: str, status: str, how: dict[str, Any]) -> None:
    data = receipt_png(345_000, "1234", language=language, status=status, date=WHEN, **how)
    reading = seen(as_messenger_sends(data), expect_amount=345_000, expect_last4="1234")
    assert reading.is_receipt
    assert (reading.amount, reading.date, reading.time) == (345_000, "2026-11-21", "14:05")
    assert reading.transaction_id == "4821907365"
    assert reading.app == "Payme"
    assert reading.amount_present
    assert reading.last4_present
    if language == "uz" or WORDS:
        assert reading.status == status
        assert (reading.last4, reading.sender_last4) == ("1234", "7702")
        assert reading.currency == "UZS"
    else:  # no Cyrillic can be read here: neither a status nor which of the two cards is whose is guessed
        assert reading.status == "unknown"
        assert reading.last4 is None


@pytest.mark.slow
def test_photo_of_a_screen_is_read() -> None:
    reading = seen(photo_of_screen(receipt_image(1_250_000, "9911", language="en", date=WHEN), seed=4))
    assert (reading.is_receipt, reading.amount, reading.last4) == (True, 1_250_000, "9911")
    assert (reading.status, reading.date, reading.time) == ("success", "2026-11-21", "14:05")


def test_pdf_is_read_by_its_text() -> None:
    reading = seen(receipt_pdf(250_000, "1234", status="Payment failed"), expect_amount=250_000, expect_last4="9999")
    assert (reading.amount, reading.last4, reading.status) == (250_000, "1234", "failed")
    assert (reading.date, reading.transaction_id, reading.currency) == ("2026-11-21", "5530018842", "UZS")
    assert (reading.amount_present, reading.last4_present) == (True, False)


def test_scanned_pdf_is_read_as_a_picture() -> None:
    out = io.BytesIO()
    receipt_image(345_000, "1234", language="en").save(out, "PDF", resolution=100)
    reading = seen(out.getvalue())
    assert (reading.is_receipt, reading.amount, reading.last4) == (True, 345_000, "1234")


def test_goods_are_no_receipt() -> None:
    reading = seen(product_png(3, kind="words"))
    assert not reading.is_receipt
    assert reading.amount is None


@pytest.mark.parametrize("data", [b"", b"hello", b"\x89PNG\r\n\x1a\nbroken", b"%PDF-1.4\nbroken"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        seen(data)
    assert refused.value.key.startswith("picture.")


def test_child_that_died_between_two_pictures_is_replaced() -> None:
    seen(receipt_pdf(250_000, "1234"))
    first = child.the_child().pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert seen(receipt_pdf(250_000, "1234")).amount == 250_000
    assert child.the_child().pid not in (None, first)


@pytest.mark.skipif("glibc" not in platform.libc_ver(), reason="only glibc gives freed memory back when asked")
def test_what_a_picture_took_is_given_back_after_its_answer() -> None:
    seen(receipt_png(250_000, "1234"))
    pid = child.the_child().pid
    assert pid is not None
    until = time.monotonic() + 10
    while held_mb(pid, peak=False) > 300 and time.monotonic() < until:
        time.sleep(0.05)
    assert 50 < held_mb(pid, peak=False) < 300  # 440 where it keeps what it took


def test_large_parent_is_not_taken_for_a_large_picture() -> None:
    """A child that thinks itself as large as the process that started it ends after every picture."""
    ballast = bytearray(b"x") * 300_000_000
    child_says = subprocess.run(
        [sys.executable, "-c", "from vision.ocr_worker import peak; print(peak())"],
        capture_output=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True,
    ).stdout  # fmt: skip
    assert 4_000_000 < int(child_says) < len(ballast) / 2


def test_the_bench_counts_memory_once_while_a_child_is_still_its_parents_copy() -> None:
    code = "import os, sys; held = bytearray(b'x') * 60_000_000; os.fork() and print(flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as copied:
        assert copied.stdout is not None and copied.stdout.readline()
        assert 60 < held_mb(copied.pid) < 110


@pytest.mark.parametrize("by_us", [False, True])
async def test_child_killed_while_it_reads(by_us: bool) -> None:
    reader = Child()
    try:
        await reader.read(receipt_pdf(250_000, "1234"))
        first = reader.pid
        assert first is not None
        os.kill(first, signal.SIGSTOP)  # it hangs with the picture in its hands
        asking = start(reader.read(receipt_pdf(9_000, "1234")), "asking")
        await asyncio.sleep(0.2)
        if by_us:  # the product ends: nothing new may start
            reader.close()
            with pytest.raises(Unavailable):
                await asking
            assert reader.pid is None
        else:
            with contextlib.suppress(ProcessLookupError):  # a busy machine: it was given up already
                os.kill(first, signal.SIGKILL)
            assert (await asking)["lines"]
            assert reader.pid not in (None, first)
        assert (await reader.read(receipt_pdf(9_000, "1234")))["lines"]
    finally:
        reader.close()


async def test_what_takes_too_long_is_left_to_a_person_and_the_next_is_read() -> None:
    reader = Child(limit_s=0.05)  # shorter than the child's own start
    try:
        with pytest.raises(Unavailable, match="too long"):
            await reader.read(receipt_pdf(250_000, "1234"))
        assert reader.pid is None
        reader.limit_s = 20.0
        assert (await reader.read(receipt_pdf(250_000, "1234")))["lines"]
    finally:
        reader.close()


async def test_idle_child_gives_its_memory_back() -> None:
    reader = Child(idle_s=0.1)
    try:
        await reader.read(receipt_pdf(250_000, "1234"))
        until = time.monotonic() + 5
        while reader.pid is not None and time.monotonic() < until:
            await asyncio.sleep(0.05)
        assert reader.pid is None
    finally:
        reader.close()


async def test_flood_of_pictures_is_turned_away() -> None:
    reader = Child()
    reader.waiting = child.MOST_WAITING
    with pytest.raises(Unavailable):
        await reader.read(b"")
    assert reader.pid is None


def test_child_ends_with_a_killed_parent() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 5
    while _runs(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _runs(pid)


_PARENT = """
import sys, time
from tests.pictures import receipt_pdf
from vision.child import Child
reader = Child()
reader.ask(receipt_pdf(1000, "1234"))
print(reader.pid, flush=True)
time.sleep(60)
"""


def _runs(pid: int) -> bool:
    """Whether it lives; a zombie that nobody waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


# ---- does it look like one?


@pytest.mark.parametrize("language", ["uz", "ru"])
@pytest.mark.parametrize("dark", [False, True])
async def test_receipts_look_like_receipts(language: str, dark: bool) -> None:
    image = receipt_image(345_000, "1234", language=language, dark=dark)
    for data in (png(image), as_messenger_sends(png(image)), photo_of_screen(image, seed=2)):
        assert await work.run(receipt.looks_like_receipt, open_safe(data)) >= 0.5


def test_receipt_on_a_busy_cloth_is_in_doubt_at_least() -> None:
    cloth = opened(product_png(5, kind="checks")).resize((1000, 1400))
    phone = receipt_image(345_000, "1234").resize((473, 840))
    cloth.paste(phone, (263, 280))
    assert receipt.looks_like_receipt(open_safe(jpeg(cloth))) >= 0.2


@pytest.mark.slow
def test_goods_and_landscapes_rarely_cost_a_reading() -> None:
    pictures = [product_png(seed) for seed in range(24)] + [unrelated_png(seed) for seed in (2, 3, 6, 7)]
    likely = [receipt.looks_like_receipt(open_safe(data)) for data in pictures]
    assert all(0 <= one <= 1 for one in likely)
    assert sum(one < 0.2 for one in likely) >= 20  # measured: 24
    assert sum(one >= 0.5 for one in likely) <= 2


def test_looking_is_cheap() -> None:
    picture = open_safe(png(receipt_image(345_000, "1234", width=1440)))
    started = time.process_time()
    for _ in range(5):
        receipt.looks_like_receipt(picture)
    assert (time.process_time() - started) / 5 < 0.06


# ---- the command


def test_command_prints_a_line_a_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.png"
    good.write_bytes(receipt_pdf(250_000, "1234"))
    bad.write_bytes(b"no picture")
    assert read_receipt(None, [good, bad, tmp_path / "absent.png"], True, 250_000, "1234") == 0
    first, second, third = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert set(first) == {
        "path", "is_receipt", "amount", "currency", "date", "time", "last4", "transaction_id", "status", "app",
        "fields", "amount_present", "last4_present", "verdict", "reasons",
    }  # fmt: skip
    assert (first["verdict"], first["amount_present"], first["last4_present"]) == (["fits"], True, True)
    assert (second["is_receipt"], second["error"]) == (False, "picture.not_a_picture")
    assert "error" in third


def test_command_without_expectations_judges_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "receipt.pdf"
    path.write_bytes(receipt_pdf(250_000, "1234"))
    assert read_receipt(None, [path], True, None, "") == 0
    assert "verdict" not in json.loads(capsys.readouterr().out)
    assert read_receipt(None, [path], False, None, "") == 0
    assert "250000 UZS, card *1234" in capsys.readouterr().out
    with pytest.raises(Misconfigured):
        read_receipt(None, [path], True, None, "12")
