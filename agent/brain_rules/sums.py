"""Sums that a shopper names: a price to haggle for, and the most that something may cost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from agent.brain import Heard
from agent.brain_rules.lexicon import index
from agent.brain_rules.models import sizes_of
from agent.brain_rules.numbers import MILLIONS, Number, for_so_much, is_money, numbers
from agent.brain_rules.sizes import of_number
from agent.brain_rules.text import Token, blank, tokens
from shop.lexicon import load
from shop.prices import amounts

_MILLIONS = r"\d{1,2}(?:[.,]\d{1,3})?\s?(?:mln|млн|million|миллион)\w*(?:\s\d{3}\b)?"
_WRITTEN = r"\d{1,3}(?:[ .]\d{3}){2}|\d{1,2}[ .]\d{3}(?! ?\d)|\d{2,4}(?:[ .]?000)?"
_ALONE = r"\d(?=\s?(?:ming|минг|thousand|тыс))"
_SUM = rf"(?<!\d)(?<!\d[ .])({_MILLIONS}|{_WRITTEN}|{_ALONE})\s?(?:ming|минг|thousand|grand|k|к|тыс\w*|т)?\.?"
_SUM_OF_MONEY = rf"(?<!\d)({_MILLIONS}|\d{{1,4}}(?=\s?(?:ming|минг|thousand|k\b|тыс))|\d{{1,3}}(?:[ .]\d{{3}})+)"
# "300 ga bering", "400 mingga boʻladimi", "за 380 отдадите?", "заберу за 380", "can you do it for 380"
_GIVEN = (  # what is done for a price, in one language or two: "480 ga отдайте"
    r"(?:ber|tash|таш|ol|qil|sot|kelish|boʻl|bo.l|bol|tush|бер|ол|кил|қил|сот|келиш|бўл|бул|туш"
    r"|otda|sdela|ustup|proda|zaber|zabir|vozm|berem|pust|отда|сдела|уступ|прода|забер|забир|возьм|пуст|можно)"
)
_TO_THIS = re.compile(
    rf"{_SUM}\s?(?:ga|га)\s+{_GIVEN}"
    rf"|(?:за|za)\s+{_SUM}\s*(?:сум\w*\s+)?{_GIVEN}"
    rf"|(?:otda|sdela|ustup|proda|отда|сдела|уступ|прода|возьм|забер|забир)\w*\s+(?:\w+\s+)?(?:за|za)\s+{_SUM}"
    rf"|(?:do it|give|sell|let it go|take it|have it|get it)\b[^.,\d]{{0,15}}\bfor\s+{_SUM}"
    rf"|(?:(?:can|could) (?:you|u) do|make it)\s+{_SUM_OF_MONEY}",
    re.IGNORECASE,
)
# "350 qilib bering", "65 dan qivoring" may also make a size another one: a sum only where it is near the price
_MADE_THIS = re.compile(
    rf"(?:can|could|would|will) (?:you|u|ya) do {_SUM}"
    rf"|{_SUM_OF_MONEY}\s?(?:ming|минг|thousand|k|тыс\w*)?\s+(?:each|apiece|(?:a|per) (?:pair|piece|set)"
    r"|donasi\w*|донаси\w*|за (?:штуку|пару|набор))"
    rf"|{_SUM}\s?(?:dan|дан)\s+(?:boʻlsa|bo.?lsa|bulsa|бўлса|булса|ber|бер|sot|сот|hisob|[ҳх]исоб)"
    rf"|(?:по|po)\s+{_SUM}\s+(?:[^\W\d]+\s+)?(?:отда|прода|уступ|сдела|(?:по)?счита|otda|proda|ustup|sdela|poschita)"
    rf"|(?:отда|прода|уступ|сдела|(?:по)?счита)\w*\s+(?:\w+\s+)?по\s+{_SUM}"
    rf"|\b(?:count|reckon|charge|price)\b(?: \w+)? at\s+{_SUM}"
    rf"|{_SUM}\s?(?:(?:dan|дан)\s+)?(?:q[iı]?(?:l|b|v)|[кқ][иі]?(?:л|б|в))\w*",
    re.IGNORECASE,
)
# "а по 8?", "8 mingdan-chi?", "how about 8k?" is all that is said
_AT_THIS = re.compile(
    r"\s*(?:(?:а|ну|и|может|можно|давайте|a|nu|unda|xop|ok|ок)\s+)*(?:"
    r"(?:по|за|po|za|how about|what about|at|for)\s+(\d{1,4}(?:[ .]?000)?)"
    r"\s?(?:тыс\w*|ming|k|к|т)?(?:\s+(?:each|apiece))?"
    r"|(\d{1,4}(?:[ .]?000)?)\s?(?:ming|минг)?\s?(?:dan|дан|ga|га)(?:[\s-]?(?:chi|чи))?"
    r"(?:\s+(?:bo\W?l\w+|bul\w+|бўл\w+|бул\w+))?)\s*[?.!)]*\s*",
    re.IGNORECASE,
)
# "3.6 ga bering", "за 3,6", "3.5 qilib bering"; a whole number only where it is asked for that, no pieces or days
_SHORT = r"(?<![\d.,])(\d{1,2}[.,]\d{1,2})"
_FOR_MILLIONS = re.compile(
    rf"{_SHORT}(?=\s?(?:ga|га|dan|дан|q[iı]?l|[қк]ил(?!о))(?!\s*\d))"
    r"|(?<![\d.,])(\d{1,2})(?=\s?(?:ga|га)\s+[^\W\d_])"
    r"|\bза\s+(\d{1,2}(?:[.,]\d{1,2})?)(?=\s*(?:$|[?!)]|отда|сдела|уступ|прода|возьм|забер))"
    rf"|\b(?:по|for|do)\s+{_SHORT}(?!\s?(?:[mlмл]|kg|кг|sm|см|cm)\b)",
    re.IGNORECASE,
)
_MILLION = 1_000_000
_APIECE = re.compile(r"\b(?:по|po|how about|what about)\b|(?:dan|дан)", re.IGNORECASE)
_FEWEST_APIECE = 5  # thousands
_LEAST_WISHED = 100  # "I'll take 300" of a price; nobody takes so many
_LEAST_ASKED = 0.4  # of a price; nobody asks a shop for less
# "200 minggacha", "до 200 тысяч", "under 200k", "byudjetim 150": what is looked for may cost so much
_LIMIT = re.compile(
    rf"{_SUM}(?:\s?(?:soʻm|so.m|som|сўм|сум)\w*)?[\s-]?"
    r"(?:gacha|гача|[dд][aа][nн] (?:oshma|ошма)|ichida|atrofida|атрофида)"
    r"|(?:(?<!you )(?<!u )\b[dд][oо]|не дороже|не больше|в пределах|under|below|less than|not more than|up to|within)"
    rf"\s+{_SUM}(?!\s?:)"
    rf"|(?:byudjet|бюджет|budget)\w*(?:\s+is)?[\s:-]*{_SUM}",
    re.IGNORECASE,
)
_LEAST_LIMIT = 10_000
_LEAST_SPOKEN = 100
_LEAST_ASKED_IN_WORDS = 20  # thousands: "ellik beshga bering"
_DIGITS = 3  # "до 20", "до 18 лет": no sum where no money is said
_SAYS_MONEY = re.compile(
    r"\d{5}|\d[\s.]000|ming|минг|thousand|тыс|\d\s?[kк]\b|mln|млн|million|миллион|byudjet|бюджет|budget", re.IGNORECASE
)
_UNIT = re.compile(r"\s*[^\W\d_]")  # "до 100 кг", "up to 128 GB"


def limit(text: str) -> int:
    """The most that something may cost, 0 where none is said."""
    found = _LIMIT.search(text)
    if not found:
        return 0
    said = _first(found)
    if not _SAYS_MONEY.search(found.group()) and (len(said) < _DIGITS or _UNIT.match(text[found.end() :])):
        return 0
    return number if (number := _sum_of(said)) >= _LEAST_LIMIT else 0


def offered(heard: Heard, text: str, wants: set[str]) -> int:
    """As `named`, without the numbers that count goods or call them: `I need 12 cases for iphone 15, any discount?`"""
    text = _with_millions(heard, text)
    if "haggle" in wants and not _TO_THIS.search(text):
        parts = tokens(text)
        counts = [one for one in numbers(parts) if _of_goods(heard, parts, one)]
        text = blank(text, [(parts[one.first].start, parts[one.past - 1].end) for one in counts], " ")
    return named(text, wants, heard.shop.currency)


def _with_millions(heard: Heard, text: str) -> str:
    """`text` with "mln" behind "3.6" where what is in view costs 3 900 000: nobody says the word then."""
    about = heard.shop.products.get(heard.session.focus[0]) if heard.session.focus else None
    if about is None or about.price < _MILLION or "size" in heard.session.asked:
        return text
    for found in reversed(list(_FOR_MILLIONS.finditer(text))):
        said = _first(found)
        past = max(map(found.end, range(1, 5)))
        if _LEAST_ASKED * about.price <= Decimal(said.replace(",", ".")) * _MILLION < about.price:
            text = f"{text[:past]} mln{text[past:]}"
    return text


def named(text: str, wants: set[str], currency: str) -> int:
    """A price named while haggling, in digits: `300 ga bering`, `250 ming`, `за 250`."""
    found = _TO_THIS.search(text)
    if found:
        return _sum_of(_first(found))
    if "haggle" not in wants:
        return 0
    parts = tokens(text)
    spans = [(parts[one.first].start, parts[one.past - 1].end) for one in numbers(parts) if one.counted]
    named = amounts(blank(text, spans, " "), currency=currency, expected=True)  # "50 sacks, any discount?"
    return named[0].value if named else 0


def _of_goods(heard: Heard, parts: Sequence[Token], number: Number) -> bool:
    """`I need 12`, `60 metr`, `12 стёкол`, `iphone 15`: so many, or which; beside a discount no price."""
    if is_money(parts, number):
        return False
    after = parts[number.past].key if number.past < len(parts) else ""
    if len(after) > 1 and load().unit(after):  # "60 metr", "10 kilo"; "60 m" may be a million
        return True
    before = parts[number.first - 1] if number.first else None
    wished = any(one.name in ("order", "supposed") and one.past == number.first for one in index("intents").find(parts))
    if before is None or before.text.lower() in ("за", "for"):
        return load().names_goods((after,))
    model = f"{before.key} {number.value}" in sizes_of(heard.shop).folded
    return model or (number.value < _LEAST_WISHED and (wished or load().names_goods((after,))))


def in_digits(text: str) -> str:
    """`text` with spoken hundreds as digits: "икки юз саксонга" is "280 га"; single words stay (yuz is also a face)."""
    parts = tokens(text)
    for one in reversed(numbers(parts)):
        after_millions = one.first > 0 and parts[one.first - 1].key in MILLIONS  # "3 million yuz"
        first, last = parts[one.first], parts[one.past - 1]
        asked = for_so_much(last)
        hundreds = one.value >= _LEAST_SPOKEN and (after_millions or one.past - one.first > 1)
        if one.words and (hundreds or (asked and one.value >= _LEAST_ASKED_IN_WORDS)):
            dative = " ga" if asked else ""
            text = f"{text[: first.start]}{one.value}{dative}{text[last.end :]}"
    return text


def _first(found: re.Match[str]) -> str:
    """The group that matched, of a pattern's ways to say a sum."""
    return next(group for group in found.groups() if group)


def _sum_of(said: str) -> int:
    """`3.5 mln`, `300`, `250 000`: a sum as it is said of goods."""
    if millions := re.match(r"\d+(?:[.,]\d+)?(?=\s?[^\W\d_])", said):
        more = re.search(r"\s(\d{3})$", said)  # "1 mln 200"
        return int(Decimal(millions[0].replace(",", ".")) * 1_000_000) + 1000 * int(more[1] if more else 0)
    number = int(re.sub(r"\D", "", said))
    return number * 1000 if number < 10_000 else number


def of_one(heard: Heard, offered: int) -> int:
    """A sum as it is meant of what is in view: "3 350 ga bering" of what costs 380 000 is three at 350 000.

    0 for "13 ga olaman" to the question which of the models: `iPhone 13`.
    """
    about = heard.shop.products.get(heard.session.focus[0]) if heard.session.focus else None
    if about and "size" in heard.session.asked and of_number(offered // 1000, about.sizes, {}):
        return 0
    each = offered % 1_000_000
    return each if about and offered > about.price >= each >= _LEAST_ASKED * about.price else offered


def of_many(heard: Heard, price: int) -> bool:
    """`58 dan bo'lsa 10 ta yozing`: the shop's own price for many, so that nothing is bargained for."""
    about = heard.shop.products.get(heard.session.focus[0]) if heard.session.focus else None
    return about is not None and any(price == one for _, one in about.qty_price)


def _alone(text: str) -> re.Match[str] | None:
    """A price that is all that is said; `for 5?`, `по 2?` are rather so many pieces."""
    found = _AT_THIS.fullmatch(text)
    if found is None or _SAYS_MONEY.search(text):
        return found
    least = _FEWEST_APIECE if _APIECE.search(text) else _LEAST_ASKED_IN_WORDS
    return found if int(re.sub(r"\D", "", _first(found))) >= least else None


def made_this(heard: Heard, text: str) -> int:
    """`350 qilib bering`, `а по 350?` of what was told to cost 390 000."""
    text = _with_millions(heard, text)
    found = _MADE_THIS.search(text) or _alone(text)
    about = heard.shop.products.get(heard.session.focus[0]) if heard.session.focus else None
    if not found or about is None:
        return 0
    number = _sum_of(_first(found))
    if _first(found) in about.sizes:
        return 0  # "а за 42?" of shoes
    return number if _LEAST_ASKED * about.price <= number < about.price else 0
