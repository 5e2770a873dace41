"""What holds for the goods of a message once all of them are known: a number of each, a size that is told."""

from __future__ import annotations

from collections.abc import Sequence

from agent.brain_rules.had import without_had
from agent.brain_rules.lexicon import keys
from agent.brain_rules.measure import sold_by
from agent.brain_rules.mention import Mention, piece_of
from agent.brain_rules.numbers import Number
from agent.brain_rules.piece import Hint, Piece, in_spans
from agent.brain_rules.shares import of_each
from agent.brain_rules.sizes import is_model, written_at
from shop.lexicon import load
from shop.shops import Shop


def settle(shop: Shop, mentions: list[Mention], hint: Hint, *, asks: bool) -> None:
    """Lays over the mentions what is said of them together; `asks`: a question is asked."""
    mentions[:] = without_had(shop, mentions)
    for mention in mentions[1:]:
        first = mention.pieces[0]
        if (
            "later" in mention.acts and first.met_at(0, "later") and first.tokens[0].key in keys("questions", "then")
        ):  # "... and then a filter": the next of what is wanted
            mention.acts = mention.acts - {"later"} | {"also"}
    _for_one_model(shop, [one for one in mentions if "denied" not in one.acts], hint)
    _share(shop, [one for one in mentions if "denied" not in one.acts], hint)
    for mention in mentions:
        if "size_advice" in mention.acts and not asks and _in_size(shop, mention, hint):
            mention.acts.discard("size_advice")  # "2 ta shim, razmeri 48" asks for no advice
        if "about" in mention.acts and not asks and _in_name(mention) and _counted(shop, mention, hint):
            mention.acts.discard("about")  # "4 ta adras mato" does not ask what cloth it is


def _share(shop: Shop, mentions: Sequence[Mention], hint: Hint) -> None:
    """`a kettle and a cup, 2 of each`, `A va B dan 3 tadan`: the number is of each that has none of its own."""
    pieces = [piece for mention in mentions for piece in mention.pieces]
    found = next(((piece, number) for piece in pieces if (number := next(iter(of_each(piece)), None))), None)
    if found is None or len(mentions) < 2 or _measures(shop, mentions, *found, hint):
        return
    piece, number = found
    alone = piece_of(piece.text, piece.tokens, piece.met, number.first, number.past)
    for mention in mentions:
        said, _ = mention.looks(shop.products[mention.skus[0]], hint)
        if not any(look.qty for look in said):
            mention.pieces.append(alone)


def _for_one_model(shop: Shop, mentions: Sequence[Mention], hint: Hint) -> None:
    """`a case and a glass for iphone 13`: the one model that is said is of each thing that comes for it."""
    sized = [one for one in mentions if any(_size_of(shop, sku, one, hint) for sku in one.skus)]
    told = {_size_of(shop, sku, one, hint) for one in sized for sku in one.skus} - {""}
    if len(mentions) < 2 or len(told) != 1 or not is_model(model := told.pop()):
        return
    said = next((words for one in sized for piece in one.pieces if (words := _where(piece, model))), None)
    for mention in [one for one in mentions if one not in sized and said]:
        fit = [sku for sku in mention.skus if model in shop.products[sku].sizes]
        if fit and said:
            mention.skus, mention.sure = fit, mention.sure or len(fit) == 1
            mention.pieces.append(said)


def _size_of(shop: Shop, sku: str, mention: Mention, hint: Hint) -> str:
    """The size of that product that a mention names, as it was said where there is none such."""
    said, _ = mention.looks(shop.products[sku], hint)
    return next((look.size or look.no_size for look in said if look.size or look.no_size), "")


def _where(piece: Piece, model: str) -> Piece | None:
    """The words of a piece that say the model."""
    for at in range(len(piece.tokens)):
        found, used = written_at(piece.tokens, at, [model])
        if found:
            return piece_of(piece.text, piece.tokens, (), at, at + used)
    return None


def _measures(shop: Shop, mentions: Sequence[Mention], piece: Piece, number: Number, hint: Hint) -> bool:
    """`a rope and 2 dumbbells по 5 кг`: the number is a measure or size of its own thing, and so many of none."""
    own = next(one for one in mentions if any(each is piece for each in one.pieces))
    product = shop.products[own.skus[0]]
    titles = (product.title_uz, product.title_ru)
    behind = piece.tokens[number.past].key if number.past < len(piece.tokens) else ""
    if load().unit(behind):
        return not sold_by(piece.tokens, number.past, titles)
    return all(look.qty != number.value for look in own.looks(product, hint)[0])


def _in_name(mention: Mention) -> bool:
    """Whether what sounds like a question is all in the name of the thing."""
    asked = [(piece, one) for piece in mention.pieces for one in piece.met if one.name == "about"]
    return all(in_spans(token, piece.named) for piece, one in asked for token in piece.tokens[one.first : one.past])


def _counted(shop: Shop, mention: Mention, hint: Hint) -> bool:
    return any(look.qty for look in mention.looks(shop.products[mention.skus[0]], hint)[0])


def _in_size(shop: Shop, mention: Mention, hint: Hint) -> bool:
    """Whether the message orders so many in a size that there is."""
    said, _ = mention.looks(shop.products[mention.skus[0]], hint)
    return any(look.size and look.qty for look in said)
