"""A message in the words that the rest of the brain reads: `два с половиной` as 2,5, `swap A for B`, `cups x4`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.brain import Heard
from agent.brain_rules.each_for_whom import told_each
from agent.brain_rules.in_compounds import parted_numbers
from agent.brain_rules.in_words import in_digits
from agent.brain_rules.lowered import lowered
from agent.brain_rules.models import in_one_word
from agent.brain_rules.numbers import numbers, word_value
from agent.brain_rules.own_colors import in_own_colors
from agent.brain_rules.text import Token, tokens
from agent.brain_rules.too_many import without_old
from shop.fold import fold_word
from shop.search.units import things_of

# "two boxes of biscuits" are two, "two packs of six" too; what they come in is not asked for
_CONTAINER = re.compile(
    r"\b(?:(pack|packet)|box|bag|bottle|jar|tin|can|piece)(?:es|s)? of "
    r"((?:two|three|four|five|six|eight|ten|twelve|a dozen|twenty|fifty|a hundred) (?=[^\W\d_]))?(?=[^\W\d_])",
    re.IGNORECASE,
)
# "white cups x4", "2x black mugs": so many of them; "50 x 70" is a measure
_TIMES = re.compile(r"(?<![\w.,])(?<!\d )[xх×]\s?(\d{1,3})(?![\w.,]*\w)", re.IGNORECASE)
_TIMES_AHEAD = re.compile(r"((?:^|[\n,;]|\band\b|\bи\b|\bva\b)\s*)(\d{1,2})\s?[xх×]\s+(?=[^\W\d])", re.IGNORECASE)
_BY = re.compile(r"\b(\d+(?:[.,]\d+)?)\s?(?:на|ga|га|by|[xх×*])\s?(\d+(?:[.,]\d+)?)\b", re.IGNORECASE)
_ACROSS = re.compile(r"(\d+(?:[.,]\d+)?)\s?[xх×*]\s?(\d+(?:[.,]\d+)?)(?![\d.,])", re.IGNORECASE)
_PART_OF = re.compile(r"\b(половинк\w*|четвертинк\w*|четвертушк\w*|half[- ]size|quarter[- ]size)", re.IGNORECASE)
_ONE_OF = re.compile(r"\b(килограмм|литр|метр)ов(?:ый|ая|ое|ые|ую|ой|ого|ых)\b", re.IGNORECASE)  # of 1 kg
_OF_PIECES = re.compile(r"\b(two|three|four|five|[2-5]) (piece)\b(?= [a-z])", re.IGNORECASE)  # "a three piece suit"
_HALF = re.compile(r"\bпол(?=кило|литр|кг\b)", re.IGNORECASE)
_HALF_A = re.compile(r"\bhalf an? (?=kilo|kg|lit|met)", re.IGNORECASE)  # its "a" joins no two things
# "два с половиной", "ikki yarim metrli": no two of it; an hour and a half or so many thousands are left as they are
_AND_A_HALF = re.compile(
    r"\b(\w+?(?<!ta)(?<!та)) (?:с половиной|yarim|ярим|and a half)(?=\b|lik|лик)"
    r"(?!\s?(?:ming|минг|тыс|mln|mil|млн|мил|soat|соат|oy|ой|yil|йил|час|мес|год|hour|month|year))",
    re.IGNORECASE,
)
# "не трёхметровый, а два с половиной", "3 metrli emas 2,5": the other one is of the same unit
_MUCH, _UNIT = r"(\d+(?:[.,]\d+)?)", r"(метр|литр|metr|litr|met(?:er|re)|lit(?:er|re)|kilo|кило)"
_NOT_SO_MUCH = re.compile(
    rf"\b(?:не|not|not the) {_MUCH}[ -]?{_UNIT}\w*,? (?:а|но|but) {_MUCH}\b(?! ?(?:{_UNIT}|[xх×]))"
    rf"|\b{_MUCH}[ -]?{_UNIT}\w* (?:emas|эмас),? {_MUCH}\b(?! ?(?:{_UNIT}|[xх×]|ta\b))",
    re.IGNORECASE,
)
_NOT_THAT = re.compile(r"\b(\w{2,}(?:si|си))(?:mas|мас)\b", re.IGNORECASE)  # qorasimas: not the black one
_AND_IT = re.compile(r"\b(\w+(?:si|gi|li|ni|dan|си|ги|ли|ни|дан))(?:chi|чи)\b\??", re.IGNORECASE)  # kattasichi?
_WHOLE_WORD = re.compile(r"[\w'’ʻʼ`]+$")
_SWAP = re.compile(r"\b(?:swap|replace|exchange)\s+(the\s+.{2,40}?)\s+(?:for|with)\s+(?=an?\b|the\b)", re.IGNORECASE)
# "swap the 5 for a 6": of what is bought
_SWAP_SIZE = re.compile(
    r"\b(?:swap|replace|change)\s+(?:the\s+)?(\d+)\s+(?:for|with|to)\s+(?:an?\s+|the\s+)?(\d+)\b", re.I
)
_ONE_SIZE = re.compile(r"\b(?:one|a|1) size (?=bigger|larger|smaller|up\b|down\b)", re.IGNORECASE)  # no size 1
_ONE_SIZE_UZ = re.compile(
    r"\b(?:bir|bitta|1|бир|битта) (?:razmer|размер|o.?lcham|ўлчам)i? (?:(katta|катта)|(?:kichi|kichki|кичи))\w*", re.I
)
# as many as the line just spoken of; beside money or time they only say that it is much
_AS_MANY = re.compile(
    r"\b(?:столько же|такое же количество|тако[ем] же количеств[ое]"
    r"|(?:the )?same (?:number of|amount(?: of)?|quantity(?: of)?)|just as many"
    r"|(?:shuncha|шунча)(?:dan|дан)?(?:\s+(?:ta|dona|та|дона))?)\b"
    r"(?!\s+(?:сто[ия]|буд|ден|врем|дн|руб|сум|of (?:money|time)))(?:\s+(?:штук|шт\b))?",
    re.IGNORECASE,
)
_SO_MANY = re.compile(
    r"\s*(?:$|[.,!\n]|olaman|olay|kerak|ber|qo.?sh|bo.?lsin|yoz|оламан|олай|керак|бер|қўш|бўлсин|ёз)", re.I
)
_UZBEK = ("shuncha", "шунча")
_NEAR, _SURE = 3, 0.8  # words behind it; how well one of them must name what is sold here
_MANY = 200  # pieces; a number above it is a price or a phone's
# "розеток пусть 12 будет": as in "пусть будет 12"
_LET = re.compile(r"\bпусть(?= (?:[^\W\d]+ ){0,2}(?:по )?\d+(?: [^\W\d]+){0,2} буд(?:ет|ут)\b)", re.IGNORECASE)
_FEET = re.compile(r"\b([4-6])\s?['′’]\s?(\d{1,2})\b\"?(?!\s?\d)")  # how tall somebody is


def restated(heard: Heard, text: str) -> str:
    """`text` with numbers, measures and wishes that people write in other ways as they are mostly written."""
    text = in_digits(heard.shop.search, told_each(heard.shop, text))
    text = in_own_colors(heard.shop, in_one_word(heard, _as_many(heard, without_old(heard, text))))
    text = _LET.sub("пусть будет", text)
    text = _SWAP_SIZE.sub(r"change, not \1 but \2", text)
    text = _SWAP.sub(r"remove \1, instead ", text)
    text = lowered(heard, _HALF.sub("пол ", text))
    text = _HALF_A.sub("half ", text)
    text = _NOT_THAT.sub(r"\1 emas", _CONTAINER.sub(lambda at: "packs " if at[1] and not at[2] else "pcs ", text))
    text = _AND_IT.sub(lambda found: _and_it(heard, found), text)
    text = _AND_A_HALF.sub(_and_a_half, text)
    text = parted_numbers(heard, text)
    text = _NOT_SO_MUCH.sub(lambda found: f"change {found[3] or found[7]} {found[2] or found[6]}", text)
    text = _TIMES_AHEAD.sub(r"\1\2 pcs ", _TIMES.sub(lambda found: _so_many(heard, found), text))
    text = _BY.sub(lambda found: _dimensions(heard, found), text)
    text = _PART_OF.sub(lambda found: _fraction(heard, found), text)
    text = _ONE_OF.sub(r"1 \1", text)
    text = _ONE_SIZE.sub(lambda found: "size " if text[found.end() :][:2].lower() in ("up", "do") else "", text)
    text = _ONE_SIZE_UZ.sub(lambda found: "kattarog'ini" if found[1] else "kichikrog'ini", text)
    text = _OF_PIECES.sub(r"\1-\2", text)
    return _FEET.sub(lambda found: f"{round(30.48 * int(found[1]) + 2.54 * int(found[2]))} cm", text)


def _as_many(heard: Heard, text: str) -> str:
    """`3 замка и столько же ключей`, and of the newest line in the cart: `3 шт`; nothing counted before: as it is."""
    found = _AS_MANY.search(text)
    if not found or "?" in text:
        return text
    after = tokens(text[found.end() :])[:_NEAR]
    if found[0].lower().startswith(_UZBEK) and not (_SO_MANY.match(text, found.end()) or _names_a_thing(heard, after)):
        return text  # "shuncha kutdim": so long
    parts = tokens(text[: found.start()])  # "I waited 5 days, as many again" counts no goods
    counted = [one for one in numbers(parts) if one.counted or _names_a_thing(heard, parts[one.past :][:_NEAR])]
    said = [one.value for one in counted if 0 < one.value < _MANY]
    lines = heard.cart["lines"]
    count = said[-1] if said else int(lines[-1]["qty"]) if lines else 0
    return f"{text[: found.start()]}{count} pcs {text[found.end() :].lstrip()}" if count else text


def _names_a_thing(heard: Heard, said: Sequence[Token]) -> bool:
    """Whether one of a few words names goods, in any shop or in this one: "grey pillows", "code locks"."""
    words = [one.text for one in said if one.kind == "word"]
    return any(things_of(word) or _sold(heard, word) for word in words)


def _sold(heard: Heard, word: str) -> bool:
    hits = heard.shop.search.find(word, 1)
    return bool(hits) and min(hits[0].score, hits[0].matched) >= _SURE


def _and_it(heard: Heard, found: re.Match[str]) -> str:
    """`kattasi?` of kattasichi; a word of a title that ends so is left as it is."""
    said = _WHOLE_WORD.search(found.string[: found.end()].removesuffix("?"))  # its apostrophes are no letters
    return found[0] if said and heard.shop.search.knows(fold_word(said[0])) else f"{found[1]}?"


def _and_a_half(found: re.Match[str]) -> str:
    """`два с половиной` in digits: `2,5`; what is no number stays."""
    value = word_value(fold_word(found[1]))
    return f"{value},5 " if value else found[0]


def _so_many(heard: Heard, found: re.Match[str]) -> str:
    """`white cups x4` are four; the X8 of a title is a model, and left as it is."""
    return found[0] if heard.shop.search.knows(f"x{found[1]}") else f" {found[1]} pcs"


def _dimensions(heard: Heard, found: re.Match[str]) -> str:
    """`2 на 1,5` as the shop's titles or sizes write it: `2x1.5`."""
    said = f"{found[1]}x{found[2]}".replace(",", ".")
    if heard.shop.search.knows(said):
        return f"{found[1]}x{found[2]}"
    return next((size for size in sorted(_sizes(heard)) if _across(size) == said), found[0])


def _sizes(heard: Heard) -> set[str]:
    """All sizes that the shop writes."""
    return {size for product in heard.shop.products.values() for size in product.sizes}


def _across(size: str) -> str:
    """`1,5x3 m` as `1.5x3`."""
    measured = _ACROSS.match(size)
    return f"{measured[1]}x{measured[2]}".replace(",", ".") if measured else ""


def _fraction(heard: Heard, found: re.Match[str]) -> str:
    """`половинку`, `the half size` as the shop's titles or sizes write it: `1/2`."""
    said = "1/4" if found[1].lower().startswith(("четв", "quart", "chor")) else "1/2"
    return said if said in _sizes(heard) or heard.shop.search.knows(said) else found[0]
