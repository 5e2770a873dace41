"""`oqidan 15 ta` of a thing that comes in no colours, `без капюшона` where each has one: that is told first."""

from __future__ import annotations

from agent.brain_rules.lexicon import keys
from agent.brain_rules.piece import Look, Piece, denied, in_spans
from agent.brain_rules.plan import Plan
from agent.brain_rules.talk import Talk
from agent.brain_rules.titles import comes_in, stems, titled
from shop import colors
from shop.catalogue import Product
from shop.fold import stem
from shop.search.units import things_of

_BUYS = ("add_to_cart", "change_item")
# these have the key of another language's colour; "X10 sini" is the one called X10, and not blue
_NO_COLORS = frozenset({"ok", "ок", "all", "al", "sini", "сини", "siniyam"})


def tell_colorless(talk: Talk, made: Plan) -> None:
    """Nothing is put into the order in a colour that it does not come in: that is told, and whether to order asked."""
    for call in [call for call in made.calls if call.tool in _BUYS]:
        sku = str(call.args["sku"])
        product = talk.product(sku)
        color = "" if product.colors else _color_of(talk, product)
        if not color:
            continue
        made.calls.remove(call)
        look = Look(str(call.args.get("size", "")), "", int(call.args.get("quantity", 0) or 0))
        talk.speech.say("talk.colorless", title=talk.title(sku), color=talk.color(color))
        made.asked.append((sku, talk.remember(sku, look)))


def tell_lacking(talk: Talk, made: Plan) -> None:
    """Nothing is put into the order that has what it was to be without: that is told, and whether to order asked."""
    for mention in [one for one in talk.meaning.goods.mentions if one.lacking]:
        talk.speech.say("talk.not_sold", name=mention.lacking)
        talk.meaning.wants.discard("available")  # "yes, there is" would be said of the one that has it
        for call in [call for call in made.calls if call.tool in _BUYS and call.args["sku"] in mention.skus]:
            made.calls.remove(call)
            sku = str(call.args["sku"])
            look = Look(str(call.args.get("size", "")), "", int(call.args.get("quantity", 0) or 0))
            made.asked.append((sku, talk.remember(sku, look)))


def _color_of(talk: Talk, product: Product) -> str:
    """The colour that the shopper wants it in; "" where none is said, or the shop's own words of it tell that one."""
    own = [piece for one in talk.meaning.goods.mentions if one.skus[:1] == [product.sku] for piece in one.pieces]
    alone = [] if talk.meaning.goods.mentions else talk.meaning.goods.loose
    for piece in own or alone:
        for first, past, color in _said(product, piece):
            word = piece.text[first:past]
            told = comes_in(product, word) or stems(word) & stems(f"{product.title_uz} {product.title_ru}")
            if not told and not colors.colors_of(product.description, [color]):
                return color
    return ""


def _said(product: Product, piece: Piece) -> list[tuple[int, int, str]]:
    """The colours wanted in a part: their places in the text and their names; "white paper" is of the paper."""
    start, found = piece.tokens[0].start, []
    for one in colors.named(piece.said):
        first, past = one.start + start, one.end + start
        at = next((at for at, token in enumerate(piece.tokens) if in_spans(token, [(first, past)])), 0)
        named = in_spans(piece.tokens[at], piece.named) or piece.met_at(at, "agree", "neutral", "about", "size")
        after = next((token for token in piece.tokens if token.start >= past), None)
        of_else = after is not None and bool(things_of(after.text)) and stem(after.key) not in titled(product)
        either = any(token.key in keys("questions", "or") for token in piece.tokens)
        if not (named or either or of_else or piece.text[first:past].lower() in _NO_COLORS or denied(piece, at, past)):
            found.append((first, past, one.color))
    return found
