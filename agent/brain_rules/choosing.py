"""Of the products a search found, those that are meant: by what the talk is about, and by the words of their titles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from agent.brain_rules.lexicon import keys, read, words_of
from agent.brain_rules.measure import measured, measures, of_text, sold_by
from agent.brain_rules.naming import ALIKE
from agent.brain_rules.numbers import numbers
from agent.brain_rules.piece import Piece
from agent.brain_rules.text import Token
from agent.brain_rules.titles import letter_of, on_one_shelf, one_name, stems, titled, titles_of
from shop import colors
from shop.catalogue import Product
from shop.fold import stem, words
from shop.lexicon import Lexicon, load
from shop.search import Hit
from shop.shops import Shop

_BEGINS = 6  # letters of a word that is the same in another form
_LINKS = frozenset(
    words_of(("на", "с", "со", "для", "в", "for", "with", "of", "the", "uchun", "bilan"))
)  # tell nothing
_BETWEEN = frozenset(words_of(("to", "на", "ga")))  # "a type-c to type-c cable"
_NOT = frozenset(words_of(("emas", "kerakmas", "не", "not", "no")))
_TIE = 0.93  # products this near to the best are meant equally
CALLED = 20  # "the 20000 one"; smaller numbers are pieces
MOST = 40  # a kind of goods may have many; how many more there are than fit in a list is told
_OF_KIND = 0.3  # of the best hit's score: the same thing without its trait
_NEARLY, _SPELLED, _SEVERAL = 0.9, 4, 2  # of the best score; letters of a word; words
_LIKED = 0.75  # what is in the cart or was just shown is meant when it fits this well
_LIKED_SCORE = 0.7  # a long title scores less by a word that names its kind alone


def best_of(hits: Sequence[Hit], liked: Sequence[str]) -> list[str]:
    """The skus meant: one the talk is about when it fits nearly as well, else all that fit like the best."""
    best = hits[0]
    hits = [hit for hit in hits if _overlap(hit.spans, best.spans)]  # "a rake and a spade" are no choice of two
    near = [hit for hit in hits if hit.score >= _LIKED_SCORE * best.score and hit.matched >= _LIKED * best.matched]
    tied = [hit.sku for hit in near if hit.score >= _TIE * best.score]
    known = [hit for hit in near if hit.sku in liked]
    if not known:
        return tied
    top = max(hit.score for hit in known)
    equal = [hit.sku for hit in known if hit.score >= _TIE * top]
    return equal if len(equal) > 1 and len(liked) > 1 and set(equal) <= set(tied) else [min(equal, key=liked.index)]


def spelled_first(shop: Shop, said: str, hits: list[Hit]) -> list[Hit]:
    """The hits as they are; where the best is only called alike, those first whose title has the very words.

    `kofe turkcha` is Turkish coffee, and no pot to boil it in ("turka").
    """
    own = {word.key for a, b in hits[0].spans for word in words(said[a:b]) if len(word.key) >= _SPELLED}
    near = [hit for hit in hits if hit.score >= _NEARLY * hits[0].score and hit.spans == hits[0].spans]
    exact = [hit for hit in near if own and any(own <= _words_of(title) for title in _both(shop, hit.sku))]
    if len(own) < _SEVERAL or not exact or hits[0] in exact:
        return hits
    return [*exact, *(hit for hit in hits if hit not in exact)]


def _words_of(title: str) -> set[str]:
    return {word.key for word in words(title)}


def _overlap(one: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]]) -> bool:
    return one == other or any(a < d and c < b for a, b in one for c, d in other)


def by_words(shop: Shop, said: str, skus: list[str]) -> list[str]:
    """Of products with nearly one name (`AirBeat`, `AirBeat Pro`) the one whose words are said, no more, no less."""
    if one_name(shop, skus) and len({of_text(shop.products[sku].title_uz) for sku in skus}) == len(skus):
        # "0.5 kg" and "1 kg" of one thing: its measure tells, or the number by which it is called; no small digit does
        named = {key for key in _keys(said) if key.isdigit() and int(key) >= CALLED}
        return [sku for sku in skus if named & _keys(shop.products[sku].title_uz)] or skus
    whole = [sku for sku in skus if any(_called_whole(title, said) for title in _both(shop, sku))]
    # "lavandali sovun": the soap of lavender, not one that comes in it too; of green teas each is called green
    if whole and not any(_tinted(title, said) for sku in skus if sku not in whole for title in _both(shop, sku)):
        return whole
    have, told = _keys(said), _measured(said) | {one[1] for one in _CALLED_SO.finditer(said)}
    counts = have - told  # two of it are not the one of 2 l
    titles = {sku: [_keys(title) - (_measured(title) & counts) for title in _both(shop, sku) if title] for sku in skus}
    own = set(map(stem, have))
    said_of = {sku: max(len(set(map(stem, title)) & own) for title in titles[sku]) for sku in skus}
    best = [sku for sku in skus if said_of[sku] == max(said_of.values())]
    twice = _twice(said)  # "key-key": not the lock of a key and a knob
    best = [sku for sku in best if twice and any(twice <= _twice(title) for title in _both(shop, sku))] or best
    if len(best) < 2:
        return best
    if whole := [sku for sku in best if any(_all_said(title, own) for title in titles[sku])]:
        return whole  # "ayiqcha 40 sm": not the one of roses that has this height too
    shorter = [sku for sku in best if all(_inside(titles[sku], titles[rest]) for rest in best if rest != sku)]
    known = load()
    shorter = [sku for sku in shorter if any(_named_so(title, have, known) for title in titles[sku])]
    return shorter or best


# "25 lik", "на 25", "25-ka": a number that a thing is called by
_CALLED_SO = re.compile(r"(?<!\d)(\d+)\s?-?\s?(?:ta)?(?:li(?:k|gi)|ли(?:к|ги)|k[ai]|к[аи])", re.IGNORECASE)


def _measured(text: str) -> set[str]:
    """The small numbers before a unit: two bags of soil are not the soil of "2 l"."""
    after = pairwise(word.key for word in words(text))
    return {one for one, unit in after if one.isdigit() and int(one) < CALLED and load().unit(unit)}


def _twice(text: str) -> set[tuple[str, ...]]:
    """The words, or pairs of words, that stand in it twice running: "key-key", "Type-C – Type-C"."""
    said = [stem(word.key) for word in words(text) if word.key not in _BETWEEN]
    runs = [
        (tuple(said[at : at + long]), said[at + long : at + 2 * long]) for long in (1, 2) for at in range(len(said))
    ]
    return {one for one, other in runs if list(one) == other and "".join(one).isalpha()}


def _both(shop: Shop, sku: str) -> tuple[str, str]:
    return shop.products[sku].title_uz, shop.products[sku].title_ru


def _tinted(title: str, said: str) -> bool:
    """Whether a title names a colour or scent that was said."""
    own = [one.text for one in words(title) if colors.named(one.text)]
    return any(colors.color_of(one.text, (word,)) for word in own for one in words(said))


def _called_whole(title: str, said: str) -> bool:
    """Whether a colour or scent and all the rest of a title but its measures were said, in whatever language."""
    known, tint = load(), False
    keys_ = [word.key for word in words(said)]
    own, means = {stem(key) for key in keys_}, {name for key in keys_ for name in known.meanings((key,))}
    named = [word for word in words(title) if len(word.key) > 1 and not (word.key.isdigit() or known.unit(word.key))]
    for word in named:
        tinted = bool(colors.named(word.text)) and any(colors.color_of(one.text, (word.text,)) for one in words(said))
        tint = tint or tinted
        if not (tinted or stem(word.key) in own or known.meanings((word.key,)) & means):
            return False
    return tint and len(named) > 1


def by_clause(shop: Shop, said: str, skus: Sequence[str]) -> list[str]:
    """`чтоб раскладывались в кровать`: of several products those of which a clause is true, by title or description."""
    kept, _ = shop.search.tell_apart(said, list(skus))
    own = {word.key[:_BEGINS] for word in words(said) if len(word.key) >= _BEGINS and word.key not in load().filler}
    told = [sku for sku in skus if own & {word.key[:_BEGINS] for word in words(shop.products[sku].description)}]
    return kept or (told if len(told) < len(skus) else [])


def headed(shop: Shop, hits: list[Hit], noun: str) -> list[Hit]:
    """`4 стула складных`: four chairs, where some title begins so, and no set of a table and four chairs."""
    near = [hit for hit in hits if hit.score >= _LIKED_SCORE * hits[0].score]
    begins = [hit for hit in near if _begins_with(shop, hit.sku, noun)]
    return begins if begins and begins[0] is not hits[0] and not _begins_with(shop, hits[0].sku, noun) else hits


def _begins_with(shop: Shop, sku: str, noun: str) -> bool:
    return any(stem(one.key) == stem(noun) for title in _both(shop, sku) for one in words(title)[:1])


def by_number(shop: Shop, skus: Sequence[str], parts: Sequence[Sequence[Token]]) -> str:
    """`felt pens, the 24 set`: of several products the one whose title has a number that was said; "" for none."""
    said = {
        part[one.first].key
        for part in parts
        for one in numbers(part)
        if not (one.counted or one.words) and one.value >= CALLED and one.past - one.first == 1
    }
    fits = [sku for sku in skus if said & _words_of(shop.products[sku].title_uz)]
    return fits[0] if len(fits) == 1 else ""


def by_unit(shop: Shop, skus: Sequence[str], said: Sequence[Sequence[Token]]) -> str:
    """`3 kilo bering` of one thing in packs of 500 g, 1 kg and 10 kg: the pack of one ("" when it is not that).

    Another measure beside it tells which: `12 metres of the 6 mm rope`.
    """
    titles = {sku: _both(shop, sku) for sku in skus} if len(skus) > 1 else {}
    fit: set[str] = set()
    told = False
    for tokens in said if titles else ():
        spoken = [one for one in measures(tokens) if one[2][1] not in ("", "pieces")]
        for first, past in [(one.first, one.past) for one in numbers(tokens)]:
            sold = {sku for sku in skus if sold_by(tokens, past, titles[sku])}
            if sold and any(measured([one for one in spoken if one[0] == first], titles[sku]) for sku in skus):
                return ""  # "10 kilo" of what is sold in packs of ten too
            which = [one for one in spoken if one[0] != first]
            told = told or bool(which)
            fit |= {sku for sku in sold if not which or measured(which, titles[sku])}
    if len(fit) != 1:
        return ""
    (one,) = fit
    named = {sku: _name(titles[sku][0]) for sku in skus}
    return one if told or all(named[one] <= name for name in named.values()) else ""


def _name(title: str) -> set[str]:
    """The words of a title without its measures."""
    return {word.key for word in words(title) if not (word.key.isdigit() or load().unit(word.key))}


def _all_said(title: set[str], own: set[str]) -> bool:
    """Whether all of a title was said, its measure too."""
    named = {stem(key) for key in title if not load().unit(key)}
    return len(named) > 1 and named <= own and any(key.isdigit() for key in named)


def _keys(text: str) -> set[str]:
    """The words of a text; big and small ones are the same in all languages."""
    return {_how_big().get(word.key, word.key) for word in words(text) if word.key not in _LINKS}


@cache
def _how_big() -> dict[str, str]:
    return {key: name for name, said in read("sizes")["how_big"].items() for key in words_of(said.split())}


def how_big(key: str) -> str:
    """`katta` for `kattasi`, `большую`, `bigger`; "" for what says nothing of how big a thing is."""
    return _how_big().get(key, "")


def _named_so(title: set[str], have: set[str], known: Lexicon) -> bool:
    """Whether the words that are this product's own name (no kind of goods, no trait) were all said."""
    own = {word for word in title if not known.meanings((word,))}
    return bool(own) and own <= have


def _inside(shorts: Sequence[set[str]], longs: Sequence[set[str]]) -> bool:
    """Whether a title is the beginning of another product's: all its words and more are there."""
    return any(short < long for short in shorts for long in longs)


_FRACTION = re.compile(r"\d/\d")


def of_measure(shop: Shop, piece: Piece, hits: list[Hit]) -> list[Hit]:
    """Of things that fit alike those that come in a measure that was said: the cake of 2 kg."""
    letters = {token.text.upper() for token in piece.tokens}
    near = [hit for hit in hits if hit.score >= ALIKE * hits[0].score and hit.spans == hits[0].spans]
    lettered = [hit for hit in near if letter_of(shop.products[hit.sku]) in letters]  # the suitcase L, not the S
    if lettered and not shop.products[hits[0].sku].sizes:
        return lettered
    said = measures(piece.tokens)
    if len({one for _, _, one in said}) > 1:  # each is of another thing
        return hits
    fit = [hit for hit in near if said and measured(said, titles_of(shop.products[hit.sku]))]
    if not fit and said and not measured(said, titles_of(shop.products[hits[0].sku])):  # "a cold bulb of 20 W"
        near = [hit for hit in hits if hit.score >= _OF_KIND * hits[0].score and set(hit.spans) <= set(hits[0].spans)]
        fit = [hit for hit in near if measured(said, titles_of(shop.products[hit.sku]))]
    return fit or hits


def of_model(shop: Shop, said: str, hits: list[Hit]) -> list[Hit]:
    """`the Astra Mini`, `Nova 12 Pro`: those that what stands behind the name or its number is in the title of."""
    behind = [words(said[past:])[:3] for _, past in hits[0].spans]
    after = [found[found[0].key.isdigit() :][:2] for found in behind if found]
    named = {found[0].key for found in after if found and not any(one.key in _NOT for one in found)}
    named &= keys("sizes", "models")
    near = [hit for hit in hits if hit.score >= _TIE * hits[0].score]
    return [hit for hit in near if named <= _words_of(shop.products[hit.sku].title_uz)] or hits if named else hits


def in_kind(shop: Shop, hits: list[Hit], liked: Sequence[str]) -> list[Hit]:
    """The hits as they are; those of the kind in view alone where they are called so too: `qovoqlisi` of pies."""
    held = any(hit.sku in liked and set(hit.spans) == set(hits[0].spans) for hit in hits)
    if held or not liked or liked[0] not in shop.products:
        return hits
    own = shop.products[liked[0]]
    if on_one_shelf(own, shop.products[hits[0].sku]):
        return hits
    alike = [hit for hit in hits if hit.score >= _NEARLY * hits[0].score and set(hit.spans) == set(hits[0].spans)]
    return [hit for hit in alike if on_one_shelf(own, shop.products[hit.sku])] or hits


def still_liked(shop: Shop, said: str, hits: Sequence[Hit], liked: Sequence[str]) -> Sequence[str]:
    """What the talk is about, unless the best hit is called by a word of its own: a mixer beside a blender."""
    first = shop.products[hits[0].sku]
    whole = _FRACTION.sub(" ", f"{first.title_uz} {first.title_ru}")  # "1 hose" is no hose of 1/2
    named = {one for one in stems(said) & titled(first) if not one.isdigit() or one in stems(whole)}
    kept = [sku for sku in liked if sku in shop.products and named <= titled(shop.products[sku])]
    kept = [sku for sku in kept if not _only_with(shop.products[sku], named)]
    return kept if named else liked


def _only_with(product: Product, named: set[str]) -> bool:
    """`ещё пачку полосок` beside "Глюкометр с 10 тест-полосками": the thing only comes with what is named."""
    called, _, beside_it = product.title_ru.partition(" с ")
    return bool(beside_it) and named <= stems(beside_it) and not named & stems(called)
