"""What the Graph API refuses in a message."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit


class Refusal(Exception):
    """An answer with `error`."""

    def __init__(self, code: int, message: str, *, subcode: int = 0, status: int = 400, kind: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.subcode = subcode
        self.status = status
        self.kind = kind or "IGApiException"

    def body(self) -> dict[str, Any]:
        """The `error` object as Meta writes it."""
        said = {"message": str(self), "type": self.kind, "code": self.code, "fbtrace_id": "A1"}
        return said | ({"error_subcode": self.subcode} if self.subcode else {})


def chosen(node: dict[str, Any], fields: str) -> dict[str, Any]:
    """What of a node was asked for: `id,caption,children{media_type}`; its id always, what it has not never."""
    found: dict[str, Any] = {"id": node["id"]} if "id" in node else {}
    for name, inner in re.findall(r"(\w+)(?:\{([\w,]*)\})?", fields):
        if name not in node or name.startswith("_"):
            continue
        listed = isinstance(node[name], dict) and "data" in node[name]
        found[name] = {"data": [chosen(one, inner) for one in node[name]["data"]]} if listed else node[name]
    return found


def check_message(fields: dict[str, Any]) -> dict[str, Any]:
    """The `message` of a call, or a refusal."""
    message = fields.get("message")
    if not isinstance(message, dict) or not message:
        raise Refusal(100, "Invalid parameter: message")
    strange = set(message) - {"text", "attachment", "quick_replies", "metadata"}
    if strange:
        raise Refusal(100, f"Invalid keys in message: {sorted(strange)}")
    if ("text" in message) == ("attachment" in message):
        raise Refusal(100, "A message has either text or an attachment")
    if "text" in message:
        _check_text(message["text"])
    else:
        _check_attachment(message["attachment"])
    if "quick_replies" in message:
        if "text" not in message or fields.get("messaging_type") != "RESPONSE":
            raise Refusal(100, "Quick replies need text and messaging_type RESPONSE")
        _check_quick(message["quick_replies"])
    return message


def _check_text(text: Any) -> None:
    if not isinstance(text, str) or not text.strip():
        raise Refusal(100, "Param message[text] must not be empty")
    if len(text.encode()) > 1000:
        raise Refusal(100, "Length of param message[text] must be less than or equal to 1000")


def _check_attachment(attachment: Any) -> None:
    payload = attachment.get("payload") if isinstance(attachment, dict) else None
    url = payload.get("url") if isinstance(payload, dict) else None
    if attachment.get("type") not in ("image", "audio", "video") or not isinstance(url, str):
        raise Refusal(100, "Invalid attachment")
    if urlsplit(url).scheme not in ("https", "http"):
        raise Refusal(100, "Invalid attachment address")


def _check_quick(replies: Any) -> None:
    if not isinstance(replies, list) or not 1 <= len(replies) <= 13:
        raise Refusal(100, "Between 1 and 13 quick replies")
    for reply in replies:
        sound = reply.get("content_type") == "text" and reply.get("title") and reply.get("payload")
        if not sound or len(reply["title"]) > 20 or len(reply["payload"].encode()) > 1000:
            raise Refusal(100, "Invalid quick reply")
