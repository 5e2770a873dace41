"""Puts the pieces of a streamed chat completion together, with whatever a provider adds to them.

What is not known here is kept as it came: Gemini refuses the next step when the `thought_signature` of a tool call is
not sent back, OpenRouter wants its `reasoning_details`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

_JOINED = frozenset({"content", "arguments", "reasoning", "reasoning_content", "refusal", "text", "summary"})


@dataclass
class Message:
    """What the model said so far. `size`: characters of it; `usage` and `finish` come with the last pieces."""

    body: dict[str, Any] = field(default_factory=dict)
    usage: dict[str, Any] = field(default_factory=dict)
    finish: str = ""
    size: int = 0

    def add(self, chunk: Any) -> None:
        """Takes one piece of a stream, or a whole answer. Raises ValueError when it is neither."""
        if not isinstance(chunk, dict):
            raise ValueError("not an object")
        if isinstance(chunk.get("usage"), dict):
            self.usage = chunk["usage"]
        choices = chunk.get("choices")
        if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
            return
        self.finish = str(choices[0].get("finish_reason") or self.finish)
        piece = choices[0].get("delta") or choices[0].get("message") or {}
        if not isinstance(piece, dict):
            raise ValueError("a message that is not an object")
        self.size += len(json.dumps(piece, ensure_ascii=False))
        for name, value in piece.items():
            if name == "tool_calls":
                for call in value if isinstance(value, list) else ():
                    self._call(call)
            else:
                _put(self.body, name, value)

    @property
    def calls(self) -> list[dict[str, Any]]:
        """The tool calls, in order."""
        return [one for one in self.body.get("tool_calls", ()) if _function(one).get("name")]

    @property
    def text(self) -> str:
        """The words; a list of parts is joined."""
        content = self.body.get("content")
        if isinstance(content, list):
            content = "".join(str(part.get("text") or "") for part in content if isinstance(part, dict))
        return content.strip() if isinstance(content, str) else ""

    def echo(self) -> dict[str, Any]:
        """The message as the next request repeats it: extras kept, every tool call with an id of its own."""
        said = {name: value for name, value in self.body.items() if value not in (None, "", [])}
        said["role"] = "assistant"
        if not self.calls:
            said.pop("tool_calls", None)
            return said
        seen: set[str] = set()
        for place, call in enumerate(self.calls):
            if not isinstance(call.get("id"), str) or not call["id"] or call["id"] in seen:
                call["id"] = f"call_{place}"  # Gemini leaves them empty
            seen.add(call["id"])
            call["type"] = "function"
            function = _function(call)
            function["arguments"] = function.get("arguments") or "{}"
        said["tool_calls"] = [{k: v for k, v in one.items() if k != "index"} for one in self.calls]
        said.setdefault("content", "")
        return said

    def _call(self, piece: Any) -> None:
        if not isinstance(piece, dict):
            raise ValueError("a tool call that is not an object")
        known: list[dict[str, Any]] = self.body.setdefault("tool_calls", [])
        open_one = next((one for one in reversed(known) if one.get("index") == piece.get("index")), None)
        if open_one is None or _another(open_one, piece):
            known.append({"index": piece.get("index")})
            open_one = known[-1]
        for name, value in piece.items():
            _put(open_one, name, value)


def _another(one: dict[str, Any], piece: dict[str, Any]) -> bool:
    """Whether a piece begins a new call although its index is taken: Gemini gives parallel calls the same one."""
    if not _function(piece).get("name") or not _function(one).get("name"):
        return False
    if one.get("id") and piece.get("id"):
        return bool(one["id"] != piece["id"])
    try:
        json.loads(_function(one).get("arguments") or "{}")
    except ValueError:
        return False
    return True


def _function(call: dict[str, Any]) -> dict[str, Any]:
    function = call.get("function")
    return function if isinstance(function, dict) else {}


def _put(into: dict[str, Any], name: str, value: Any) -> None:
    old = into.get(name)
    if value is None:
        into.setdefault(name, None)
    elif isinstance(value, dict) and isinstance(old, dict):
        for part, inner in value.items():
            _put(old, part, inner)
    elif isinstance(value, dict):
        into[name] = {}
        for part, inner in value.items():
            _put(into[name], part, inner)
    elif isinstance(value, str) and isinstance(old, str) and name in _JOINED:
        into[name] = old + value
    elif isinstance(value, list) and isinstance(old, list):
        old += value
    elif value != "" or old is None:
        into[name] = value
