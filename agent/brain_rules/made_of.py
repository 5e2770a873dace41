"""`стекло или металл?`, `charmmi?`: what a thing is made of or how it works is asked, and no other thing is named."""

from __future__ import annotations

from collections.abc import Sequence

from agent.brain_rules.lexicon import Met, keys
from agent.brain_rules.mention import Mention
from agent.brain_rules.text import Token
from agent.brain_rules.text import tokens as split
from shop.lexicon import load

_LIKE = frozenset({"word", "trait"})  # what a thing is made of, how it works, what it is like
_PAYS = frozenset({"payment", "card"})
_ASKS = "mi"
_SHORT = 7  # tokens


def asks_either(tokens: Sequence[Token]) -> bool:
    """Whether one of two materials or ways is asked about: `temirmi yoki plastik`, `is it cotton or silk`."""
    said = list(tokens)
    ors = [at for at in range(1, len(said) - 1) if said[at].key in keys("questions", "or")]
    if any(_tells(said[at - 1]) and _tells(said[at + 1]) for at in ors):
        return True
    asked = [token for token in said if token.key.endswith(_ASKS) and _tells(token)]
    return len(asked) > 1 or (bool(asked) and len(said) <= _SHORT and asked[-1] is said[-1])


def only_asks_what_of(tokens: Sequence[Token], named: Sequence[Mention]) -> bool:
    """`hand grinder, ceramic or steel?`: behind a thing, the steel is asked about and names no steel pot."""
    said = [token for mention in named for text in mention.named for token in split(text)]
    return bool(said) and asks_either(tokens) and all(map(_tells, said))


def unless_made_of(tokens: Sequence[Token], met: list[Met]) -> list[Met]:
    """`metallmi yoki plastik`: of the thing's plastic is asked, and of no card of a bank."""
    return [one for one in met if one.name not in _PAYS] if asks_either(tokens) else met


def _tells(token: Token) -> bool:
    """Whether a word says what a thing is made of, shaped or works like: charmmi, натуральный."""
    key = token.key[: -len(_ASKS)] if token.key.endswith(_ASKS) else token.key
    return any(load().concepts[name].kind in _LIKE for said in (token.key, key) for name in load().meanings((said,)))
