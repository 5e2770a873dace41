"""Words that seem to name another thing, and only speak of the one in view or of the kind just named."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.brain_rules.by_shelf import called_by_shelf
from agent.brain_rules.lexicon import keys
from agent.brain_rules.looks import looks
from agent.brain_rules.made_of import asks_either
from agent.brain_rules.measure import measures
from agent.brain_rules.mention import Mention
from agent.brain_rules.naming import counts_in, fills, only_too
from agent.brain_rules.piece import Hint, Piece, in_spans
from agent.brain_rules.sizes import written_at
from agent.brain_rules.strange import asked_with
from agent.brain_rules.text import tokens as tokens_of
from shop.catalogue import Product
from shop.fold import stem, words
from shop.lexicon import load
from shop.search.units import Unit, units_of
from shop.shops import Shop

# who says these means a thing to have, and not a part of the one in view
_OF_GOODS = frozenset(
    {"order", "more", "also", "else", "look", "photo_wanted", "compare", "total", "price", "apiece", "catalog"}
    | {"change"}
)
_IS_IT = re.compile(r"(?:^|[.!?\n])\s*(?:is|are) (?:it|they|this|these)\b[^.!?\n]*$", re.IGNORECASE)
_THOSE = frozenset(
    ("those", "these", "that", "this", "таких", "этих", "тех", "такие", "эти", "shu", "o'sha", "shunaqa")
)
_FITS = re.compile(
    r"sig'|sigad|sigar|сиғ|сигад|влез|влаз|помест|помещ|умест|вмести|вмещ|войд[её]т|fits?$", re.IGNORECASE
)
_LIKES = re.compile(
    r"\b(?:yaxshi k.?o.?.?radi(?:lar)?|yoqtir(?:adi|maydi)|sevadi|яхши кўради|ёқтир(?:ади|майди)"
    r"|люб(?:ит|ят)|обожа(?:ет|ют)|нрав(?:и|я)тся|(?:he|she|who|son|daughter|wife|sister|mom) (?:likes|loves))\b",
    re.IGNORECASE,
)
_INTO = frozenset(("в", "во", "into", "in", "inside", "under", "под"))
_SO_MANY = frozenset({"supposed", "apiece", "price", "wholesale", "haggle", "cheaper"})  # what is asked of so many
_FOR = frozenset(("для", "for", "на", "в", "to"))
# "elektrikman", "biz oshpazmiz", "я электрик", "we're a small cafe": all that a part says
_WHO = re.compile(
    r"\s*(?:(?:men|biz|мен|биз)\s+)?(?:\w+\s+)?\w{3,}(?:man|miz|ман|миз)\s*"
    r"|\s*(?:я|мы|i['’]?m|i am|we['’]?re|we are)\s+(?:an?\s+|сам[аи]?\s+|тоже\s+)?[^\W\d]+(?:\s+[^\W\d]+)?\s*",
    re.IGNORECASE,
)
_AM = ("man", "miz", "ман", "миз")
_WE = frozenset(("я", "мы", "a", "an", "i'm", "we're", "am", "are", "small", "сам", "сама", "тоже"))
_TRAITS = frozenset({"trait", "audience", "color", "number", "filler"})


def asks_of_view(shop: Shop, piece: Piece, named: Sequence[Mention], liked: Sequence[str]) -> bool:
    """`yon g'ildiragi bormi` with a bicycle in view that has such: no other bicycle is meant."""
    own = shop.products.get(liked[0]) if liked else None
    acts = {one.name for one in piece.met}
    if called_by_shelf(shop, piece, named, liked) or _is_its_size(shop, piece, named, liked):
        return True
    if own is None or len(named) != 1 or own.sku in named[0].skus or acts & _OF_GOODS:
        return False
    if _IS_IT.search(piece.text[: piece.tokens[-1].end]) or asks_either(tokens_of(piece.text)):
        return True  # "is it ground or beans", "glass or metal?"
    if not (asked_with(piece) or any(token.key in keys("questions", "wh") for token in piece.tokens)):
        return False
    said = [word for text in named[0].named for word in words(text)]
    if "available" in acts and not any(word.key.endswith("i") and stem(word.key) != word.key for word in said):
        return False  # "is there a pump?" asks for one to buy
    told, other = _told(own), shop.products[named[0].skus[0]]
    return bool(said) and all(_names(word.key) & told or _part_of(word.key, other) for word in said)


def _is_its_size(shop: Shop, piece: Piece, named: Sequence[Mention], liked: Sequence[str]) -> bool:
    """`40x50 sini bering` with a frame in view that comes in it: its size, though another frame is called so."""
    own = shop.products.get(liked[0]) if liked else None
    if own is None or not own.sizes or not named or any(own.sku in one.skus for one in named):
        return False
    found = [(at, written_at(piece.tokens, at, own.sizes)[1]) for at in range(len(piece.tokens))]
    size = {place for at, used in found for place in range(at, at + used)}
    spans = [span for one in named for each in one.pieces for span in each.named]
    said = {at for at, token in enumerate(piece.tokens) if in_spans(token, spans)}
    return bool(said) and said <= size


def tells_liking(shop: Shop, piece: Piece, before: Sequence[Piece], liked: Sequence[str]) -> bool:
    """`blue instead, my sister loves the sea`: why another look of the thing in view is wanted, and no other thing.

    `before`: the parts of the message ahead of this one, which name nothing.
    """
    likes = _LIKES.search(piece.said)
    if not likes or not before or not liked or liked[0] not in shop.products:
        return False
    if {one.name for one in piece.met} & (_OF_GOODS | {"available"}) or piece.numbers:
        return False
    said, _ = looks(shop.products[liked[0]], list(before), Hint())
    return any(look.size or look.color for look in said)


def tells_who(piece: Piece, named: Sequence[Mention], liked: Sequence[str]) -> bool:
    """`elektrikman, 100 metr olsam`, `я электрик`: who asks for the thing in view; no electric thing is asked for."""
    if not (named and liked) or piece.met or piece.numbers or not _WHO.fullmatch(piece.said):
        return False
    return all(_is_who(piece, span) for mention in named for one in mention.pieces for span in one.named)


def _is_who(piece: Piece, span: tuple[int, int]) -> bool:
    """Whether a word is itself who asks, and not what is looked for: `elektrikman`, but no `choynak izlayapman`."""
    before = [token.text.lower() for token in piece.tokens if token.end <= span[0]][-1:]
    word = next((token.text.lower() for token in piece.tokens if token.start <= span[0] < token.end), "")
    return word.endswith(_AM) or not _WE.isdisjoint(before)


def counts_for_whom(piece: Piece, named: Sequence[Mention], liked: Sequence[str]) -> bool:
    """`klub bolalariga 12 ta olsam nechidan`: for whom so many of the thing in view are, and nothing for children."""
    if not (liked and named and piece.numbers and _SO_MANY.intersection(one.name for one in piece.met)):
        return False
    return all(_whither(piece, span, _FOR) for mention in named for one in mention.pieces for span in one.named)


def counts_packs(shop: Shop, piece: Piece, named: Sequence[Mention], liked: Sequence[str]) -> bool:
    """`возьму два набора` with a set in view: so many of it, though something here is called only a set."""
    said = [word.key for one in named for text in one.named for word in words(text)]
    packs = bool(said) and keys("numbers", "packs").issuperset(said)
    if not liked or only_too(shop, piece, liked[0]):
        return False
    return bool(piece.numbers) and (packs or (fills(shop, liked[0]) and _counted_in(piece, named)))


def counts_last(shop: Shop, piece: Piece, named: Sequence[Mention], before: Mention) -> bool:
    """`figs 500 g, 2 boxes`: so many of what was just named, which has no number yet, though boxes are sold too."""
    counted = any(_pieces_of(one) for one in before.pieces)
    return before.sure and not counted and fills(shop, before.skus[0]) and _counted_in(piece, named)


def _counted_in(piece: Piece, named: Sequence[Mention]) -> bool:
    """Whether a number and a jar or a box right behind it are all that is named, and nothing is added."""
    said = [(a, b) for one in named for own in one.pieces for a, b in own.named]
    return counts_in(piece, said) and not {one.name for one in piece.met} & {"more", "also", "and"}


def _pieces_of(piece: Piece) -> bool:
    """Whether a number is told that is no measure: the 2 of `2 ta 500 g`."""
    big = {at for first, past, _ in measures(piece.tokens) for at in range(first, past)}
    return any(one.first not in big for one in piece.numbers)


def same_again(piece: Piece, named: Sequence[Mention], before: Mention | None) -> bool:
    """`a red ballpoint. Make it 3 of those pens`: a kind that stands for what was just named."""
    if before is None or len(named) != 1 or not before.sure or before.skus[0] not in named[0].skus:
        return False
    start = min(a for one in named[0].pieces for a, _ in one.named)
    ahead = [token.text.lower() for token in piece.tokens if token.end <= start][-1:]
    return bool(_THOSE.intersection(ahead))


def fits_into(piece: Piece, named: Sequence[Mention]) -> bool:
    """`влезет в багажник?`, `sumkaga sig'adimi`: what it is to go into, and no such thing is asked for."""
    if not any(_FITS.match(token.text.replace("ʻ", "'").replace("’", "'")) for token in piece.tokens):
        return False
    return all(_whither(piece, span, _INTO) for mention in named for one in mention.pieces for span in one.named)


def _whither(piece: Piece, span: tuple[int, int], ahead: frozenset[str]) -> bool:
    """Whether a word is in the dative, or stands behind one of these."""
    before = [token.text.lower() for token in piece.tokens if token.end <= span[0]][-2:]
    said = piece.text[slice(*span)].lower()
    return bool(ahead.intersection(before)) or said.endswith(("ga", "kka", "qa", "га", "кка", "қа"))


def _part_of(key: str, other: Product) -> bool:
    """`g'ildiragi nechta` beside a bag "with wheels", whose title has them only as what it comes with: g'ildirakli."""
    alike = [word.key for word in words(other.title_uz) if stem(word.key) == stem(key)]
    return key.endswith("i") and stem(key) != key and bool(alike) and all(one.endswith("li") for one in alike)


def _told(product: Product) -> set[str]:
    return {name for word in words(product.description) for name in _names(word.key)}


def _names(key: str) -> set[str]:
    """A word without its ending, and what it means in any language."""
    return {stem(key), *load().meanings((key,))}


def told_of_last(shop: Shop, piece: Piece, named: Sequence[Mention], before: Mention) -> list[str]:
    """`a helmet, the children's one`: of several things just named the one that a trait tells; [] for none."""
    if before.sure or len(before.skus) < 2 or any(one.name == "about" for one in piece.met):
        return []  # "is it real leather?" chooses none
    called = [unit for one in named for text in one.named for unit in units_of(text)]
    own = units_of(piece.said)
    if any(not _trait(unit) for unit in called) or any(unit.kind == "goods" and not _trait(unit) for unit in own):
        return []
    kept, spans = shop.search.tell_apart(piece.said, before.skus)
    by_trait = [(a, b) for a, b in spans if any(map(_trait, units_of(piece.said[a:b])))]  # "10 pairs" tells none
    return kept if len(kept) == 1 and by_trait else []


def _trait(unit: Unit) -> bool:
    """Whether a word only tells for whom or how a thing is, though something may be called so too."""
    kinds = {load().concepts[name].kind for name in unit.concepts} | {unit.kind}
    return not kinds.isdisjoint(_TRAITS)
