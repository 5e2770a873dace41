"""No line of the log carries a card, a code, a token or a phone; our own ids stay."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from kit import log


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    yield
    root.handlers[:], root.level = before
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    taken = capsys.readouterr()
    assert taken.out == ""
    return [json.loads(line) for line in taken.err.splitlines()]


TOKEN = "123456789:" + "AbC_-" * 7


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("karta 8600 1234 5678 9012", "karta 8600 **** **** 9012"),
        (f"https://api.telegram.org/bot{TOKEN}/getMe", "https://api.telegram.org/bot<token>/getMe"),
        ("tel +998 90 123 45 67, 901234567", "tel <phone>, <phone>"),
        ("kod keldi 482913", "kod keldi ****"),
        ("postgresql://sotuv:pw@/x?host=/d", "postgresql://sotuv:<secret>@/x?host=/d"),
        ("GET /me?access_token=IGQVJabc&x=1", "GET /me?access_token=<secret>&x=1"),
        ("Authorization: Bearer sk-abc", "Authorization: Bearer <secret>"),
        ({"a": ["8600123456789012"]}, {"a": ["8600 **** **** 9012"]}),
        (b"8600123456789012", "<16 bytes>"),
        (3, 3),
    ],
)
def test_values_are_cleaned(capsys: pytest.CaptureFixture[str], value: object, shown: object) -> None:
    log.set_up(json=True)
    structlog.get_logger("a").info("event", value=value)
    assert lines(capsys)[0]["value"] == shown


def test_our_ids_stay(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up(json=True)
    structlog.get_logger("a").info("event", key="instagram:5471234567890123")
    assert lines(capsys)[0]["key"] == "instagram:5471234567890123"


def test_lines_and_tracebacks_of_libraries_are_cleaned(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up(json=True)
    try:
        raise ValueError("cannot read 8600123456789012")
    except ValueError:
        logging.getLogger("lib").exception("failed for %s", "+998901234567")
    (line,) = lines(capsys)
    assert line["event"] == "failed for <phone>"
    assert "8600 **** **** 9012" in line["exception"] and "123456789012" not in line["exception"]


def test_a_client_does_not_log_addresses(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up(json=True)
    logging.getLogger("httpx2").info("HTTP Request: GET https://api.telegram.org/bot%s/x", TOKEN)
    assert lines(capsys) == []


def test_a_logger_that_was_used_can_be_listened_to_later(capsys: pytest.CaptureFixture[str]) -> None:
    logger = structlog.get_logger("a")
    log.set_up(json=True)
    logger.info("before")
    structlog.reset_defaults()
    with structlog.testing.capture_logs() as heard:
        logger.info("after")
    assert [line["event"] for line in lines(capsys)] == ["before"] and [line["event"] for line in heard] == ["after"]
