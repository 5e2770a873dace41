"""The number of a house that is corrected: it is of the address, and neither a size nor so many of something."""

from __future__ import annotations

import re

from agent.brain import Heard

_N = r"\d+[a-zа-я]?\b"
# "50 not 5", "50, а не 5"; "не 5, а 50", "not 5 but 50"; "5 emas 50"
_OTHER = (
    rf"(?:\b(?P<new>{_N}),?\s*(?:а\s+)?(?:not|не)\s+{_N}"
    rf"|\b(?:not|не)\s+{_N},?\s*(?:а|но|but|and)\s+(?P<but>{_N})"
    rf"|\b{_N}\s*(?:emas|эмас),?\s*(?P<rather>{_N}))"
)
_CORRECTED = re.compile(_OTHER, re.IGNORECASE)
_NUMBER_OF_IT = re.compile(
    rf"\b(?:number|номер|raqami?|рақами?)\s*(?:is|it'?s)?,?\s*{_OTHER}",
    re.IGNORECASE,
)


def of_address(text: str, address: str) -> list[tuple[int, int]]:
    """`number 50 not 5` beside "Khorezm street 50": where a number is corrected to the one of the address."""
    own = {number.lower() for number in re.findall(_N, address, re.IGNORECASE)}
    return [found.span() for found in _CORRECTED.finditer(text) if _new(found) in own]


def renumbered(heard: Heard, text: str) -> re.Match[str] | None:
    """`oops the number is 50 not 5` where an address is kept: of what is bought no size is called so."""
    found = _NUMBER_OF_IT.search(text) if heard.cart.get("address") or heard.open_order else None
    sizes = {str(line["size"]).lower() for line in heard.cart["lines"]}
    return found if found and not ({_new(found)} | set(re.findall(_N, found[0]))) & sizes else None


def _new(found: re.Match[str]) -> str:
    said = found.groupdict()
    return (said["new"] or said["but"] or said["rather"] or "").lower()
