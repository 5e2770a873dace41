"""Phone numbers stay on this machine: a language model reads and writes {PHONE_1}, code puts the digits back.

The digits come back after the guard has looked, and only for numbers that code itself found in this conversation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

_MARK = re.compile(r"\{PHONE_(\d+)\}")


@dataclass
class Veil:
    """The numbers of one turn, in the order in which they were met."""

    numbers: list[str] = field(default_factory=list)

    def hide(self, text: str) -> str:
        """`text` with every phone number as a placeholder."""
        from agent.brain_rules.phones import phones  # phonenumbers' tables cost 60 ms: only where a model hears

        hidden, at = [], 0
        for phone in phones(text):
            if phone.e164 and phone.start >= at:
                hidden += [text[at : phone.start], self._mark(phone.e164)]
                at = phone.end
        return "".join(hidden) + text[at:]

    def hide_in(self, data: Any) -> Any:
        """The same for every string inside nested data."""
        if isinstance(data, str):
            return self.hide(data)
        if isinstance(data, dict):
            return {name: self.hide_in(value) for name, value in data.items()}
        if isinstance(data, list | tuple):
            return [self.hide_in(value) for value in data]
        return data

    def fill(self, text: str) -> str:
        """`text` with the digits back; a placeholder of no number is left out."""
        return _MARK.sub(lambda found: self._number(int(found[1])), text)

    def fill_in(self, data: Any) -> Any:
        """The same for every string inside nested data."""
        if isinstance(data, str):
            return self.fill(data)
        if isinstance(data, dict):
            return {name: self.fill_in(value) for name, value in data.items()}
        return [self.fill_in(value) for value in data] if isinstance(data, list) else data

    def _mark(self, number: str) -> str:
        if number not in self.numbers:
            self.numbers.append(number)
        return f"{{PHONE_{self.numbers.index(number) + 1}}}"

    def _number(self, place: int) -> str:
        return self.numbers[place - 1] if 0 < place <= len(self.numbers) else ""
