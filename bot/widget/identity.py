"""Who sits at the browser: a random chat id sealed in a cookie, one per shop and tab kind.

A shopper and a member of staff may share one browser (`?as=staff` keeps a second cookie), so that a whole sale can be
tried alone. The cookie gives no rights: a person becomes staff by `/claim`, in the second tab as anywhere.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from typing import Literal

from fastapi import Request, Response

from kit.crypto import Box
from kit.errors import Misconfigured
from kit.message import Chat

Role = Literal["shopper", "staff"]
CHANNEL = "widget"
_KEPT_S = 400 * 24 * 3600  # browsers keep no cookie longer than 400 days


@dataclass(frozen=True, slots=True)
class Visitor:
    """One browser tab kind at one shop. `fresh`: nobody came with a valid cookie, this id was made just now."""

    chat: Chat
    role: Role
    fresh: bool


def recognise(request: Request, box: Box, shop_id: str, role: Role) -> Visitor:
    """The visitor that the request's cookie names, or a new one when there is none or it is not ours."""
    chat_id = _opened(request.cookies.get(_name(shop_id, role), ""), box, _context(shop_id, role))
    return Visitor(Chat(shop_id, CHANNEL, chat_id or secrets.token_hex(16)), role, fresh=not chat_id)


def remember(response: Response, box: Box, visitor: Visitor, *, secure: bool) -> None:
    """Put the visitor's cookie on `response` (again at each visit, so that it lives on)."""
    shop_id = visitor.chat.shop_id
    sealed = base64.urlsafe_b64encode(box.seal(visitor.chat.id, _context(shop_id, visitor.role)))
    response.set_cookie(
        _name(shop_id, visitor.role),
        sealed.decode().rstrip("="),
        max_age=_KEPT_S,
        path=f"/chat/{shop_id}",
        httponly=True,
        samesite="lax",
        secure=secure,
    )


def _name(shop_id: str, role: Role) -> str:
    return f"sotuv_{shop_id}_{role}"


def _context(shop_id: str, role: Role) -> str:
    """Bound to the seal: a cookie of one shop or tab kind opens nothing in another."""
    return f"{CHANNEL}:{shop_id}:{role}"


def _opened(cookie: str, box: Box, context: str) -> str:
    if not cookie or len(cookie) > 500:
        return ""
    try:
        return box.open(base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4)), context)
    except (ValueError, Misconfigured):  # not base64, not a seal, or a seal of another key, shop or tab kind
        return ""
