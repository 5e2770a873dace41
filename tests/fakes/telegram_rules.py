"""What the Bot API refuses in the words of a message and its buttons."""

from __future__ import annotations

from typing import Any

_ACTIONS = ("callback_data", "url", "copy_text", "web_app", "login_url", "switch_inline_query")
_STYLES = ("primary", "success", "danger")


class Refusal(Exception):
    """An answer with `ok: false`."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = {name: value for name, value in parameters.items() if value}

    def body(self) -> dict[str, Any]:
        """The answer as Telegram writes it."""
        said: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        return said | ({"parameters": self.parameters} if self.parameters else {})


def field_of(fields: dict[str, Any], name: str) -> str:
    """A parameter that must be there."""
    if name not in fields:
        raise Refusal(400, f"Bad Request: parameter {name} is required")
    return str(fields[name])


def check_text(text: Any, units: int, empty: str, too_long: str) -> str:
    """Words of a message: Telegram counts UTF-16 units."""
    words = str(text)
    if empty and not words.strip():
        raise Refusal(400, f"Bad Request: {empty}")
    if len(words.encode("utf-16-le", "surrogatepass")) // 2 > units:
        raise Refusal(400, f"Bad Request: {too_long}")
    return words


def check_markup(markup: Any, *, private: bool) -> dict[str, Any] | None:
    """A keyboard as sent, or a refusal in Telegram's words."""
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise Refusal(400, "Bad Request: can't parse reply keyboard markup JSON object")
    for row in markup.get("inline_keyboard", []):
        for button in row:
            _check_inline(button)
    for row in markup.get("keyboard", []):
        for button in row:
            asks = {"request_contact", "request_location"} & set(button)
            if asks and not private:
                raise Refusal(400, "Bad Request: phone number can be requested in private chats only")
    return markup


def _check_inline(button: dict[str, Any]) -> None:
    actions = [name for name in _ACTIONS if name in button]
    if not button.get("text") or len(actions) != 1:
        raise Refusal(400, "Bad Request: BUTTON_TYPE_INVALID")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= 64:
        raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
    if "copy_text" in button and not 1 <= len(button["copy_text"].get("text", "")) <= 256:
        raise Refusal(400, "Bad Request: BUTTON_COPY_TEXT_INVALID")
    if "url" in button and not str(button["url"]).startswith(("https://", "http://", "tg://")):
        raise Refusal(400, "Bad Request: BUTTON_URL_INVALID")
    if button.get("style", "primary") not in _STYLES:
        raise Refusal(400, "Bad Request: unsupported button style")
