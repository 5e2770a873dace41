"""A second thing that is ordered in words the shop does not know: `... and a sash for it`; it is told, never lost."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.brain_rules.lexicon import index, keys
from agent.brain_rules.looks import looks
from agent.brain_rules.mention import Mention
from agent.brain_rules.naming import of_a_purpose
from agent.brain_rules.people import kin
from agent.brain_rules.piece import Hint, Piece
from agent.brain_rules.strange import unknown
from agent.brain_rules.text import Token, asks_by, says_too
from shop.fold import stem
from shop.lexicon import load
from shop.search.fuzzy import is_verb
from shop.search.units import things_of
from shop.shops import Shop

_BUYS = frozenset({"order", "more", "wish"})
_LINKS = frozenset({"and", "more", "also"})
_BESIDE = _BUYS | _LINKS | {"this", "for_me", "neutral", "agree", "gift"}
_WORD = 4  # letters of a word that may be a thing
_MOST = 2  # such words: more of them tell a story
_SHORT = 7  # tokens
# endings of words that tell where, how or what to do, as keys, and name no thing
_NO_THING = ("ga", "kka", "qqa", "o", "te", "sya", "ee", "m", "chi", "lab", "ib", "ing", "ed", "ly", "roq")
_TOO_KEY = re.compile(r"yam$")
_SOMETHING = re.compile(
    r"\b(?:something|anything|(?:что|чем|чего)-(?:нибудь|то|либо)|biror narsa|nimadir|бирор нарса|нимадир)\b",
    re.IGNORECASE,
)
_DATIVE = ("ga", "qa", "га", "қа")  # a turka is for no "tur"


def half_named(shop: Shop, piece: Piece, found: Sequence[Mention], how: str) -> str:
    """`шоппер беру, и накидку на него`: what is ordered beside what was `found`; "" for nothing strange.

    `how`: how the part before leads on to it ("and", "with").
    """
    names = {one.name for one in piece.met}
    linked = how in ("and", "with") or names & _LINKS or any(map(says_too, piece.tokens))
    wanted = any(one.acts & _BUYS or any(each.numbers for each in one.pieces) for one in found)
    if not (linked and wanted) or names - _BESIDE or len(piece.tokens) > _SHORT or _asks(piece):
        return ""
    if _SOMETHING.search(piece.said):
        return piece.said.strip()
    if of_a_purpose(piece) or _tells_look(shop, piece, found[-1]):
        return ""
    strange = unknown(piece)
    too = [one for one in piece.tokens if says_too(one) and one.number is None]
    said = [one for one in piece.tokens if one in too or one in strange]
    said = [one for one in said if _may_be_a_thing(one, too=one in too)]
    return " ".join(one.text for one in said) if 0 < len(said) <= _MOST else ""


def for_another(shop: Shop, piece: Piece, named: Sequence[Mention]) -> str:
    """`kastryulaga qopqoq`: a lid for a pot, which orders no pot; "" where the shop knows what is asked for."""
    spans = [span for mention in named for each in mention.pieces for span in each.named]
    if not spans or not all(piece.text[first:past].lower().endswith(_DATIVE) for first, past in spans):
        return ""
    start, concepts = piece.tokens[0].start, load().concepts
    for unit in things_of(piece.said):
        token = next((one for one in piece.tokens if one.start == start + unit.start), None)
        goods = all(concepts[name].kind == "goods" for name in unit.concepts)
        text = piece.said[unit.start : unit.end]
        behind = token is not None and token.start >= max(past for _, past in spans)
        if behind and goods and not shop.search.find(text, 1, described=True):
            return text
    return ""


def _asks(piece: Piece) -> bool:
    """Whether the part asks something: `какой-нибудь` does not."""
    asked = [at for at, token in enumerate(piece.tokens) if asks_by(token) or token.key in keys("questions", "wh")]
    any_one = {token.key for token in piece.tokens} & keys("questions", "some")
    return "?" in piece.text[piece.tokens[-1].end :][:2] or (bool(asked) and not any_one)


def _tells_look(shop: Shop, piece: Piece, before: Mention) -> bool:
    """Whether a size or colour of the thing before is said."""
    said, denied = looks(shop.products[before.skus[0]], [piece], Hint())
    return any(look.size or look.color or look.no_size or look.no_color for look in (*said, *denied))


def _may_be_a_thing(token: Token, *, too: bool) -> bool:
    key = _TOO_KEY.sub("", token.key) if too else token.key
    plain = stem(key) in load().everyday_stems or stem(key) in kin() or key in keys("questions", "wh")
    if len(key) < _WORD or plain or is_verb(key) or (index("asked").meanings(key) and not too):
        return False
    return not key.endswith(_NO_THING)
