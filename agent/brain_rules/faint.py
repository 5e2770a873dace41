"""An order in words that the nearest product hardly fits: `2 metres of cloth` where the nearest is made of cloth.

Such a thing is offered, with the number that was said, and goes into the cart after a yes.
"""

from __future__ import annotations

from agent.brain_rules.called_whole import names_whole
from agent.brain_rules.choosing import MOST
from agent.brain_rules.measure import measured, measures
from agent.brain_rules.mention import Mention
from agent.brain_rules.named import believed
from agent.brain_rules.piece import Look
from agent.brain_rules.stripped import bare, without_numbers, without_variants
from agent.brain_rules.talk import Talk
from agent.brain_rules.titles import name_of, stems, titles_of
from shop.search import Hit
from shop.shops import Shop

# measured by orders of what other shops sell, beside orders of a shop's own goods by their names
_EXPLAINED = 0.56  # of what was said; below it the words rather name something else
_SURE = 0.83  # of one word: below it the title only has something of a kind near to it


def offers(talk: Talk, mention: Mention, said: list[Look]) -> bool:
    """Whether what is ordered is only to be offered: it was not in view, and the words hardly name it."""
    sku, session = mention.skus[0], talk.session
    in_view = {*session.focus, *session.shown, *session.pictured}
    if sku in in_view or len(said) > 1 or not faint(talk.heard.shop, mention):
        return False
    talk.faint = True
    return True


def faint(shop: Shop, mention: Mention) -> bool:
    """Whether the words of a mention hardly fit anything that is sold here."""
    piece = next((one for one in mention.pieces if one.named), None)
    if piece is None or names_whole(piece.tokens):
        return False
    product = shop.products[mention.skus[0]]
    if name_of(product) <= stems(piece.said) or measured(measures(piece.tokens), titles_of(product)):
        return False  # "that soap, one for the kitchen, one for the bath"
    said = without_variants(product, piece, without_numbers(piece, piece.said))
    texts = dict.fromkeys((bare(piece, said), said))
    found = [hits[0] for text in texts if (hits := shop.search.find(text, 1, described=True))]
    return bool(found) and not any(_fits(shop, hit, said) for hit in found)


def _fits(shop: Shop, hit: Hit, said: str) -> bool:
    """Whether a product explains enough of what was said, and has a word of it surely, or told in its description."""
    if max(hit.matched, hit.score) < _EXPLAINED or hit.matched >= _SURE:  # unknown words beside it cost the score less
        return hit.matched >= _SURE
    hits = [shop.search.find(said[a:b], MOST) for a, b in hit.spans]
    alone = [next((one for one in each if one.sku == hit.sku), None) for each in hits]
    return any(one is None or not believed(one, first=True) or one.matched >= _SURE for one in alone)
