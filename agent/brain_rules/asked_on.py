"""A short question right behind the shop's own answer that this answer tells: it is said once more.

`does it go into a microwave?` and then `фольгалиси-чи?`; `do you print logos?` and then `qancha vaqtda tayyor bo'ladi`.
"""

from __future__ import annotations

import re

from agent.brain import Call
from agent.brain_rules.lexicon import keys, words_of
from agent.brain_rules.talk import Talk, Thinking, result_of
from agent.brain_rules.text import says_too
from agent.brain_rules.titles import stems
from agent.tools.nearest import items_of, names_of
from shop.fold import stem, words

_SHORT = 6  # words
_ALIKE = 5  # letters with which a word of the answer begins too
_WORKS = frozenset(
    {"inscribe", "sew", "assemble", "install", "repair", "shorten", "cut", "wrap", "to_measure", "refill", "tune"}
    | {"custom", "change", "mend", "print", "sharpen", "minced", "season_it", "tyres", "glue", "grind", "copy", "repot"}
)
_DAYS = re.compile(
    r"\d\s*(?:(?:ish|иш|рабоч\w+|working|full)\s+)?"
    r"(?:kun|кун|soat|соат|hafta|ҳафта|oy\b|ой\b|daqiqa|дақиқа|minut|минут|дн|день|час|недел|мес|мин|day|hour|week|month)"
    r"|shu kuni|шу куни|в тот же день|сразу|за (?:день|час|сутки)|same day"
    r"|bir kunda|бир кунда|(?:in|within) an? (?:day|hour)",
    re.IGNORECASE,
)
_SUM = re.compile(r"\d[\s\xa0.,]?000|narx|нарх|цена|стоит|стоимост|price|bepul|бепул|бесплатн|free", re.IGNORECASE)
_COUNT = re.compile(r"\d\s*(?:ta|dona|та|дона|шт|pieces?|pcs)|от \d|from \d", re.IGNORECASE)
_SUM_TOLD = re.compile(r"\d[\s\xa0.,]?000")
_AHEAD = re.compile(
    r"\d\s*(?:%|foiz|фоиз|процент|percent)|oldindan|олдиндан|предоплат|advance|up ?front", re.IGNORECASE
)
_AND = frozenset({"а", "a", "и", "and", "va", "ва"})
_JOINS = _AND - {"а", "a"}
_OF_WHAT = frozenset(words_of(("for", "of", "на", "для", "про", "uchun", "haqida")))
_OF_IT = frozenset(
    {"and", "this", "available", "about", "biggest", "smallest", "plain", "for_whom", "not_it", "question"}
)
_OTHER = frozenset(
    {"order", "more", "delivery", "free_delivery", "status", "returns", "location", "hours", "payment", "left", "total"}
)

_NOT_OF_IT = _OTHER - {"order", "payment", "total"} | {"available", "photo_wanted", "haggle", "contacts", "catalog"}
_TOLD = {"delivery_time", "days", "available", "about", "price", "apiece", "total", "payment", "order"}


def asked_on(talk: Talk) -> Thinking:
    """Says the shop's answer of the turn before once more where it tells what is asked now."""
    m = talk.meaning
    if not talk.inquiry or not m.tokens or m.phones or m.address or m.region:
        return
    text = str(result_of((yield [Call("faq", {"question": talk.inquiry})]))["text"])
    short = len([one for one in m.tokens if one.kind == "word"]) <= _SHORT and not m.any(*_OTHER)
    again = bool(text) and short and (_of_another(talk, text) or _of_the_work(talk, text))
    if not again and not (text and _of_its_matter(talk, text)):
        return
    talk.speech.say("talk.text", text=text)
    talk.session.inquiry, talk.answered = talk.inquiry, True
    m.wants -= _TOLD
    m.goods.mentions, m.goods.loose, m.goods.foreign, m.goods.asides = [], [], [], []


def told_again(talk: Talk) -> Thinking:
    """`necha minut turadi`, `на сколько месяцев?` right behind an answer that tells it: the answer once more."""
    m = talk.meaning
    if not talk.inquiry or talk.answered or talk.edited or m.goods.mentions or len(m.tokens) > _SHORT - 1:
        return
    asking = keys("questions", "wh") | keys("questions", "how_many") | keys("questions", "how_much")
    said = {stem(token.key) for token in m.tokens if token.kind == "word" and token.key not in asking}
    if not any(token.key in asking for token in m.tokens):
        return
    data = result_of((yield [Call("faq", {"question": talk.inquiry})]))
    if said & stems(data["text"]):
        talk.speech.say("talk.text", text=data["text"])
        talk.session.inquiry, talk.answered = talk.inquiry, True


def _of_its_matter(talk: Talk, text: str) -> bool:
    """`сколько за одну?`, `how long does it take and what do I pay up front?`, `а на электро тоже надо?`.

    Nothing is named that the entry does not speak of, and it tells what is asked: days, a sum, a share in advance.
    """
    m = talk.meaning
    said, names = items_of(m.text), _names(talk, text)
    if any(not one.names & names for one in said) or (not m.wonders and not m.any("price")) or m.any(*_NOT_OF_IT):
        return False
    long = m.any("delivery_time", "days") or bool({one.key for one in m.tokens} & keys("questions", "long"))
    price = m.any("price", "apiece", "total")
    if price and m.goods.mentions and any(one.number is not None for one in m.tokens):
        return False  # "the cast-iron one of 5 litres, how much?"
    if long or price or m.any("payment"):
        ahead = m.any("payment") and bool(_AHEAD.search(text))
        of_goods = len(talk.session.focus) == 1 or any(one.thing for one in said)  # their price is asked
        if price and of_goods and not m.any("payment") and not any(one.matter for one in said) and not _of_work(talk):
            return False
        return (not long or bool(_DAYS.search(text))) and (not price or ahead or bool(_SUM_TOLD.search(text)))
    return bool(said) and m.asks and not m.any("available", "order", "more") and _too(talk)


def _names(talk: Talk, text: str) -> frozenset[str]:
    """What the entry speaks of that an answer is from."""
    entry = next((one for one in talk.heard.shop.profile.faq if one.a.text(talk.language) == text), None)
    return names_of(*entry.q.all(), *entry.a.all()) if entry else names_of(text)


def _too(talk: Talk) -> bool:
    """Whether the same is asked of another thing: `unga ham`, `-chi`, тоже, `as well`."""
    tokens_ = talk.meaning.tokens
    begins = tokens_[0].text.lower() in _AND
    return begins or any(
        says_too(one) or one.key.endswith("chi") or one.key in keys("questions", "beside") for one in tokens_
    )


def _of_another(talk: Talk, text: str) -> bool:
    """`boylerniki-chi?`, `а на краску?`, `and for the foil one?`: of another thing that the answer speaks of."""
    m = talk.meaning
    first, last = m.tokens[0], m.tokens[-1]
    of_it = first.text.lower() in _AND or last.key == "chi" or (last.key.endswith("chi") and last.text[-3:] != "чи")
    if not of_it or m.wants - _OF_IT or any(one.number is not None for one in m.tokens) or _names_one_more(talk):
        return False
    told = [word.key for word in words(text)]
    said = [one.key for one in m.tokens if one.kind == "word" and one.text.lower() not in _AND and len(one.key) > 3]
    return any(stem(one) == stem(word) or _begins_alike(one, word) for one in said for word in told)


def _names_one_more(talk: Talk) -> bool:
    """`и полотенце`, `and a towel`, `va sochiq`: a thing of the shop is named to be bought, and nothing is asked."""
    m = talk.meaning
    joins = m.tokens[0].text.lower() in _JOINS and not m.asks and not m.tokens[-1].key.endswith("chi")
    return joins and bool(m.goods.mentions) and not any(one.key in _OF_WHAT for one in m.tokens)


def _begins_alike(one: str, other: str) -> bool:
    return len(one) >= _ALIKE and one[:_ALIKE] == other[:_ALIKE]


def _of_the_work(talk: Talk, text: str) -> bool:
    """`how long does it take?`, `сколько это стоит?`, `eng kami nechta?` of work that the shop does."""
    m = talk.meaning
    if not _of_work(talk) or m.goods.foreign:
        return False
    keys_ = {one.key for one in m.tokens}
    long = m.any("delivery_time", "days") or keys_ & keys("questions", "long")
    comes = any(one.key.startswith(tuple(keys("questions", "arrives"))) for one in m.tokens)
    if long:
        return not comes and bool(_DAYS.search(text))
    if m.any("price"):
        return not m.goods.mentions and bool(_SUM.search(text))
    return bool(keys_ & keys("questions", "how_many")) and bool(_COUNT.search(text)) and not m.goods.mentions


def _of_work(talk: Talk) -> bool:
    """Whether the answer before was of work that the shop does."""
    return bool(names_of(talk.inquiry) & {f"?{one}" for one in _WORKS})
