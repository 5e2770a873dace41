"""Which products one part of a message names: by its words together, amid a long story, or by a word's beginning."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from agent.brain_rules.amid import amid
from agent.brain_rules.branded import called_by_maker, numbered
from agent.brain_rules.choosing import (
    MOST,
    best_of,
    by_clause,
    by_words,
    headed,
    in_kind,
    of_measure,
    of_model,
    spelled_first,
    still_liked,
)
from agent.brain_rules.lacking import NOT_IN_IT, is_apart, lacks, only_lacking, without_lacking
from agent.brain_rules.lexicon import keys, words_of
from agent.brain_rules.mention import Mention, piece_of
from agent.brain_rules.naming import (
    ALIKE,
    ASKED,
    WHOLE,
    a_thing_at_least,
    asks_of_it,
    beside,
    called_by_trait,
    counts_in,
    for_a_gift,
    inside,
    names_a_thing,
    of_a_purpose,
    only_packs,
    only_too,
    says_what_for,
    tells_of,
    wants_in,
)
from agent.brain_rules.numbers import Number, covered
from agent.brain_rules.piece import Hint, Piece, in_spans
from agent.brain_rules.prints import printed_on
from agent.brain_rules.strength import as_strong
from agent.brain_rules.stripped import (
    bare,
    without_answer,
    without_coming,
    without_counted,
    without_variants,
    without_wants,
    without_where,
)
from agent.brain_rules.text import Token, blank
from agent.brain_rules.titles import comes_in, stems, titled
from shop import colors
from shop.fold import words
from shop.lexicon import load
from shop.search import Hit
from shop.search.units import things_of, units_of
from shop.shops import Shop

# a hit is believed when it explains this much of what was said; measured on tests/dialogues (both shops): below it
# names of people and streets begin to look like goods
_LEAST_MATCHED = 0.5
_LEAST_SCORE = 0.5
_STORY = 12  # tokens of a part in which a second name drowns among other words
_WITH = frozenset(words_of(("bilan", "bn", "билан")))  # "a pan bilan a lid": one and the other
_OF_SHOP = frozenset({"delivery", "delivery_time", "hours", "location", "payment", "card", "status", "returns"})
_NOT_THIS = frozenset(words_of(("no", "not", "не", "без", "without")))
_OF_NAMES = frozenset({"photo_wanted", "size_advice", "look", "about"})
_HOURS = tuple(words_of(("soat", "час", "hours")))
_COMPARES = frozenset({"biggest", "smallest", "cheapest", "cheaper", "dearest", "plain"})
_FOR = frozenset(("for", "для"))
_STANDS_BEFORE = _FOR | {"под"}
_FOR_IT = frozenset(words_of(("uchun", "учун")))
_INSTEAD_OF, _INSTEAD_RU = list(words_of(("instead", "of"))), next(iter(words_of(("вместо",))))
_ARTICLES = frozenset(words_of(("the", "a", "an", "any", "this", "that", "этот", "эту", "это")))


def _is_what_for(shop: Shop, piece: Piece, hits: Sequence[Hit], said: str) -> bool:
    """Whether the words only say what something is for; in "qizil ko'ylakka almashtiring" they do not."""
    changes = any(one.name == "change" for one in piece.met)
    said = said[slice(*hits[0].spans[0])] if piece.numbers and len(hits[0].spans) == 1 else said  # "3 ta kerak tortga"
    return not changes and says_what_for(shop.products[hits[0].sku], said)


def named_in(shop: Shop, piece: Piece, liked: Sequence[str], hint: Hint, *, listed: bool = False) -> list[Mention]:
    """The products a part names: usually one; more when the best explains only half and the rest names another.

    `listed`: goods were named before it. What no title has may stand in a description, where goods are asked for.
    """
    mentions: list[Mention] = []
    if (listed or liked) and of_a_purpose(piece):
        return []
    printed = printed_on(shop, piece)
    if printed and not set(printed.skus) & set(liked):
        return [printed]
    start = piece.tokens[0].start
    said = without_counted(shop, piece, without_answer(shop, piece, liked, hint))
    said = without_coming(piece, without_lacking(shop, piece, without_where(shop, piece, said)))
    whole = said
    counted = " ".join(str(one.value) for one in piece.numbers if _of_a_part(piece, one))
    for _ in range(3):
        hits = _hits(shop, piece, said, liked, first=not mentions, listed=listed, chooses="product" in hint.asked)
        thing = not mentions and bool(hits) and a_thing_at_least(piece, said, hits[0], hint)
        if not hits or not (thing or believed(hits[0], first=not mentions)):
            break
        hits = of_measure(shop, piece, of_model(shop, said, hits))
        hits = in_kind(shop, spelled_first(shop, said, hits), liked)
        if not mentions and piece.numbers and not piece.numbers[0].first and piece.numbers[0].past < len(piece.tokens):
            hits = headed(shop, hits, piece.tokens[piece.numbers[0].past].key)
        spans = hits[0].spans
        by_trait = not mentions and called_by_trait(shop, piece, hits, said, liked, hint)
        by_trait = by_trait or called_by_maker(shop, said, hits, beside=bool(liked or mentions))
        if not (by_trait or names_a_thing(said, spans, wants_in(piece))) or for_a_gift(piece, spans):
            break
        if liked and not mentions and _is_what_for(shop, piece, hits, said):
            return []
        packs = liked and not mentions and only_packs(shop.products[hits[0].sku], piece, spans)
        if packs and not only_too(shop, piece, liked[0]):
            return []
        if liked and not mentions and (asks_of_it(piece, spans) or _only_compares(piece, spans)):
            break
        if liked and all(_hours(piece, a + start) for a, _ in spans):
            break
        if mentions and all(
            beside(said, a, b) or inside(shop.products[mentions[-1].skus[0]], said[a:b]) for a, b in spans
        ):
            break
        model = any(numbered(shop.products[hits[0].sku], said[b:]) for _, b in spans)
        if not (mentions or listed or model) and liked and _tells_why(piece, said, spans, hint):
            break
        if mentions and all(_tells_of_first(said, whole, a, b) for a, b in spans):
            break  # "грунт чистить", "magistral filtrga ...": what is done with the thing, what it is for
        if mentions and (_is_for(piece, spans) or counts_in(piece, [(a + start, b + start) for a, b in spans])):
            break
        if liked and only_lacking(piece, [(a + start, b + start) for a, b in spans]):
            held = (shop.products[hit.sku] for hit in hits if hit.sku in liked)
            apart = any(is_apart(one, lacks(piece.tokens)) for one in held)  # "no kettle" takes one out
            if not apart and "product" in hint.asked:
                return []  # it tells one of the list
            if not apart:
                break
        chosen = by_words(shop, f"{said} {counted}", best_of(hits, still_liked(shop, said, hits, liked)))
        own = Piece(piece.text, piece.tokens, piece.met, [(a + start, b + start) for a, b in spans])
        chosen = as_strong(shop, piece, own.named, chosen)
        denied = {"denied"} if _denied(own) else set()
        mentions.append(Mention(chosen, [own], denied | _acts(own), len(chosen) == 1))
        if hits[0].matched >= WHOLE:
            break
        said = blank(said, spans, " ")
        alike = {shop.products[sku].sizes for sku in chosen}
        # "the ring binder, grey, 120 sheets": its sheets name no other thing; nor do salted pistachios in two packs
        if len(chosen) == 1 or (len(alike) == 1 and alike != {()}):
            said = without_variants(shop.products[chosen[0]], piece, said)
    if not mentions or len(piece.tokens) >= _STORY or any(token.key in _WITH for token in piece.tokens):
        among = amid(shop, piece, whole, liked, few=not mentions)
        mentions = among if len(among) > len(mentions) else mentions
    return _parted(shop, mentions) or _by_likeness(shop, piece, liked)


def _tells_of_first(said: str, whole: str, start: int, end: int) -> bool:
    """Whether words beside a thing tell of it: what it does, works by (`rozetkadan ishlaydigan`) or is without."""
    does = _DOES.search(said[start:end]) or _DOING.match(whole, end)
    return bool(does or _OF_DATIVE.match(whole, end) or NOT_IN_IT.search(said[start:end]))


def _is_for(piece: Piece, spans: Sequence[tuple[int, int]]) -> bool:
    """`a cable for the sockets`, `tort uchun qolip`: beside a thing it says what that is for, and is no second."""
    after = words(piece.said[spans[-1][1] :])[:1]
    before = [one for one in words(piece.said[: spans[0][0]]) if one.key not in _ARTICLES]
    return bool(before and before[-1].text.lower() in _FOR) or bool(after and after[0].key in _FOR_IT)


def only_for(mention: Mention) -> bool:
    """`под торт`, and no more in that part: what is named behind it is wanted, and goes with that."""
    piece = mention.pieces[0]
    if mention.acts or len(mention.pieces) > 1 or len(piece.named) > 1:
        return False
    before = [one for one in words(piece.text[: piece.named[0][0]]) if one.key not in _ARTICLES]
    return bool(before) and before[-1].text.lower() in _STANDS_BEFORE


def _only_compares(piece: Piece, spans: Sequence[tuple[int, int]]) -> bool:
    """`kichigini bering`: of what the talk is about the smaller one, though another thing is called small."""
    at = [piece.tokens[one.first].start - piece.tokens[0].start for one in piece.met if one.name in _COMPARES]
    return all(any(a <= start < b for start in at) for a, b in spans)


def _hours(piece: Piece, start: int) -> bool:
    """`necha soat yonadi` of what is in view: so many hours, and no clock."""
    at = next((at for at, token in enumerate(piece.tokens) if token.start == start), 0)
    counted = at > 0 and piece.tokens[at - 1].key in keys("questions", "how_much") | keys("questions", "how_many")
    return counted and piece.tokens[at].key.startswith(_HOURS)


def _of_a_part(piece: Piece, number: Number) -> bool:
    """`ikkita kamerasi bor registrator`: so many of what the thing has; a word with no other meaning follows."""
    past = number.past
    follows = past < len(piece.tokens) and piece.tokens[past].kind == "word"
    return follows and not any(one.first <= past < one.past for one in piece.met)


def _hits(
    shop: Shop, piece: Piece, said: str, liked: Sequence[str], *, first: bool, listed: bool, chooses: bool
) -> list[Hit]:
    """What the words fit: as they stand, without what is wanted, by descriptions, by the names of things alone.

    `chooses`: we asked which product it is to be.
    """
    if first and (told := _with_clause(shop, said)):
        return told
    wanted, hits = without_wants(piece, said), list[Hit]()
    for text in dict.fromkeys((said, wanted)):  # the same words are looked up once
        hits = shop.search.find(text, MOST)
        if hits and believed(hits[0], first=first):
            return hits
    if first and (listed or chooses or not liked or _asks_for_goods(piece, liked)):
        told = shop.search.find(wanted, MOST, described=True)
        if told and believed(told[0], first=True):
            return told
    names = bare(piece, said)
    hits = hits if names == wanted else shop.search.find(names, MOST)
    cut = None if hits and believed(hits[0], first=first) else _MEANT_FOR.search(names)
    before = shop.search.find(names[: cut.start()], MOST) if cut else []
    if before and believed(before[0], first=first):
        return before
    return (_by_core(shop, wanted) if first and not liked else []) or hits


def _by_core(shop: Shop, said: str) -> list[Hit]:
    """`попугаю клетку с кормушкой`, `a bell with a compass`: what the words that titles are called by find alone."""
    beside = shop.search.core(said)
    hits = shop.search.find(blank(said, beside, " "), MOST) if beside else []
    return hits if hits and believed(hits[0], first=True) else []


_DOES = re.compile(r"(?:[аяиыуе]ть|ти|чь)(?:ся)?$|...(?:adigan|ydigan|адиган|йдиган)$", re.IGNORECASE)
_DOING = re.compile(r"\s\w+(?:adigan|ydigan|адиган|йдиган)\b", re.IGNORECASE)
_OF_DATIVE = re.compile(r"\s[^\W\d]{3,}(?:g|q|kk|г|қ|кк)[aа]\b", re.IGNORECASE)
_DATIVE = ("ga", "qa", "kka", "га", "қа", "кка")
_MEANT_FOR = re.compile(r"\b(?:for|для|под)\b", re.IGNORECASE)  # "soft yarn for a blanket", where none is sold
_CLAUSE = re.compile(r"\b(?:котор(?:ый|ая|ое|ые|ую|ого|ых)|чтобы?|that|which)\b", re.IGNORECASE)


def _with_clause(shop: Shop, said: str) -> list[Hit]:
    """`полка, которая вешается на стену`: what is named before the clause; its words tell one of several apart."""
    clause = _CLAUSE.search(said)
    hits = shop.search.find(said[: clause.start()], MOST) if clause else []
    if clause is None or not hits or not believed(hits[0], first=True):
        return []
    near = [hit for hit in hits if hit.score >= ALIKE * hits[0].score]
    kept = by_clause(shop, said[clause.start() :], [hit.sku for hit in near])
    return [hit for hit in near if hit.sku in kept] or hits


def _asks_for_goods(piece: Piece, liked: Sequence[str]) -> bool:
    """Whether goods are asked for; `беру флакон` with something in view orders that."""
    asked = any(one.name in ASKED or (one.name == "order" and not liked) for one in piece.met)
    return asked and not any(one.name in _OF_SHOP for one in piece.met)


def _tells_why(piece: Piece, said: str, spans: Sequence[tuple[int, int]], hint: Hint) -> bool:
    """`the wedding is near`: beside what the talk is about, no thing is asked for, though one is called like that."""
    if piece.met or hint.asked & {"product", "offer"} or len(piece.tokens) < 2:
        return False
    return {unit.kind for a, b in spans for unit in units_of(said[a:b])} <= {"word", "trait"}


def _by_likeness(shop: Shop, piece: Piece, liked: Sequence[str]) -> list[Mention]:
    """What the talk is about already is also known by the beginning of a word of its title, whatever its ending."""
    met = covered(piece.met)
    said = [token for at, token in enumerate(piece.tokens) if token.kind == "word" and at not in met]
    for sku in liked:
        product = shop.products.get(sku)
        if product is None:
            continue
        named = [word.key for title in (product.title_uz, product.title_ru) for word in words(title)]
        for token in said:
            if any(_begins(token.key, word) for word in named):
                own = Piece(piece.text, piece.tokens, piece.met, [(token.start, token.end)])
                return [Mention([sku], [own], {one.name for one in piece.met})]
    return []


def _begins(said: str, word: str) -> bool:
    """`kardiganni` and `kardigan`: the same beginning, five letters or more, only endings differ."""
    if len(word) < 5 or said[:5] != word[:5]:
        return False
    length = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(said, word, strict=False)))
    return length >= len(word) - 2 and len(said) - length <= 6


def believed(hit: Hit, *, first: bool) -> bool:
    if not first:
        return hit.score >= 0.8 and hit.matched >= 0.6
    return hit.score >= _LEAST_SCORE and hit.matched >= _LEAST_MATCHED


def _own_place(shop: Shop, mention: Mention, before: Mention) -> int:
    """Where a product is named by a word that is not also the one's before it: both may come in packets."""
    text, other = mention.pieces[0].text, titled(shop.products[before.skus[0]])
    own = [a for a, b in mention.pieces[0].named if not stems(text[a:b]) <= other]
    return own[0] if own else mention.pieces[0].named[0][0]


def _with_its_look(shop: Shop, tokens: Sequence[Token], at: int, mention: Mention, before: Mention) -> int:
    """Where a name begins with the colour or flavour that stands before it, if only this product comes in it."""
    own, other = (shop.products[one.skus[0]] for one in (mention, before))
    while at > 1 and comes_in(own, tokens[at - 1].text):
        has_its_own = any(colors.named(token.text) for token in tokens[: at - 1])  # "red roses with a white bear"
        if comes_in(other, tokens[at - 1].text) and not has_its_own:
            break
        at -= 1
    return at


def _tells_next(shop: Shop, mention: Mention, after: Sequence[Mention]) -> bool:
    """`a gaming mouse`: the word right before a thing that is told to be so names no laptop for games beside it."""
    if not after:
        return False
    text, past = mention.pieces[0].text, max(b for _, b in mention.pieces[0].named)
    said = " ".join(text[a:b] for a, b in mention.pieces[0].named)
    if text[past : after[0].pieces[0].named[0][0]].strip() or not text[past : past + 1].isspace():
        return False
    product, own = shop.products[after[0].skus[0]], shop.products[mention.skus[0]]
    called = stems(" ".join(text[a:b] for a, b in after[0].pieces[0].named))
    if len(stems(said)) > 1 or called & stems(f"{own.description} {own.title_uz} {own.title_ru}"):
        return False  # "gel food colouring" is called so by all of its words
    if things_of(said):  # "flat sandals", if it is called so
        return (
            text[mention.pieces[0].named[0][0] : after[0].pieces[0].named[0][1]].lower() in product.description.lower()
        )
    return stems(said) <= stems(f"{product.description} {product.title_uz} {product.title_ru}")


def _for_it(mention: Mention) -> bool:
    """`filtrga kartrij bormi`: in the dative before another thing it says what that is for, and is not wanted."""
    piece = mention.pieces[0]
    ends = [piece.text[a:b].lower().endswith(_DATIVE) for a, b in piece.named]
    last = words(piece.text[slice(*piece.named[-1])])[-1:]
    own = any((one.key,) in load().by_keys for one in last)  # "детская книга" is no dative
    return (
        all(ends) or (ends[-1] and not own)
    ) and "change" not in mention.acts  # "tonometrga adapter" is the adapter's own name


def _parted(shop: Shop, mentions: list[Mention]) -> list[Mention]:
    """Two products in one breath: what stands before the second's name is the first's, the rest its own."""
    mentions.sort(key=lambda mention: mention.pieces[0].named[0][0])
    mentions = [one for at, one in enumerate(mentions) if not _tells_next(shop, one, mentions[at + 1 : at + 2])]
    mentions = [one for at, one in enumerate(mentions) if at + 1 == len(mentions) or not _for_it(one)]
    if len(mentions) < 2:
        return mentions
    whole = mentions[0].pieces[0]
    cuts = [_own_place(shop, mention, before) for before, mention in itertools.pairwise(mentions)]
    bounds = [0]
    for (before, mention), cut in zip(itertools.pairwise(mentions), cuts, strict=True):
        at = next(at for at, token in enumerate(whole.tokens) if token.end > cut)
        bounds.append(_with_its_look(shop, whole.tokens, at, mention, before))
    bounds.append(len(whole.tokens))
    for mention, (first, past) in zip(mentions, itertools.pairwise(bounds), strict=True):
        part = piece_of(whole.text, whole.tokens, whole.met, first, past)
        mention.pieces = [Piece(part.text, part.tokens, part.met, mention.pieces[0].named)]
    return mentions


def _acts(piece: Piece) -> set[str]:
    """What is wanted in a part; of `a frame for 6 photos`, `3 tall boxes` a word of the name asks for nothing."""
    said = [one for one in piece.met if one.name in _OF_NAMES]
    own = [one for one in said if all(in_spans(token, piece.named) for token in piece.tokens[one.first : one.past])]
    return {one.name for one in piece.met} - ({one.name for one in own} - {one.name for one in said if one not in own})


def _denied(piece: Piece) -> bool:
    """Whether the product itself is not wanted: `no backpack`, `не шарф, а кепка`, `sharf emas`."""
    inside = [at for at, token in enumerate(piece.tokens) if any(a <= token.start < b for a, b in piece.named)]
    if not inside:
        return False
    before = inside[0] - 1
    while before > 0 and (piece.tokens[before].key in _ARTICLES or tells_of(piece, before)):
        before -= 1
    after = piece.tokens[inside[-1] + 1].key if inside[-1] + 1 < len(piece.tokens) else ""
    before_that = [token.key for token in piece.tokens[max(0, before - 1) : before + 1]]
    instead_of = before_that == _INSTEAD_OF or before_that[-1:] == [_INSTEAD_RU]
    return (
        (before >= 0 and piece.tokens[before].key in _NOT_THIS)
        or instead_of
        or after in keys("questions", "in_place_of")
    )
