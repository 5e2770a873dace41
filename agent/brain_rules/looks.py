"""Sizes, colours and quantities of one product in a piece of text: `qorasidan L 2ta oqidan M bitta` are two looks.

A number is a size, a quantity or neither by what stands beside it, by what the product has and by what was asked.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from agent.brain_rules import sizes
from agent.brain_rules.counts import marked, number_event, size_event
from agent.brain_rules.hues import color_events
from agent.brain_rules.lexicon import keys, words_of
from agent.brain_rules.naming import of_a_purpose
from agent.brain_rules.numbers import Number, so_big
from agent.brain_rules.options import option_said
from agent.brain_rules.piece import UNSAID, Event, Hint, Look, Piece, in_spans
from agent.brain_rules.shares import OPEN, for_whom_each, laid, share_events, shared_out, so_many_each, tints
from agent.brain_rules.text import Token, asks_by
from agent.brain_rules.titles import titled
from agent.brain_rules.told import is_without, told_at, told_sizes, without
from shop.catalogue import Product
from shop.fold import stem, words
from shop.lexicon import load

_IN_ALL = frozenset(words_of(("jami", "hammasi", "bo'lib", "всего", "итого", "total", "all")))
_SO = frozenset(words_of(("so", "demak", "значит", "получается")))
_ADDS = frozenset({"also", "more"})
_SUMMED = 3  # two of them, and so many together
_SUPPOSED = frozenset(words_of(("bo'lsa", "esa", "agar", "если", "if")))


def looks(product: Product, pieces: Sequence[Piece], hint: Hint) -> tuple[list[Look], list[Look]]:
    """The looks said of `product`, and those taken back (`M emas`); ([], []) when nothing was said."""
    events = sorted((event for piece in pieces for event in _events(product, piece, hint)), key=lambda one: one.at)
    events = [event for event in events if event.kind != "share" or tints(events, event)]
    events = _behind_size(events, pieces)
    if not events:
        return [], []
    sums = [event for event in events if event.kind == "qty" and any(_totals(piece, event.at) for piece in pieces)]
    if any(event.kind == "qty" and event not in sums for event in events):
        events = [event for event in events if event not in sums]  # "two blue, two green, four in all"
    events = [event for event in events if not (event.kind == "qty" and _then_in_all(pieces, event.at))]
    events = _without_sum(events, pieces)
    events = for_whom_each(_corrected(events, pieces), pieces)
    meant_for = [event for event in events if any(_of_piece(piece, event) for piece in pieces if of_a_purpose(piece))]
    if any(event.kind == "qty" and event not in meant_for for event in events):
        events = [event for event in events if event not in meant_for]  # "two skirts, one for school"
    events = _counted_up(so_many_each(shared_out(events, pieces), pieces), pieces)
    if not _leaves_open(pieces, events):
        events = events if _tells_the_rest(pieces) else _one_each(events)
    denied = [_laid(UNSAID, event) for event in events if event.denied]
    said: list[Look] = []
    current = UNSAID
    for event in events:
        if event.denied:
            continue
        new = _laid(current, event)
        if new is None:
            said.append(current)
            new = _laid(UNSAID, event)
        assert new is not None
        current = new
    said += [] if current.empty else [current]
    said = _shared(_carried(said), events)
    every = max((look.qty for look in said), default=0) if any(piece.of_each for piece in pieces) else 0
    said = [replace(look, qty=look.qty or every) for look in said] if every else said
    return said, [look for look in denied if look is not None]


def _behind_size(events: list[Event], pieces: Sequence[Piece]) -> list[Event]:
    """`5 inch blue, 3, 5 inch red, 2` where a size was asked: a bare number behind a size is how many."""
    alone = {
        piece.tokens[0].start: piece.numbers[0].value
        for piece in pieces
        if len(piece.tokens) == 1 == len(piece.numbers)
    }
    found: list[Event] = []
    for event in events:
        sized = next((one.kind == "size" and one.known for one in reversed(found) if one.kind != "color"), False)
        counts = event.kind == "size" and event.at in alone and sized and not event.denied
        found.append(Event(event.at, "qty", alone[event.at]) if counts else event)
    return found


def names_size(product: Product, piece: Piece, hint: Hint) -> bool:
    """Whether a size that the product has is named, be it wanted or not."""
    if not product.sizes:
        return False
    counts = [one.counted for one in piece.numbers] == [True]  # "2 ta": of pieces, whatever the product is
    events = _events(product, piece, hint, numbers=not counts)
    return any(event.kind == "size" and event.known and not event.either for event in events)


def _of_piece(piece: Piece, event: Event) -> bool:
    return event.kind == "qty" and any(token.start == event.at for token in piece.tokens)


def _totals(piece: Piece, at: int) -> bool:
    """Whether the number there is said to be of all together: `jami 4 ta`, `итого 4`."""
    before = [token for token in piece.tokens if token.start < at]
    return bool(before) and before[-1].key in _IN_ALL and any(token.start == at for token in piece.tokens)


def _then_in_all(pieces: Sequence[Piece], at: int) -> bool:
    """`one in blue too, so two`, `yana qorasi ham, jami ikkita`: with one more there are so many."""
    own = [piece for piece in pieces if any(token.start == at for token in piece.tokens)]
    others = [piece for piece in pieces if piece not in own]
    adds = any(one.name in _ADDS for piece in others for one in piece.met)
    again = any(one.name in _ADDS for piece in own for one in piece.met)
    before = [token for piece in own for token in piece.tokens if token.start < at]
    return adds and not again and bool(before) and before[-1].key in _IN_ALL | _SO


def _without_sum(events: list[Event], pieces: Sequence[Piece]) -> list[Event]:
    """`one in blue and one in white, how much are the two`: so many of them together, and no more of any."""
    counts = [event for event in events if event.kind == "qty" and not event.denied]
    if len(counts) < _SUMMED or events[-1] is not counts[-1] or events[-2] is not counts[-2]:
        return events
    own = next((piece for piece in pieces if any(token.start == events[-1].at for token in piece.tokens)), None)
    asks = own is not None and any(one.name in ("price", "total") for one in own.met)
    return events[:-1] if asks and counts[-1].value == sum(int(one.value) for one in counts[:-1]) else events


def _corrected(events: list[Event], pieces: Sequence[Piece]) -> list[Event]:
    """`3 pcs, no, better 5`, `2 ta... yo'q 3 ta`: the second number stands, the first is taken back."""
    counts = [event for event in events if event.kind == "qty" and not event.denied]
    gone = []
    for first, second in pairwise(counts):
        amid = max(event.at for event in events if event.at < second.at)  # "3 in red, no, 2"
        said = [word.key for word in words(pieces[0].text[amid : second.at])]
        if any(event.at > second.at for event in events) or not set(said).isdisjoint(_SUPPOSED):
            continue  # "2 of them, and if there is no blue one 3 red"
        gone += [first] if not keys("questions", "takes_back").isdisjoint(said) else []
    return [event for event in events if event not in gone]


def _counted_up(events: list[Event], pieces: Sequence[Piece]) -> list[Event]:
    """`80 beige and 86 blue, 2 pieces`: said apart, behind so many variants, the number is of all of them."""
    wanted = [event for event in events if not event.denied]
    counts = [event for event in wanted if event.kind == "qty"]
    if len(counts) != 1 or counts[0] is not wanted[-1] or len(wanted) < 2:
        return events
    own = next((piece for piece in pieces if any(token.start == counts[0].at for token in piece.tokens)), None)
    apart = own and not any(token.start == event.at for event in wanted[:-1] for token in own.tokens)
    several = [len({event.value for event in wanted if event.kind == kind}) for kind in ("size", "color")]
    return (
        wanted[:-1] + [one for one in events if one.denied] if apart and counts[0].value == max(several) > 1 else events
    )


def _leaves_open(pieces: Sequence[Piece], events: Sequence[Event]) -> bool:
    """`oq yoki qizil`, `яшилми сариқми`: which of them is still open."""
    between = pieces[0].text[events[0].at : events[-1].at] if events else ""
    either = any(word.key in keys("questions", "or") for word in words(between))
    return either or any(asks_by(token) for piece in pieces for token in piece.tokens)


def _tells_the_rest(pieces: Sequence[Piece]) -> bool:
    """`two of them 2 m, the rest 1 m`: the number is of the first alone."""
    return any(token.key in keys("questions", "rest") for piece in pieces for token in piece.tokens)


def _one_each(events: list[Event]) -> list[Event]:
    """`две пачки, белую и розовую` are one of each."""
    wanted = [event for event in events if not event.denied]
    counts = [event for event in wanted if event.kind == "qty"]
    for kind in ("color", "size"):
        named = [event for event in wanted if event.kind == kind]
        differ = len({event.value for event in named})
        first = len(counts) == 1 and wanted[0] is counts[0]
        alone = first and len(wanted) == len(named) + 1 and all(event.known for event in named)
        if alone and differ > 1 and int(counts[0].value) == differ:
            each = [one for event in named for one in (event, replace(counts[0], at=event.at, value=1))]
            return [event for event in events if event.denied] + each
    return events


def _laid(look: Look, event: Event) -> Look | None:
    """`look` with one more thing said; None when it was said already, otherwise."""
    if event.kind == "share":
        return laid(look, str(event.value))
    if look.share == OPEN or (look.share and event.kind == "qty"):
        return None
    if event.kind == "qty":
        count = int(event.value)
        return replace(look, qty=count) if look.qty in (0, count) else None
    said, known = str(event.value), event.known
    if event.either:
        new = replace(look, letter=event.letter, either=event.either)
        return new if not (look.size or look.no_size or look.letter) or look.letter == event.letter else None
    if event.kind == "size":
        old = look.size or look.no_size
        new = replace(look, size=said, letter=event.letter) if known else replace(look, no_size=said)
    else:
        old = look.color or look.no_color
        new = replace(look, color=said) if known else replace(look, no_color=said)
    if old:
        return look if old == said else None
    return new


def _carried(said: list[Look]) -> list[Look]:
    """`qora L va M`: the second is black too. A look of a quantity alone belongs to the one before it."""
    full: list[Look] = []
    for look in said:
        if full and look.size and not look.color and not look.no_color:
            look = replace(look, color=full[-1].color)
        elif full and look.color and not look.size and not look.no_size:
            look = replace(look, size=full[-1].size)
        if not full or look not in full:
            full.append(look)
    return full


def _shared(said: list[Look], events: Sequence[Event]) -> list[Look]:
    """`2 and 5, silver`, `black and white, both M`: one colour or size, said after all the others, is of all."""
    for kind, other in (("color", "size"), ("size", "color")):
        own = [event for event in events if event.kind == kind and not event.denied]
        rest = [event.at for event in events if event.kind == other and not event.denied]
        if len(own) == 1 and own[0].known and len(rest) > 1 and own[0].at > max(rest) and len(said) == len(rest):
            value = str(own[0].value)
            said = [replace(look, color=value) if kind == "color" else replace(look, size=value) for look in said]
    return said


# ---- what stands in one piece ----------------------------------------------------------------------------------------


def _events(product: Product, piece: Piece, hint: Hint, *, numbers: bool = True) -> list[Event]:
    """What is said of `product` in one piece; kept with the piece, for a turn asks of many products of one make-up.

    `numbers`: also what its numbers say; they are held against the whole of a title.
    """
    if not (product.sizes or product.colors or piece.numbers):
        return share_events(piece)
    make_up = (product.sizes, product.colors, told_sizes(product), piece.stems & titled(product), hint)
    spoken = {one.first: one for one in piece.numbers} if numbers else {}
    key = (make_up, product.sku if spoken else "")
    if key not in piece.events:
        piece.events[key] = _read(product, piece, hint, make_up, spoken)
    return piece.events[key]


def _read(product: Product, piece: Piece, hint: Hint, make_up: Hashable, spoken: Mapping[int, Number]) -> list[Event]:
    """As `_events`; colours and written sizes are alike in all products of one `make_up`."""
    if option := option_said(product, piece, hint):
        return option
    if make_up not in piece.alike:
        piece.alike[make_up] = color_events(product, piece), {}
    tinted, written = piece.alike[make_up]
    found = [*tinted, *share_events(piece)]
    places = [(one.at, one.at + 1) for one in found]
    taken = {at for at, token in enumerate(piece.tokens) if in_spans(token, places)}
    at = 0
    while at < len(piece.tokens):
        if at in taken:
            at += 1
            continue
        if at not in written:
            written[at] = _written(product, piece, at, hint) if product.sizes else (None, 0)
        event, used = written[at]
        if not event and at in spoken:
            event, used = _pair(product, piece, spoken, at) or number_event(product, piece, spoken[at], hint)
        if event:
            found.append(event)
        at += max(1, used)
    return found


def _written(product: Product, piece: Piece, at: int, hint: Hint) -> tuple[Event | None, int]:
    """A size written as such at `at`: a letter, or as the catalogue writes it."""
    tokens = piece.tokens
    if in_spans(tokens[at], piece.named) and (stem(tokens[at].key) in titled(product) or _in_phrase(piece, tokens[at])):
        return _of_name(product, piece, at, hint)  # what only the description has may well be the size
    size, used = sizes.written_at(tokens, at, product.sizes)
    if not size and tokens[at].kind == "number":
        size, used = sizes.span_at(tokens, at, product.sizes)
    told = "" if size else told_at(tokens, at, product)
    if told:
        size, used = told, 1
    other, length = sizes.other_model(tokens, at, product.sizes)
    if length > used:
        return size_event(piece, at, length, other, False), length
    if size and not told and is_without(tokens, at, at + used):
        other = without(size, product.sizes)  # "без спирта" where it comes "spirtli" or "suvli"
        event = size_event(piece, at, used, other or size, True)
        return replace(event, denied=not other), used
    if size:
        return size_event(piece, at, used, size, True), used
    if value := so_big(tokens[at]):  # "yigirmalik ugolnik": of 20 mm
        size = sizes.of_number(value, product.sizes, hint.chart)
        return (size_event(piece, at, 1, size, True), 1) if size else (None, 0)
    if not sizes.may_begin_letter(tokens[at]):
        return None, 0
    letter, used = sizes.letter_at(tokens, at, sure=marked(tokens, at, at + 1) or "size" in hint.asked)
    if not letter:
        return None, 0
    own = sizes.of_letter(letter, product.sizes, hint.chart)
    if not own and used == 1 and at and tokens[at - 1].kind == "number" and load().unit(tokens[at].key):
        return None, 0  # "the gel of 2 l": litres, where nothing comes in letters
    event = size_event(piece, at, used, own[0] if own else letter, bool(own))
    by_number = bool(own) and own[0].isdigit()
    return replace(event, letter=letter if by_number else "", either=own if len(own) > 1 else ()), used


def _in_phrase(piece: Piece, token: Token) -> bool:
    """Whether a word is one of several that name the thing together: no Spark is asked for by "spark plugs"."""
    return any(a <= token.start and token.end <= b and b - a > token.end - token.start for a, b in piece.named)


def _of_name(product: Product, piece: Piece, at: int, hint: Hint) -> tuple[Event | None, int]:
    """A size that begins with a word of the title: a case "for iPhone" in `iPhone 13`; the answer to "which size?"."""
    tokens = piece.tokens
    size, used = sizes.written_at(tokens, at, product.sizes)
    numbers = [token.text for token in tokens[at : at + used] if token.kind == "number"]
    told = bool(numbers) and titled(product).isdisjoint(numbers)  # "cable, 1 m" is called so
    answers = "size" in hint.asked and at == 0 and used == len(tokens)
    other, length = sizes.other_model(tokens, at, product.sizes)
    if length > used:
        return size_event(piece, at, length, other, False), length
    return (size_event(piece, at, used, size, True), used) if size and (told or answers) else (None, 0)


def _pair(product: Product, piece: Piece, spoken: Mapping[int, Number], at: int) -> tuple[Event, int] | None:
    second = spoken.get(spoken[at].past)
    size = sizes.said_range(spoken[at].value, second.value, product.sizes) if second else ""
    return (size_event(piece, at, second.past - at, size, True), second.past - at) if second and size else None
