"""A thousand disguises of what must never stand in a log line, by every way into the log; and our ids, unharmed."""

from __future__ import annotations

import json
import logging
import random
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
import structlog

from kit import log

DICE = random.Random(20261123)
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    yield
    root.handlers[:], root.level = before
    log._hidden.clear()
    structlog.reset_defaults()


# ---- secrets ---------------------------------------------------------------------------------------------------------


def digits(count: int) -> str:
    return "".join(DICE.choices("0123456789", k=count))


def letters(count: int) -> str:
    return "".join(DICE.choices("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789_-", k=count))


def card() -> tuple[str, str]:
    """A card in one of its disguises, and what would give it away: its twelve hidden digits."""
    number = DICE.choice(["8600", "9860", "5614", "4916", "5213", "2202", "6262"]) + digits(12)
    gap = DICE.choice([" ", "-", "", ".", "\u00a0", "  ", " - ", "\u2009", "_", "/"])
    shown = gap.join(number[at : at + 4] for at in range(0, 16, 4))
    return DICE.choice([shown, shown, shown.translate(WIDE), shown.translate(ARABIC)]), number


def phone() -> tuple[str, str]:
    number = DICE.choice(["90", "91", "93", "97", "99", "33", "88", "77", "50"]) + digits(7)
    a, b, c, d = number[:2], number[2:5], number[5:7], number[7:]
    forms = [
        f"+998{number}",
        f"998{number}",
        number,
        f"+998 ({a}) {b}-{c}-{d}",
        f"+998 {a} {b} {c} {d}",
        f"{a} {b} {c} {d}",
        f"{a}-{b}-{c}-{d}",
        f"+998\u00a0{a}\u00a0{b}\u00a0{c}\u00a0{d}",
        f"+998{number}".translate(WIDE),
        f"tel:+998{number}",
        f"+7 9{number[1:3]} {digits(3)} {c}-{d}",
    ]
    shown = DICE.choice(forms)
    return shown, re.sub(
        r"\D", "", shown.translate({ord(wide): str(n) for n, wide in enumerate("０１２３４５６７８９")})
    )


def token() -> tuple[str, str]:
    kind = DICE.randrange(11)
    bot, long = f"{digits(10)}:AA{letters(33)}", letters(40)
    forms = [
        (f"https://api.telegram.org/bot{bot}/sendMessage", bot),
        (f"https://api.telegram.org/file/bot{bot}/photos/file_1.jpg", bot),
        (f"bot token {bot} refused", bot),
        (f"https://graph.instagram.com/me?fields=id&access_token=IGAA{long}", long),
        (f"Authorization: Bearer {long}", long),
        (f"{{'Authorization': 'Bearer {long}'}}", long),
        (f"api_key='sk-{long}'", long),
        (f"OPENAI_API_KEY=sk-proj-{long}", long),
        (f"postgresql://sotuv:{long}@db.internal:5432/sotuv", long),
        (f"redis://:{long}@cache:6379/0", long),
        (f'X-Telegram-Bot-Api-Secret-Token: "{long}"', long),
    ]
    return forms[kind]


def code() -> tuple[str, str]:
    number = digits(6)
    return DICE.choice([f"kod keldi {number}", f"sms kod: {number}", f"код из смс {number}"]), number


# ---- ways into the log -----------------------------------------------------------------------------------------------


class Clumsy:
    """An object whose repr tells all."""

    def __init__(self, said: str) -> None:
        self.said = said

    def __repr__(self) -> str:
        return f"Clumsy({self.said!r})"


def raised(said: str) -> BaseException:
    try:
        try:
            raise KeyError(said)
        except KeyError as cause:
            raise ValueError(f"cannot take {said}") from cause
    except ValueError as error:
        return error


ROADS: list[Callable[[Any, str], None]] = [
    lambda to, said: to.info(f"said {said} and more"),
    lambda to, said: to.warning("event", text=said),
    lambda to, said: to.warning("event", tree={"a": [{"b": (said, {"c": said})}]}),
    lambda to, said: to.warning("event", **{"form": {said: 1}}),
    lambda to, said: to.error("event", exc_info=raised(said)),
    lambda to, said: to.error("event", error=raised(said)),
    lambda to, said: to.error("event", thing=Clumsy(said)),
    lambda to, said: to.info("event", body=said.encode()),
    lambda to, said: to.info("event", body=bytearray(said.encode())),
    lambda to, said: to.bind(ctx=said).info("event"),
    lambda to, said: logging.getLogger("lib").warning("sent %s to %r", said, {"x": said}),
    lambda to, said: logging.getLogger("lib").error("failed", exc_info=raised(said)),
    lambda to, said: logging.getLogger("uvicorn.error").error("GET /x?q=%s", said, stack_info=True),
]


def leaks(line: str, secret: str) -> bool:
    """Whether the secret can be read in `line`, as typed or with anything between its characters."""
    if secret in line:
        return True
    if not secret.isdigit():
        return False
    plain = "".join(str(int(char)) if char.isdigit() else char for char in line)
    hidden = secret[4:12] if len(secret) == 16 else secret
    return hidden in re.sub(r"\D", "", re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "", plain))


@pytest.mark.parametrize("as_json", [True, False], ids=["json", "people"])
def test_none_of_a_thousand_disguises_leaks(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    log.set_up("debug", json=as_json)
    leaked = []
    for number in range(500):
        said, secret = (card, phone, token, code)[number % 4]()
        ROADS[number % len(ROADS)](structlog.get_logger("a"), said)
        line = capsys.readouterr().err
        assert line
        if leaks(line, secret):
            leaked.append((said, line))
    assert leaked == []


def test_the_secrets_of_the_settings_are_cut_out_whatever_they_look_like(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up(json=True)
    log.hide("parol so'z", "oddiy-gap", "abc")
    structlog.get_logger("a").error("event", exc_info=raised("x parol so'z y"), key="oddiy-gap", why="abcdef")
    line = capsys.readouterr().err
    assert "parol" not in line and "oddiy" not in line and "abcdef" in line


@pytest.mark.parametrize("name", ["token", "bot_token", "password", "app_secret", "api_key", "Authorization", "cookie"])
def test_what_is_called_a_secret_is_one(capsys: pytest.CaptureFixture[str], name: str) -> None:
    log.set_up(json=True)
    structlog.get_logger("a").info(
        "event", **{name: "plainword"}, inside={name: "plainword"}, many=[{name: "plainword"}]
    )
    assert "plainword" not in capsys.readouterr().err


async def test_a_client_that_fails_logs_no_address_with_a_token(capsys: pytest.CaptureFixture[str]) -> None:
    """httpx logs each request with its whole address, and its errors quote it."""
    log.set_up("debug", json=True)
    logging.getLogger("httpx2").setLevel(logging.DEBUG)
    logging.getLogger("httpcore2").setLevel(logging.DEBUG)
    secret = f"{digits(10)}:AA{letters(33)}"
    async with httpx2.AsyncClient() as client:
        try:
            await client.get(f"http://127.0.0.1:1/bot{secret}/getMe", headers={"Authorization": f"Bearer {secret}"})
        except httpx2.HTTPError as error:
            structlog.get_logger("a").exception("call_failed", url=str(error.request.url), request=error.request)
    line = capsys.readouterr().err
    assert "call_failed" in line and secret not in line and secret.split(":")[1] not in line


# ---- what must stay --------------------------------------------------------------------------------------------------


def test_our_ids_are_not_damaged() -> None:
    kept = [
        "order:12",
        "№ 48213",
        "receipt:77",
        "rows=16",
        "10.0.0.12:5432",
        "PostgreSQL 18.4",
        "3 500 000 so'm",
        "v2.10.11",
    ]
    kept += [f"line {number} in run" for number in range(300, 900, 7)]
    for _ in range(400):
        kept += [
            str(uuid.UUID(int=DICE.getrandbits(128))),
            f"widget:{uuid.UUID(int=DICE.getrandbits(128))}",
            f"turn:telegram:{DICE.randrange(10**6, 10**10)}:9",
            f"instagram:1784{digits(13)}",
            f"{DICE.getrandbits(256):064x}.jpg" if DICE.random() < 2 else "",
            f"2026-11-{DICE.randrange(10, 28)}T12:{DICE.randrange(10, 59)}:07.{digits(6)}Z",
            f"<Task at 0x{DICE.getrandbits(48):012x}>",
            str(1_700_000_000_000 + DICE.randrange(10**10)),
        ]
    damaged = [(one, log.clean(one)) for one in kept if log.clean(one) != one]
    assert damaged == []


def test_fields_that_are_ids_stay_and_are_still_no_road_for_tokens(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up(json=True)
    secret = f"{digits(10)}:AA{letters(33)}"
    structlog.get_logger("a").info("event", key="instagram:5471234567890123", id=901234567, chat=f"x {secret}")
    (line,) = [json.loads(one) for one in capsys.readouterr().err.splitlines()]
    assert line["key"] == "instagram:5471234567890123" and line["id"] == 901234567 and secret not in line["chat"]
