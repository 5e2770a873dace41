"""`oqi bormi, menga kerak`: what is needed is asked about first; no number and no word of buying orders it."""

from __future__ import annotations

from collections.abc import Sequence

from agent.brain_rules.lexicon import keys
from agent.brain_rules.piece import Piece
from agent.brain_rules.talk import Talk

_MORE = frozenset({"more", "also", "of_each", "both", "all_of", "price", "total"})


def asks_first(talk: Talk) -> None:
    """Takes the wish to order out of what only asks whether there is something: "is there a white one, I need it"."""
    goods = talk.meaning.goods
    asked = [one for one in goods.mentions if _only_asks(one.acts, one.pieces)]
    for mention in asked:
        mention.acts.discard("order")
    loose = {one.name for piece in goods.loose for one in piece.met}
    wanted = any("order" in one.acts for one in goods.mentions)
    if not wanted and (_only_asks(loose, goods.loose) if goods.loose else asked):
        talk.meaning.wants.discard("order")


def _only_asks(acts: set[str], pieces: Sequence[Piece]) -> bool:
    if "available" not in acts or "order" not in acts or acts & _MORE or any(map(_counts, pieces)):
        return False
    orders = [piece.tokens[one.first : one.past] for piece in pieces for one in piece.met if one.name == "order"]
    return all(any(token.key in keys("questions", "needed") for token in said) for said in orders)


def _counts(piece: Piece) -> bool:
    """Whether a number is said; in "a green one" it is none."""
    return any(piece.tokens[number.first].text.lower() != "one" for number in piece.numbers)
