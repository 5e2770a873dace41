"""An answer that is an option word for word, as it stood on a button: `16A`, `9%`, `80 varaq pushti`."""

from __future__ import annotations

from functools import lru_cache

from agent.brain_rules.piece import Event, Hint, Piece
from agent.brain_rules.text import is_product
from shop.catalogue import Product
from shop.fold import fold

_ASKED = frozenset({"size", "color"})
_OKAY = frozenset({"ok", "ок"})


def option_said(product: Product, piece: Piece, hint: Hint) -> list[Event]:
    """The size and colour that a part is nothing but, where one was asked for; whatever else the words may mean.

    Not behind a whole title, which is one token without words: `<title> 80 sm oq` may be of another thing.
    """
    if not hint.asked & _ASKED or any(map(is_product, piece.tokens)):
        return []
    known = _options(product.sizes, product.colors)
    said = piece.said.strip().lower()
    if said in _OKAY and len(piece.text.strip()) > len(said):
        return []  # "ok, gold ones" of what comes in "oq" too
    size, color = known.get(said) or known.get(fold(said), ("", ""))
    start = piece.tokens[0].start
    events = [Event(start, "size", size)] if size else []
    return events + ([Event(start, "color", color)] if color else [])


@lru_cache(maxsize=1024)
def _options(sizes: tuple[str, ...], colors: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """What is written -> the size and colour it is; as keys, but for what two options share ("AA" and "AAA")."""
    each = [("", color) for color in colors] + [(size, "") for size in sizes]
    each += [(size, color) for size in sizes for color in colors]
    found: dict[str, tuple[str, str]] = {}
    twice = set()
    for size, color in each:
        for said in {fold(f"{size} {color}"), fold(f"{color} {size}")} - {""}:
            twice |= {said} if found.setdefault(said, (size, color)) != (size, color) else set()
    written = {f"{size} {color}".strip().lower(): (size, color) for size, color in each}
    return written | {said: option for said, option in found.items() if said not in twice}
