"""Who sits at the browser: the cookie opens for its own shop and tab kind, and for nothing else."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from fastapi import Request, Response

from bot.widget.identity import recognise, remember
from kit.crypto import Box


def _request(cookies: dict[str, str]) -> Request:
    header = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return Request({"type": "http", "headers": [(b"cookie", header.encode("utf-8"))]})


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path / "key")


def _cookie(box: Box, shop_id: str = "lola", role: str = "shopper") -> tuple[str, str, str]:
    """(chat id, cookie's name, cookie's value) of a fresh visitor."""
    visitor = recognise(_request({}), box, shop_id, role)  # type: ignore[arg-type]
    assert visitor.fresh and len(visitor.chat.id) == 32
    response = Response()
    remember(response, box, visitor, secure=True)
    header = response.headers["set-cookie"]
    name, _, rest = header.partition("=")
    for part in ("HttpOnly", "Secure", "SameSite=lax", f"Path=/chat/{shop_id}", "Max-Age="):
        assert part in header
    return visitor.chat.id, name, rest.partition(";")[0]


def test_visitor_is_known_again(box: Box) -> None:
    chat_id, name, value = _cookie(box)
    again = recognise(_request({name: value}), box, "lola", "shopper")
    assert (again.chat.id, again.chat.channel, again.fresh) == (chat_id, "widget", False)


def test_two_visitors_are_two_chats(box: Box) -> None:
    assert _cookie(box)[0] != _cookie(box)[0]


@pytest.mark.parametrize(("shop_id", "role"), [("other", "shopper"), ("lola", "staff")])
def test_cookie_opens_nothing_else(box: Box, shop_id: str, role: str) -> None:
    chat_id, _, value = _cookie(box)
    other = recognise(_request({f"sotuv_{shop_id}_{role}": value}), box, shop_id, role)  # type: ignore[arg-type]
    assert other.fresh and other.chat.id != chat_id


def test_cookie_of_another_key_is_a_stranger(box: Box, tmp_path: Path) -> None:
    _, name, value = _cookie(box)
    assert recognise(_request({name: value}), Box(tmp_path / "other"), "lola", "shopper").fresh


@pytest.mark.parametrize("value", ["", "x", "%%%", "АБВ", "A" * 5000, base64.urlsafe_b64encode(b"\x01abc").decode()])
def test_garbage_is_a_stranger(box: Box, value: str) -> None:
    assert recognise(_request({"sotuv_lola_shopper": value}), box, "lola", "shopper").fresh


def test_every_changed_byte_is_noticed(box: Box) -> None:
    _, name, value = _cookie(box)
    raw = bytearray(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)))
    for at in range(len(raw)):
        changed = bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
        forged = base64.urlsafe_b64encode(changed).decode().rstrip("=")
        assert recognise(_request({name: forged}), box, "lola", "shopper").fresh
