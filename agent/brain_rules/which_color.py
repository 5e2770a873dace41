"""`make it cerulean`, `rangini yantarga o'zgartiring` of what is bought: of a colour nobody knows it is asked which."""

from __future__ import annotations

from agent.brain import Call
from agent.brain_rules.asks import ask_color
from agent.brain_rules.plan import Plan
from agent.brain_rules.strange import unknown
from agent.brain_rules.talk import Talk, Thinking, result_of
from shop import colors

_BESIDE = frozenset({"change", "color", "wish", "and", "for_me", "this", "agree", "order", "misfit", "sorry", "also"})
_OF_IT = frozenset({"change", "color"})
_LONGEST = 2  # unknown words: "мокрый асфальт"


def which_color(talk: Talk, made: Plan) -> Thinking:
    """Asks for one of the colours that there are, where nothing else is said of the one thing bought."""
    m = talk.meaning
    skus = {str(line["sku"]) for line in talk.cart["lines"]}
    strange = [token for piece in m.goods.pieces for token in unknown(piece)]
    alone = (
        m.wants <= _BESIDE and m.any(*_OF_IT) and not (m.address or m.moves or m.phones or m.name or m.goods.foreign)
    )
    if not alone or made.calls or made.which or len(skus) != 1 or not 0 < len(strange) <= _LONGEST:
        return
    sku = skus.pop()
    own = talk.product(sku).colors
    if len(own) < 2 or colors.named(m.text) or any(one.sure and one.skus[0] != sku for one in m.goods.mentions):
        return
    if not m.any("color") and any(piece.numbers for piece in m.goods.pieces):
        return  # "make it 3 wuzzles"
    made.asked = []
    size = str(talk.cart["lines"][0]["size"])
    data = result_of((yield [Call("product_card", {"sku": sku, "size": size, "color": "", "quantity": 1})]))
    talk.focus_on([sku])
    ask_color(talk, str(data["title"]), data["colors"] or list(own))
