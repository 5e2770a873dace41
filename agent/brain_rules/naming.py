"""Whether words that a search matched name a thing to buy, and not a wish, a place, a measure or whom it is for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.brain_rules.kinds import WITH
from agent.brain_rules.lexicon import Met, index, keys, words_of
from agent.brain_rules.measure import of_text
from agent.brain_rules.numbers import covered
from agent.brain_rules.piece import Hint, Piece
from agent.brain_rules.sizes import is_measure, so_strong
from agent.brain_rules.text import Token
from agent.brain_rules.text import tokens as tokens_of
from agent.brain_rules.titles import spelled_so, stems, titled, titles_of
from shop import colors
from shop.catalogue import Product
from shop.fold import fold, stem, words
from shop.lexicon import load
from shop.places import is_place
from shop.search import Hit
from shop.search.codes import codes
from shop.search.containers import is_container
from shop.search.units import Unit, quoted, tells_how, units, units_of
from shop.shops import Shop

_POURED = frozenset({"g", "ml", "pieces"})
WHOLE = 0.8  # from here on nothing is left that could name a second product
ALIKE = 0.75  # of the best score: products of one name that differ in a measure
FEW = 5  # products of one kind
ASKED = frozenset({"available", "price", "catalog"})
_THING = 0.4
_DOING = re.compile(r"(?:a|y)digan$")
_SO_MANY = "tali"  # of -talik, -taligi
_LONE = 4  # words of a message that only names a thing
_PART = 5  # letters of a word inside another one
# words that say what is wanted are no names of goods, however alike (`olay` and "Aloe")
_WISHES = """order agree refuse more also change remove cancel price available thanks greeting wish look salam this both
 delivery delivery_time paid status done later neutral sorry haggle person robot color size total both all_of"""
_NO_NAMES = frozenset(_WISHES.split())
_SEVERAL = 20  # "100 for the packing" may be a sum
_COMES_WITH = frozenset(("на", "с", "со", "with"))
_FOR = frozenset(("на", "for", "ко", "к"))
_DOES = tuple(words_of(("qilmoqchi", "qilaman", "qilamiz", "qilyap", "qilishim", "qilsam")))


def wants_in(piece: Piece) -> list[tuple[int, int]]:
    """Where the part says what is wanted, counted from its beginning."""
    start = piece.tokens[0].start
    return [
        (piece.tokens[one.first].start - start, piece.tokens[one.past - 1].end - start)
        for one in piece.met
        if one.name in _NO_NAMES
    ]


def names_a_thing(said: str, spans: Sequence[tuple[int, int]], wants: Sequence[tuple[int, int]] = ()) -> bool:
    """Whether the words that were found name a thing: not only whom it is for, how it looks, a city, or a wish."""
    named = [said[start:end] for start, end in spans]
    if any(map(codes, named)):
        return True
    if all(fold(one).startswith(_SO_MANY) for one in named):
        return False  # "12 taligidan" tells which, though a title says "12 talik"
    # what the search found is sold here: бутсы have the key of a word that says nothing
    kinds = {unit.kind for one in named for unit in units(one, load(), frozenset(word.key for word in words(one)))}
    if all(any(a <= first and past <= b for a, b in wants) for first, past in spans):
        return False
    if "goods" in kinds or any(start in quoted(said) for start, _ in spans):
        return True
    own = tokens_of(said)
    strong = {token.start for at, token in enumerate(own) if so_strong(own, at)}  # "20w blok"
    if all((_of_a_place(said[a:b]) and a not in strong) or is_measure(said[a:b]) for a, b in spans):
        return False
    # "for my aunt in Bukhara", though a skullcap is called so
    sent_to = any(map(_names_a_place, named)) and kinds <= {"word", "audience"}
    return "word" in kinds and not all(_names_a_place(one) or (sent_to and _of_people(one)) for one in named)


def _of_people(said: str) -> bool:
    return {unit.kind for unit in units_of(said)} == {"audience"}


def _names_a_place(said: str) -> bool:
    """Whether a word is a town as it is spelled: Chinos only sounds like Chinoz."""
    return any(map(is_place, words(said)))


def for_a_gift(piece: Piece, spans: Sequence[tuple[int, int]]) -> bool:
    """`a gift for my mom`: what it is for, though flowers and sets count as gifts."""
    start = piece.tokens[0].start
    gifts = [one for one in piece.met if one.name == "gift"]
    places = [(piece.tokens[one.first].start - start, piece.tokens[one.past - 1].end - start) for one in gifts]
    boxes = any(len(unit.words) > 1 and unit.kind == "goods" for a, b in spans for unit in units_of(piece.said[a:b]))
    return bool(gifts) and not boxes and all(any(a <= first and past <= b for a, b in places) for first, past in spans)


def _of_a_place(said: str) -> bool:
    """`adresim`, `shahar`, `tel`: words of addresses, though a backpack may be called a city one."""
    own = tokens_of(said)
    met = covered(index("places").find(own))
    return bool(own) and all(at in met for at in range(len(own)))


def _whither(said: str) -> bool:
    """`zalga`: beside the goods a lone word in the dative says what they are for."""
    own = words(said)
    if len(own) != 1 or (own[0].key,) in load().by_keys:  # книга ends so too
        return False
    if own[0].text.lower().endswith(("kka", "qqa", "кка", "ққа")):  # burchakka: its key has no ending any more
        return True
    named = own[0].key[:-2]  # запаскага: of a word that ends in a vowel the stem is shorter
    return own[0].key.endswith(("ga", "ka")) and (stem(own[0].key) == named or (named,) in load().by_keys)


def tells_of(piece: Piece, at: int) -> bool:
    """`no indoor shoes`: whether a word only tells of the thing right behind it: unknown, no colour, no wish."""
    token, after = piece.tokens[at], piece.tokens[at + 1]
    if token.kind != "word" or not token.text.isascii() or piece.text[token.end : after.start].strip():
        return False
    plain = token.key in load().filler or stem(token.key) in load().everyday_stems or colors.named(token.text)
    return not plain and at not in covered(piece.met)


def only_packs(product: Product, piece: Piece, spans: Sequence[tuple[int, int]]) -> bool:
    """`две коробки` beside what is in view: so many of it, though some other thing is told to come in a box."""
    said = [word.key for a, b in spans for word in words(piece.said[a:b])]
    called = words(product.title_ru or product.title_uz)[:1]
    box = any(stem(word.key) in {stem(one) for one in said} for word in called)  # a box is what is sold
    return bool(piece.numbers) and not box and bool(said) and all(one in keys("numbers", "packs") for one in said)


def counts_in(piece: Piece, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether these words of the text are jars or boxes with a number right before them: `одна коробочка`."""
    behind = [piece.tokens[one.past].start for one in piece.numbers if one.past < len(piece.tokens)]
    behind += [piece.tokens[one.past - 1].start for one in piece.numbers if one.counted]
    return bool(spans) and all(a in behind and is_container(words(piece.text[a:b])[-1].key) for a, b in spans)


def fills(shop: Shop, sku: str) -> bool:
    """Whether a thing is weighed or poured, so that it comes in jars and boxes: plates do not, where jars are sold."""
    own = shop.products.get(sku)
    return own is not None and any(unit in _POURED for title in titles_of(own) for _, unit in of_text(title))


def only_too(shop: Shop, piece: Piece, sku: str) -> bool:
    """`10 ta quti ham` beside adhesive tape: boxes as well, and not so many boxes of it."""
    return any(one.name == "also" for one in piece.met) and not fills(shop, sku)


def of_a_purpose(piece: Piece) -> bool:
    """`одна на смену`, `one for school`, `1 ta oshxonaga`: so many for something, beside what is named or in view."""
    first = piece.numbers[0] if piece.numbers else None
    if first is None or first.first or first.past >= len(piece.tokens):
        return False
    after = piece.tokens[first.past]
    whither = len(piece.tokens) == first.past + 1 and _whither(after.text)
    return first.value < _SEVERAL and (whither or after.text.lower() in ("на", "для", "for"))


def says_what_for(product: Product, said: str) -> bool:
    """`bitta olaman, taqinchoqlarimga`: one word in the dative that is not its whole title, beside what is in view.

    `3 ta kerak tortga` with cream in view takes no cake ring ("Tort halqasi").
    """
    own = units_of(said)
    if len(own) != 1 or not own[0].words[-1].key.endswith(("ga", "ka")):
        return False
    part = _whither(said) and len(stems(product.title_uz)) > len(own[0].words)  # but "3 ta pilka" is no dative
    return part or not spelled_so(product, own[0])


def beside(said: str, start: int, end: int) -> bool:
    """Whether words only tell of the thing that is named beside them: where it goes, what it has, how it works."""
    own = units_of(said[start:end])
    return _whither(said[start:end]) or _with_it(said, start, end) or (len(own) == 1 and how_it_is(own[0]))


def how_it_is(unit: Unit) -> bool:
    """Whether a word tells how a thing is or what it does: `toʻshaydigan`, folding, though a thing may be called so."""
    return tells_how(unit) or (unit.kind == "word" and bool(_DOING.search(unit.words[-1].key)))


def _with_it(said: str, start: int, end: int) -> bool:
    """`tasmalisi`, `на ремешке`, `with a strap`: beside the goods it says what they come with."""
    own = words(said[start:end])
    if len(own) != 1:
        return False
    before = [word.text.lower() for word in words(said[:start])[-3:]]
    return bool(WITH.search(own[0].key)) or any(word in _COMES_WITH for word in before)


def is_done(tokens: Sequence[Token], at: int) -> bool:
    """`syurpriz qilmoqchiman`, `sovg'a qilaman`: with the verb the word before it is what is done, and no thing."""
    word = tokens[at - 1]
    done = word.kind == "word" and not load().names_goods((word.key,))
    return done and tokens[at].key.startswith(_DOES)


def occasion(tokens: Sequence[Token], one: Met) -> bool:
    """`tug'ilgan kuniga`, `на день рождения`: what it is for, though a set may be called so."""
    past = one.past if one.past == len(tokens) or not tokens[one.past].key.startswith("kun") else one.past + 1
    said_for = one.first > 0 and tokens[one.first - 1].text.lower() in _FOR
    last = tokens[past - 1].key
    return one.name == "gift" and (said_for or (last.endswith("ga") and (last,) not in load().by_keys))  # no sovg'a


def called_by_trait(shop: Shop, piece: Piece, hits: Sequence[Hit], said: str, liked: Sequence[str], hint: Hint) -> bool:
    """`shifon qora 2 ta`, `палаццо есть?`: nothing is talked about yet, and few things are called so.

    `yana magnit ham`: one more thing, where nothing that is talked about is called so.
    """
    adds = {one.name for one in piece.met} >= {"also", "more"}
    own = stems(" ".join(said[a:b] for a, b in hits[0].spans))
    if liked and not (adds and not any(own & titled(shop.products[sku]) for sku in liked if sku in shop.products)):
        return False
    asks = adds or any(one.name in ASKED | {"order", "total"} for one in piece.met) or bool(piece.numbers)
    asks = asks or "product" in hint.asked
    few = sum(hit.score >= ALIKE * hits[0].score for hit in hits) <= FEW
    named = [unit for a, b in hits[0].spans for unit in units_of(said[a:b])]
    kinds = {unit.kind for unit in named}
    spelled = all(spelled_so(shop.products[hits[0].sku], unit) for unit in named)
    called = kinds == {"trait", "audience"} or (kinds == {"trait"} and spelled)
    return asks and few and called and hits[0].matched >= WHOLE


def asks_of_it(piece: Piece, spans: Sequence[tuple[int, int]]) -> bool:
    """`matosi nima buni`: of what is in view is asked what it is like, and no cloth is wanted."""
    start = piece.tokens[0].start
    about = [
        (piece.tokens[one.first].start, piece.tokens[one.past - 1].end) for one in piece.met if one.name == "about"
    ]
    asked = not any(one.name in ASKED | {"order"} for one in piece.met)
    return asked and bool(about) and all(any(c <= a + start and b + start <= d for c, d in about) for a, b in spans)


def a_thing_at_least(piece: Piece, said: str, hit: Hit, hint: Hint) -> bool:
    """`floor pump, price?`: a thing that is asked for, and beside it one or two words that no title has."""
    asked = hint.sums or any(one.name in ASKED | {"order"} for one in piece.met)
    lone = len(piece.tokens) <= _LONE and not (hint.asked or piece.met or piece.numbers)  # "silent mouse"
    asked = asked or lone
    if hit.matched < _THING or hit.score < _THING or not asked:
        return False
    content = [unit for unit in units_of(said) if unit.kind in ("goods", "word", "name", "trait")]
    found = [unit for unit in content if any(a <= unit.start < b for a, b in hit.spans)]
    left = [unit for unit in content if unit not in found]
    return (
        any(unit.kind == "goods" for unit in found)
        and len(left) <= 2
        and all(one.kind in ("word", "trait") for one in left)
    )


def inside(product: Product, said: str) -> bool:
    """`кресло поворотное изофикс`: of an автокресло no other chair is named by the end or beginning of its own word."""
    titled = [word.key for title in titles_of(product) for word in words(title)]
    own = [word.key for word in words(said)]
    part_of = any(one != own[0] and (one.startswith(own[0]) or one.endswith(own[0])) for one in titled if own)
    return len(own) == 1 and len(own[0]) >= _PART and part_of
