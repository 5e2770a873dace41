"""JSON-RPC as Payme speaks it: a request read and checked field by field, an answer and its errors worded."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from kit.words import say

_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")  # Payme's are 24 hex digits
_LONGEST_MS = 10**14  # the year 5138
REASONS = range(1, 100)  # Payme has 1, 2, 3, 4, 5 and 10
FISCAL = ("receipt_id", "status_code", "message", "terminal_id", "fiscal_sign", "qr_code_url", "date")

PARSE, RPC, METHOD, AUTH, NOT_POST, INTERNAL = -32700, -32600, -32601, -32504, -32300, -32400
AMOUNT, NO_TRANSACTION, DELIVERED, CANNOT = -31001, -31003, -31007, -31008
NO_ORDER, ENDED, PAID = -31050, -31051, -31052
_WORDS = {
    PARSE: "parse",
    RPC: "rpc",
    METHOD: "method",
    AUTH: "auth",
    NOT_POST: "not_post",
    INTERNAL: "internal",
    AMOUNT: "amount",
    NO_TRANSACTION: "no_transaction",
    DELIVERED: "delivered",
    CANNOT: "cannot",
    NO_ORDER: "no_order",
    ENDED: "ended",
    PAID: "paid",
}
Params = dict[str, Any]
Result = dict[str, Any]


class Wrong(Exception):
    """An answer with an error. `data` names the field that is wrong, for errors of the account."""

    def __init__(self, code: int, data: str | None = None) -> None:
        super().__init__(code)
        self.code, self.data = code, data

    def body(self) -> dict[str, Any]:
        """The error object; Payme shows its words to the payer in the three languages it speaks."""
        words = {language: say(language, f"pay.payme_{_WORDS[self.code]}") for language in ("ru", "uz", "en")}
        return {"code": self.code, "message": words, "data": self.data}


def read(body: bytes | None) -> Any:
    """The JSON in `body`; None for what is no JSON."""
    try:
        return json.loads(body or b"", parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


def _refuse(name: str) -> float:
    raise ValueError(name)


def id_of(request: Any) -> int | str | None:
    """The request's own id, to be said back; None where there is none."""
    found = request.get("id") if isinstance(request, dict) else None
    if isinstance(found, int) and not isinstance(found, bool) and abs(found) < 2**63:
        return found
    return found if isinstance(found, str) and len(found) <= 100 else None


def answer(id_: int | str | None, *, result: Result | None = None, error: Wrong | None = None) -> dict[str, Any]:
    """The whole answer."""
    part = {"result": result} if error is None else {"error": error.body()}
    return {"jsonrpc": "2.0", "id": id_, **part}


# ---- what a request says ---------------------------------------------------------------------------------------------


def whole(params: Params, name: str) -> int:
    """A whole number of milliseconds, not negative."""
    value = params.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _LONGEST_MS:
        raise Wrong(RPC, name)
    return value


def external_id(params: Params) -> str:
    """Payme's id of the transaction."""
    value = params.get("id")
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise Wrong(RPC, "id")
    return value


def tiyin(params: Params) -> int:
    """The sum asked for. What is no sum at all is another error than a wrong one."""
    value = params.get("amount")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong(RPC, "amount")
    if isinstance(value, float) and not value.is_integer():
        raise Wrong(AMOUNT)
    return int(value)


def ms(moment: datetime | None) -> int:
    """A time as Payme writes it: 0, never null, for what has not happened (the sandbox fails a null)."""
    return 0 if moment is None else int(moment.timestamp() * 1000)


def short(value: Any) -> str | int:
    """A field of fiscal_data as it may be kept. Raises Wrong for what is neither words nor a number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Wrong(RPC, "fiscal_data")
    if isinstance(value, str) and ("\0" in value or any(0xD800 <= ord(letter) < 0xE000 for letter in value)):
        raise Wrong(RPC, "fiscal_data")
    return value[:400] if isinstance(value, str) else int(value) if abs(value) < 2**63 else str(value)
