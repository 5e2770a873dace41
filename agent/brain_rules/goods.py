"""Which products a message names, and what is said of each: its sizes, colours, number, and what is wanted with it.

The text is cut at commas, conjunctions and ends of sentences. A part that names no product speaks of the one before it
(or of the first one, when it comes earlier); with none named at all it speaks of what the talk is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agent.brain_rules.bigness import HOW_BIG, by_bigness, each_so_big, tells_bigness
from agent.brain_rules.called_whole import called_whole
from agent.brain_rules.choosing import MOST
from agent.brain_rules.excluded import sift, tells_of_it
from agent.brain_rules.half_named import for_another, half_named
from agent.brain_rules.in_view import (
    asks_of_view,
    counts_for_whom,
    counts_last,
    counts_packs,
    fits_into,
    same_again,
    tells_liking,
    tells_who,
    told_of_last,
)
from agent.brain_rules.lexicon import Met, keys
from agent.brain_rules.listed import in_kind_of_last, kin_of_last, narrowed_of_last, strange_of_list
from agent.brain_rules.looks import looks
from agent.brain_rules.made_of import only_asks_what_of
from agent.brain_rules.measure import measured, measures, sold_by
from agent.brain_rules.mention import Goods, Mention, piece_of
from agent.brain_rules.named import named_in, only_for
from agent.brain_rules.narrowed import in_measure, models, narrow, tell
from agent.brain_rules.numbers import covered
from agent.brain_rules.of_cart import of_cart
from agent.brain_rules.options import option_said
from agent.brain_rules.piece import Hint, Piece, so_many
from agent.brain_rules.segments import goes_on, segments_of
from agent.brain_rules.settled import settle
from agent.brain_rules.shown import told_apart
from agent.brain_rules.sizes import written_at
from agent.brain_rules.strange import NOT_GOODS, aside, asked_with, like_a_street, names_of_else, other_number, unknown
from agent.brain_rules.strange import foreign as foreign_in
from agent.brain_rules.stripped import only_variant
from agent.brain_rules.text import Token
from agent.brain_rules.titles import comes_in, stems, titled, titles_of
from agent.brain_rules.which_number import other_of_two
from shop.search.codes import codes
from shop.search.units import Unit, things_of, units_of
from shop.shops import Shop

_MOST_MEASURED = 8


def goods(
    shop: Shop, text: str, tokens: Sequence[Token], met: Sequence[Met], liked: Sequence[str], hint: Hint
) -> Goods:
    """All mentions. `liked`: skus the talk is about already, the nearest first."""
    found: list[Mention] = []
    loose: list[Piece] = []
    foreign: list[str] = []
    asides: list[str] = []
    unplaced: list[str] = []
    about = shop.products.get(liked[0]) if liked else None
    segments = segments_of(shop, text, tokens, met)
    ahead: list[Piece] = []  # what is wanted, perhaps of something that is named later
    breath: list[int] = []  # mentions that are followed by one more in the same breath
    of_foreign = False
    for at, (first, past, how) in enumerate(segments):
        piece = piece_of(text, tokens, met, first, past)
        if of_foreign and len(covered(piece.numbers)) == len(piece.tokens):
            continue  # "a thermos, 3": so many of what is not sold here
        of_foreign = False
        if about and not found and option_said(about, piece, hint):
            loose.append(piece)
            continue
        if whole := called_whole(shop, piece):
            whole[0].acts |= {one.name for each in ahead for one in each.met} & _WANTED
            found, ahead = [*found, *whole], []
            continue
        linked = how in ("and", "with") or goes_on(met, segments, at)
        chosen = piece.numbers or (hint.asked & {"size", "color"} and not found)
        if linked and liked and chosen and not found:  # "bitta va ...": so many of what was shown, and something else
            piece = replace(piece, apart=True)
        listed = bool(found) or how == "with"
        named = [] if found and _of_last(shop, piece, found[-1]) else named_in(shop, piece, liked, hint, listed=listed)
        named = [] if found and _asks_on(shop, piece, named, found[-1]) else named
        named = [] if found and _measures_a_place(piece, named, found[-1]) else named
        named = [] if found and only_asks_what_of(tokens, named) else named
        named = in_kind_of_last(shop, named, found[-1]) if found else named
        named = [] if same_again(piece, named, found[-1] if found else None) else named
        named = [] if found and counts_last(shop, piece, named, found[-1]) else named
        if there := of_cart(shop, piece, named, found[-1] if found else None, hint):
            found += there
            continue
        of_view = not found and (asks_of_view(shop, piece, named, liked) or counts_packs(shop, piece, named, liked))
        of_view = of_view or (not found and tells_liking(shop, piece, loose, liked))
        of_view = of_view or (not found and (tells_who(piece, named, liked) or counts_for_whom(piece, named, liked)))
        named = [] if of_view or (named and (found or liked) and fits_into(piece, named)) else named
        if found and tells_bigness(shop, piece, named, found[-1]):
            found[-1].pieces.append(piece)
            found[-1].acts |= {one.name for one in piece.met} - HOW_BIG
            continue
        if found and (kept := told_of_last(shop, piece, named, found[-1])):
            found[-1].skus, found[-1].sure, named = kept, True, []
        elif found and not segments[at - 1][2] and (kept := narrowed_of_last(shop, piece, named, found[-1])):
            found[-1].skus, found[-1].sure = kept, len(kept) == 1
            found[-1].pieces += named[0].pieces
            found[-1].acts |= named[0].acts
            continue
        other = other_number(shop, piece, named[0].pieces[0].named, named[0].skus) if len(named) == 1 else ""
        if other:
            foreign.append(other)
            continue
        if found and not named and (kin := kin_of_last(shop, piece, found[-1])):
            named = [kin]
        lid = for_another(shop, piece, named)
        named = [] if lid else named
        if named and not linked and len(found) == 1 and only_for(found[0]):  # "под торт 26 см какую подложку взять"
            found.clear()
        breath += range(len(found), len(found) + len(named)) if how == "breath" else []
        for mention in named[:1]:
            mention.acts |= {one.name for each in ahead for one in each.met} & _WANTED
            ahead = []
        found += named
        only_counts = len(covered(piece.numbers)) == len(piece.tokens)  # "to'rttadan" is no cake
        strange = lid or (
            ""
            if named or only_counts
            else foreign_in(shop, piece, liked, listed=bool(found), before=found[-1].skus[:1] if found else ())
        )
        if found and not (named or strange or only_counts) and at and segments[at - 1][2] == "and":
            strange = strange_of_list(shop, piece, found[-1])
        if found and not (named or strange or only_counts) and at:
            half = half_named(shop, piece, found, segments[at - 1][2])
            unplaced += [half] if half else []
            of_foreign = bool(half)
            if half:
                continue
        if strange:
            foreign.append(strange)
            of_foreign = True
            continue
        if not named and (not found or (liked and _about_focus(piece) and not _of_that(piece))):
            loose.append(piece)
            asides += [] if found else aside(piece)
        elif not named:
            asides += aside(piece)
            names = {one.name for one in piece.met}
            if names & (NOT_GOODS | {"total"}):  # of all of them together, or of the delivery
                names -= {"total", "price"}
            if names & _WANTED and found[-1].acts & _TOLD:  # "the robe fitted, now I want one too, a woman's"
                ahead.append(piece)
                continue
            strange_words = like_a_street(piece) or (len(unknown(piece)) >= _OF_ELSE and not tells_of_it(piece))
            for mention in found if piece.of_each or piece.of_all else found[-1:]:
                mention.pieces += so_many(piece) if strange_words else [piece]
                mention.acts |= names
    for piece in ahead:  # of the same thing again
        found[-1].pieces.append(piece)
        found[-1].acts |= {one.name for one in piece.met}
    for at in breath:  # "two of it then also three of that, please"
        if any(piece.numbers for piece in found[at].pieces):
            found[at].acts |= {act for one in found[at + 1 :] for act in one.acts & _WANTED}
    pointed = [one for piece in loose if (one := _of_liked(shop, piece, liked))]
    meant = {one.skus[0] for one in pointed} | {sku for one in found for sku in one.skus if sku in liked}
    if len(meant) > 1:
        loose = [piece for piece in loose if not any(piece.tokens is one.pieces[0].tokens for one in pointed)]
        found = [*(one for one in pointed if one.pieces[0].numbers or one.acts & _CHANGES), *found]
    if not found and not foreign:
        found, loose = _by_measure(shop, loose, liked)
    found = [each for one in joined(found) for each in each_so_big(shop, one)]
    for mention in found:
        sift(shop, mention)
    if found:
        own = any(piece.numbers for piece in found[0].pieces)  # "two of it, and one copybook": each has its number
        told = own and bool(liked) and bool(hint.asked & {"offer", "size", "color", "qty"})
        same = bool(liked) and liked[0] in found[0].skus  # of the same thing it is said all the same
        before = [one for one in loose if same or not (_about_focus(one) or (told and one.numbers))]
        before = before if same else _not_of_view(shop, before, liked, found[0], hint)
        if not same:
            before = [one for one in before if not _of_view_first(shop, text, one, found[0], liked, hint)]
            before = [one for one in before if not _answers_of_view(shop, one, found[0], liked, hint)]
        if liked and not same and found[0].acts & _ADDS:  # "make it XXL, and add a vest": the XXL is what is there
            before = [one for one in before if not any(each.name == "change" for each in one.met)]
        found[0].pieces[:0] = before
        found[0].acts |= {one.name for piece in before for one in piece.met}
        loose = [piece for piece in loose if piece not in before]
    for mention in found:
        in_measure(shop, mention)
        by_bigness(shop, mention)
        narrow(shop, mention, hint)
        tell(shop, mention, hint)
    settle(shop, found, hint, asks="?" in text)
    for mention in found:
        if mention.sure and (other := other_of_two(shop, shop.products[mention.skus[0]], text)):
            mention.skus, mention.sure = [*mention.skus[:1], other], False  # "which set, 12 or 24 colours?"
            mention.acts = {"compare"}
    return Goods(found, loose if found or not foreign else [], foreign, asides, unplaced)


_TOLD = frozenset({"praise", "arrived"})  # of what was bought before
_WANTED = frozenset({"order", "more"})
_ADDS = frozenset({"more", "also"})
_CHANGES = frozenset({"remove", "cancel", "change"})
_OF_ELSE = 2  # unknown words: the part tells of something else, and its numbers are of that


def _of_last(shop: Shop, piece: Piece, before: Mention) -> bool:
    """`наволочки ..., один набор`, `yostiq jildi, 50x70 kulrang`: a number or a size of what was just named."""
    at = covered(one for one in piece.numbers if one.counted)
    if len(at) == len(piece.tokens) or _size_of(shop, piece, before):
        return True
    if len(before.skus) == 1 and only_variant(shop.products[before.skus[0]], piece):
        return True
    counted = [piece.tokens[place].start for place in at]
    start = piece.tokens[0].start
    others = [unit for unit in units_of(piece.said) if unit.kind not in ("number", "color")]
    if any(unit.start + start not in counted for unit in others):
        return False
    sized = {code for _, _, code in codes(piece.said) if code[0].isdigit()}
    return bool(sized) and len(before.skus) > 1 and any(sized & models(shop.products[sku]) for sku in before.skus)


def _asks_on(shop: Shop, piece: Piece, named: Sequence[Mention], before: Mention) -> bool:
    """`the grey one, please. Does it let light through?`: words of its description ask of what was just named."""
    if len(named) != 1 or not before.sure or before.skus[0] not in named[0].skus or not asked_with(piece):
        return False
    said = stems(" ".join(named[0].named))
    return not any(said & titled(shop.products[sku]) for sku in before.skus)


def _measures_a_place(piece: Piece, named: Sequence[Mention], before: Mention) -> bool:
    """`grass of 35 mm, it is for a balcony, 2 by 3`: how big the place is, though carpets come in 2x3."""
    said = [text for one in named for text in one.named]
    only = bool(said) and all(codes(text) and text[0].isdigit() and text[-1].isdigit() for text in said)
    return only and before.sure and bool(unknown(piece)) and not {one.name for one in piece.met} & (_ADDS | {"and"})


def _size_of(shop: Shop, piece: Piece, before: Mention) -> bool:
    """`winter insoles? / size 42 feet`: a size of what was just named, and no thing beside it."""
    sized = any(one.name == "size" for one in piece.met) and len(piece.numbers) == 1 and len(before.skus) == 1
    if not sized or things_of(piece.said):
        return False
    said, _ = looks(shop.products[before.skus[0]], [piece], Hint())
    return any(look.size for look in said)


def _about_focus(piece: Piece) -> bool:
    """`shundan bitta va ...`, `эту беру и ещё ...`: this part is about what was shown, whatever else is named."""
    names = {one.name for one in piece.met}
    instead = {"change", "not_it"} <= names  # "not 46, make it 48, and add a belt"
    # "not the 130, and one belt for jeans instead", "can the size be 19? and add a box"
    out = bool(names & {"remove", "change"}) and bool(piece.numbers)
    of_order = "status" in names or any(token.key in keys("questions", "into_order") for token in piece.tokens)
    return piece.apart or instead or out or (bool(names & {"this", "both"}) and not of_order)


def _not_of_view(shop: Shop, pieces: Sequence[Piece], liked: Sequence[str], other: Mention, hint: Hint) -> list[Piece]:
    """The parts without those of the thing in view: of `make it 4, all black, and a lock` the number goes with it."""
    seen = [at for at, piece in enumerate(pieces) if _of_view(shop, piece, liked, other, hint)]
    past = max(seen, default=0)
    return [piece for at, piece in enumerate(pieces) if at not in seen and not (at < past and piece.numbers)]


def _answers_of_view(shop: Shop, piece: Piece, other: Mention, liked: Sequence[str], hint: Hint) -> bool:
    """`the first one white, M, the jug blue` of two that lack their looks: the first is what was asked of."""
    both = bool(liked) and {liked[0], other.skus[0]} <= set(hint.held) and bool(hint.asked & {"size", "color"})
    return both and any(look.size or look.color for look in looks(shop.products[liked[0]], [piece], hint)[0])


def _of_view(shop: Shop, piece: Piece, liked: Sequence[str], other: Mention, hint: Hint) -> bool:
    """`bejini olaman, qopqog'i ham kerak`: a look that was asked for, and that only the thing in view comes in."""
    if not liked or liked[0] not in shop.products:
        return False
    taken = any(one.name in _WANTED for one in piece.met) or bool(hint.asked & {"offer", "size", "color"})
    own, others = (looks(shop.products[sku], [piece], hint)[0] for sku in (liked[0], other.skus[0]))
    if not taken:  # "15 of them, all black, and a lock": a colour, which what is named behind it never comes in
        colorless = not any(shop.products[sku].colors for sku in other.skus)
        return colorless and any(look.color for look in own)
    return any(look.size or look.color for look in own) and not any(look.size or look.color for look in others)


def _of_view_first(shop: Shop, text: str, piece: Piece, named: Mention, liked: Sequence[str], hint: Hint) -> bool:
    """`no, one. and two hoses`: the number of what is in view, in a sentence before a thing with its own number.

    Of a list in view: what tells one of it ("the plain one, green, and 2 sleeping bags").
    """
    if not liked or liked[0] not in shop.products:
        return False
    if "product" in hint.asked and len(liked) > 1:
        chosen = told_apart(shop, text, piece.tokens, piece.met, liked, hint)
        return chosen is not None and len(chosen.skus) == 1
    between = text[piece.tokens[-1].end : named.pieces[0].tokens[0].start]
    ends = any(mark in between for mark in ".!\n")
    only_counts = bool(piece.numbers) and len(covered([*piece.met, *piece.numbers])) == len(piece.tokens)
    return ends and only_counts and any(one.numbers for one in named.pieces)


def _of_liked(shop: Shop, piece: Piece, liked: Sequence[str]) -> Mention | None:
    """`make it 3 hearts, the stars stay`: of what is talked about, the one that a word of the part tells apart."""
    if len(set(liked)) < 2:
        return None
    kept, spans = shop.search.tell_apart(piece.said, list(dict.fromkeys(liked)))
    start = piece.tokens[0].start
    words = [(a + start, b + start) for a, b in spans if piece.said[a:b].isalpha()]
    if len(kept) != 1 or not words:
        return None
    named = [
        (a, b) for a, b in words if not comes_in(shop.products[kept[0]], piece.text[a:b])
    ]  # "the pink ones" choose
    return Mention(kept, [replace(piece, named=named)], {one.name for one in piece.met})


def _of_that(piece: Piece) -> bool:
    """`I forgot the candle, shundan 2 ta`: so many of what was just named."""
    return (
        bool(piece.numbers)
        and not piece.apart
        and any(token.key in keys("questions", "of_that") for token in piece.tokens)
    )


def _by_measure(shop: Shop, loose: list[Piece], liked: Sequence[str]) -> tuple[list[Mention], list[Piece]]:
    """`8 litrli bormi`: what comes in that measure, where nothing is named and the talk is about nothing that does."""
    for piece in loose:
        said = [one for one in measures(piece.tokens) if one[2][1]]  # a bare number may be in any title
        if not said or _counts_liked(shop, piece, liked) or _sized(shop, piece, liked):
            continue
        fits = {product.sku: span for product in shop.products.values() if (span := measured(said, titles_of(product)))}
        known = [sku for sku in liked if sku in fits]  # of two that were shown the other one
        if not known and (called := " ".join(names_of_else(piece))):  # "apples 1 kg": no glue of 1 kg
            fits = {hit.sku: fits[hit.sku] for hit in shop.search.find(called, MOST) if hit.sku in fits}
        if fits and (not known or known[0] != liked[0]) and len(known or fits) <= _MOST_MEASURED:
            skus, acts = known or list(fits), {one.name for one in piece.met}
            first, past = fits[skus[0]]
            own = replace(piece, named=[(piece.tokens[first].start, piece.tokens[past - 1].end)])
            return [Mention(skus, [own], acts, len(skus) == 1)], [one for one in loose if one is not piece]
    return [], loose


def _sized(shop: Shop, piece: Piece, liked: Sequence[str]) -> bool:
    """`6.0 lisidan` where the talk is about what comes in sizes 5.5 and 6.0."""
    sizes = shop.products[liked[0]].sizes if liked and liked[0] in shop.products else ()
    return any(written_at(piece.tokens, at, sizes)[0] for at in range(len(piece.tokens)))


def _counts_liked(shop: Shop, piece: Piece, liked: Sequence[str]) -> bool:
    """`10 kilo bering` of what the talk is about, which is sold by the kilo."""
    known = [shop.products[sku] for sku in liked[:1] if sku in shop.products]
    return any(
        sold_by(piece.tokens, number.past, (product.title_uz, product.title_ru))
        for product in known
        for number in piece.numbers
    )


def joined(mentions: list[Mention]) -> list[Mention]:
    """Neighbours that may be the same product are one mention (`qora futbolka, futbolka L`), clearer together."""
    found: list[Mention] = []
    for mention in mentions:
        same = next((one for one in found if set(one.skus) & set(mention.skus)), None)
        left = [sku for sku in same.skus if sku not in mention.skus] if same and "denied" in mention.acts else []
        if same and left and "denied" not in same.acts:
            same.skus, same.sure = left, len(left) == 1  # "the plain ones, not the Pro"
            continue
        if same is None:
            found.append(mention)
            continue
        if not same.sure and _of_another_kind(same, mention):  # "the shoe rack and the corner shelf"
            same.skus = [sku for sku in same.skus if sku not in mention.skus] or same.skus
            same.sure = len(same.skus) == 1
            found.append(mention)
            continue
        both = [sku for sku in same.skus if sku in mention.skus]
        same.skus, same.sure = both, len(both) == 1
        same.pieces += mention.pieces
        same.acts |= mention.acts
    return found


def _of_another_kind(one: Mention, other: Mention) -> bool:
    """Whether both are called by what kind of goods they are, and by different kinds."""
    first, second = _kinds(one), _kinds(other)
    return bool(first and second) and not second & first


def _kinds(mention: Mention) -> set[str]:
    return {name for unit in called_by(mention) if unit.kind == "goods" for name in unit.concepts}


def called_by(mention: Mention) -> list[Unit]:
    """The words that a product is called by."""
    return [unit for text in mention.named for unit in units_of(text)]
