"""A Reply as Instagram takes it: pictures by address, text in pieces of 1000 bytes, tokens as quick replies."""

from __future__ import annotations

from typing import Any

from bot.split import split, utf8, utf16
from kit.message import Button, Reply

TEXT_BYTES = 1000
COMMENT_CHARS = 2200
_QUICK = 13
_TITLE = 20
_POINTER = "👇"  # quick replies hang on words; a picture alone carries none
_PICTURES = (".jpg", ".jpeg", ".png", ".gif")


def of(reply: Reply, public_url: str) -> list[dict[str, Any]]:
    """The `message` objects that say `reply`, in order. Pictures need `public_url`, where Meta fetches them."""
    names = [name for name in (*reply.photos, *reply.files) if name.endswith(_PICTURES)] if public_url else []
    found: list[dict[str, Any]] = [
        {"attachment": {"type": "image", "payload": {"url": f"{public_url}/media/{name}"}}} for name in names
    ]
    found += [{"text": piece} for piece in split(words(reply), TEXT_BYTES, utf8)]
    quick = _quick_replies(reply)
    if quick:
        if not found or "text" not in found[-1]:
            found.append({"text": _POINTER})
        found[-1]["quick_replies"] = quick
    return found


def words(reply: Reply) -> str:
    """The text with what has no other form here: links, numbers to copy, a pin, the note on a press."""
    buttons = [button for row in reply.buttons for button in row]
    lines = [reply.text or (reply.toast if not reply.photos else "")]
    lines += [f"{button.label}: {button.url}" for button in buttons if button.url and button.url not in reply.text]
    lines += [button.copy for button in buttons if button.copy and button.copy not in reply.text]
    if reply.location:
        lines.append("https://maps.google.com/?q={},{}".format(*reply.location))
    return "\n".join(line for line in lines if line.strip())


def public(reply: Reply) -> str:
    """The words of an answer under a comment."""
    return next(iter(split(reply.text, COMMENT_CHARS, utf16)), "")


def private(reply: Reply) -> str:
    """The one message that may follow a comment: what does not fit into it is not said."""
    return next(iter(split(words(reply), TEXT_BYTES, utf8)), "")


def _quick_replies(reply: Reply) -> list[dict[str, str]]:
    """Tokens as quick replies. Asking for a contact or a place does not exist here: people type it."""
    plain = [button for row in reply.buttons for button in row if button.token and not _elsewhere(button)]
    return [
        {"content_type": "text", "title": _title(button.label), "payload": button.token} for button in plain[:_QUICK]
    ]


def _elsewhere(button: Button) -> bool:
    return bool(button.copy or button.url or button.ask)


def _title(label: str) -> str:
    return label if len(label) <= _TITLE else f"{label[: _TITLE - 1].rstrip()}…"
