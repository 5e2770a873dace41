"""What the words of a message wish for: the meanings of agent/lexicon/intents.yaml that stand in it.

A word may be misheard: what sounds like another one, or is said of something else, is dropped here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from agent.brain import Heard
from agent.brain_rules.coming import coming
from agent.brain_rules.lexicon import Met, index, keys, words_of
from agent.brain_rules.numbers import covered, is_pieces, numbers
from agent.brain_rules.text import PAUSES, Token, asks_by
from agent.brain_rules.unchanged import unchanged
from orders.order.moves import PROBLEM
from shop.fold import fold_word, words
from shop.lexicon import load
from shop.places import is_place

_LETTER = re.compile(r"X{0,4}[SL]|M|[2-6]XL", re.IGNORECASE)
_OK = frozenset(("ok", "ок", "o'k", "okk", "оk"))  # "oq" (white) has the same key: only these spellings agree
_CARRIES = "chikar"
_YOUTH = "yoshlik"
_LONG = 80  # tokens: a long order of four things has 60
_PLAIN = frozenset({"salam", "greeting", "order", "price", "delivery", "delivery_time", "person"})
_WHICH = tuple(words_of(("qaysi", "qanaqa", "qanday")))
_PLASTIC = "plastik"
_LASTS = tuple(words_of(("yet",)))
_REACHES = tuple(words_of(("yetk", "yetib")))
_IT_SHOWS = tuple(words_of(("satarkan", "satadi", "satar", "satyapti")))
_SIZE = tuple(words_of(("razmer", "o'lcham", "ulcham", "размер", "size")))
_NO_RANG = frozenset(("range", "ranges", "ranged"))
_ENOUGH = fold_word("хват")
_HOW = frozenset(words_of(("как", "how", "qanday", "qanaqa")))
_WORKS = fold_word("работает")
_OTHER_WORDS = frozenset(
    {("agree", "how"), ("bye", "be"), ("refuse", "ё"), ("size_advice", "let"), ("thanks", "th"), ("and", "a")}
    | {("rude", "locks")}
)  # as keys they are others: the "th" of "40th" is no thx, the English article no Russian а, locks no лохи
_FREE = frozenset(words_of(("free", "bepul", "tekin", "tekinga", "бесплатно", "бесплатная", "даром")))
_BETTER = frozenset(words_of(("лучше", "yaxshiroq", "better")))
_KK = frozenset(("kk", "кк"))
_TO_DO = re.compile(r"(?:[aei]sh|lash)(?:im|ing|i|imiz)?$")  # borish, to'lashim
_INFINITIVE = ("ть", "ться", "ти", "чь")
_WILL_IT = re.compile(r"(?:ma[ys]|a|y)(?:di)?mi(?:kan)?$")  # ketmaydimi: it is asked whether a thing will break
_HURTS = re.compile(r"ogri(?:sa(?!n|la)|y|di|k|b|g)")
_THIEF = re.compile(r"(?:o['ʻ‘’`]|ў)[gғ]", re.IGNORECASE)
_GETS = frozenset({"order", "gift", "change", "more"})
_TAKES = "olish"  # olishim kerak
_HOW_MUCH_UZ = tuple(words_of(("qancha", "nech", "nichi")))
_HOW_MANY_RU = re.compile("скольк|скок", re.IGNORECASE)
_OF_THEM_RU = re.compile("..(?:[оеё]в|[её]й|[оеё]к)$", re.IGNORECASE)  # many of them: стирок, скоростей, часов
_CHOOSES = 3  # tokens: "what ring size"
_BESIDE = 2  # tokens from "zaklad" to "nechpul"
_FROM_TO = ("ga", "dan", "gacha")  # "adresni qayerga yozay"
_RU_WHERE = frozenset({"где", "куда", "where"})
_AHEAD = 5  # tokens from "хочу" to what one wants to do
_SHALL_I = [[one, two] for one in ("should", "shall", "do", "must", "would") for two in ("i", "we", "he", "she")]
_OF_MORE = frozenset({"more", "also", "order", "change", "payment", "price", "delivery", "card", "total", "supposed"})
_YES_AND_MORE = frozenset({"agree", "more", "order", "wish", "done"})


def wants_of(parts: Sequence[Token], met: Sequence[Met]) -> set[str]:
    """What the meanings of the words add up to."""
    wants = {one.name for one in met} - {"neutral", "idle", "sorry", "praise"}
    if wants & {"card", "photo_wanted", "contacts"} and all(
        parts[one.first].key.startswith("skin") for one in met if one.name == "haggle"
    ):  # "скиньте номер карты" asks for a card, not for less
        wants.discard("haggle")
    if wants & {"card", "photo_wanted", "contacts", "location"} and all(
        parts[one.first].key.startswith("tashlab") for one in met if one.name == "delivery"
    ):  # "rasmini tashlab bering" asks for no delivery
        wants.discard("delivery")
    if "order" in wants and asks_papers(parts):  # "what papers do I need"
        wants.discard("order")
    if {"price", "all_of"} <= wants:  # "qancha bo'ldi hammasi"
        wants.add("total")
    if "delivery" in wants and any(one.key in _FREE for one in parts):  # "is delivery inside the town free for that"
        wants.add("free_delivery")
    if "delivery" in wants and any(one.key.startswith(tuple(keys("questions", "is_paid"))) for one in parts):
        wants.add("paid_way")  # "yetkazishga ham pul olasizlarmi"
    if "haggle" in wants and "delivery" not in wants:  # "can you throw in a case for free"
        wants.discard("free_delivery")
    if "card" in wants:  # "karta nomer bering" asks for no phone
        wants.discard("contacts")
    if "thanks" in wants and "status" in wants and not any(map(asks_by, parts)):
        wants -= {"status", "order"}  # "my order came, thank you"
    if "repeat" in wants:  # "zakazni yana qaytaring" brings nothing back
        wants -= {"returns", "status"}
    if is_long(parts):  # a letter tells stories: only what is asked plainly is believed
        wants &= _PLAIN
    return wants


def asks_in_order(parts: Sequence[Token]) -> bool:
    """Whether an English sentence asks by its order alone: `does it talk`, `how thick are they`; no mark is needed."""
    begins = [at for at in range(len(parts)) if not at or parts[at - 1].kind in ("stop", "line")]
    asked_of = keys("questions", "asked_of")
    return any(
        parts[at].key in keys("questions", "begins")
        or (parts[at].key in keys("questions", "is") and parts[at + 1 : at + 2] and parts[at + 1].key in asked_of)
        for at in begins
        if parts[at].kind == "word" and parts[at].text.isascii()
    )


def asks_how(parts: Sequence[Token]) -> bool:
    """Whether somebody asks how to find something out: `qanday o'lchayman`, `как узнать`, `how do I measure`."""
    known = tuple(keys("questions", "find_out"))
    how = [at for at, token in enumerate(parts) if token.key in keys("questions", "how_to")]
    return any(token.key.startswith(known) for at in how for token in parts[at + 1 : at + 2 + _AHEAD])


def asks_papers(parts: Sequence[Token]) -> bool:
    """Whether somebody asks which papers are needed, as for paying in parts."""
    return any(one.name == "papers" for one in index("asked").find(parts))


def which_size(parts: Sequence[Token]) -> bool:
    """Whether it is asked which size to take (`какой размер брать`, `razmerini qanday bilaman`), not what there is."""
    sized = any(token.key in keys("sizes", "markers") or token.key.startswith(_SIZE) for token in parts)
    asks = any(token.key in keys("questions", "wh") or token.key in _HOW for token in parts)
    there = any(one.name in ("available", "price") for one in index("intents").find(parts))
    return sized and asks and not there


def is_long(parts: Sequence[Token]) -> bool:
    return sum(token.text != "|" for token in parts) > _LONG  # bars stand where a phone or an address was cut out


def unless_supposed(parts: Sequence[Token], met: list[Met]) -> list[Met]:
    """`20 ta olsam qanchadan berasiz`, `оптом дешевле будет?`: what is only supposed is asked about, not ordered.

    `а если 30 коробок брать` asks what each costs then.

    Nor is what somebody asks how much of is needed: `kley kerak, 4 rulonga nechta ketadi`.
    """
    taken = [one for one in met if one.name == "order"]
    if len(taken) == 1 and _of_so_many_if(parts, taken[0].first):
        return [one._replace(name="price") if one in taken else one for one in met]
    names = {one.name for one in met}
    asks = bool(names & {"supposed", "wholesale"}) and bool(names & {"price", "apiece", "haggle", "cheaper", "total"})
    return [one for one in met if one.name != "order"] if asks or "needs" in names else met


def _of_so_many_if(parts: Sequence[Token], at: int) -> bool:
    """Whether the verb at `at` ends `если 50 взять`, `if 20 pairs are taken`, with the number amid."""
    first = next((nth for nth in range(at) if parts[nth].key in keys("questions", "if_taken")), at)
    amid = parts[first + 1 : at]
    return 0 < len(amid) <= _AHEAD and any(token.number for token in amid) and all(t.kind not in PAUSES for t in amid)


def unless_without(heard: Heard, parts: Sequence[Token], met: list[Met]) -> list[Met]:
    """`a mouse without a wire`, `платье без рукавов`: how it is to be; with nothing bought yet nothing goes out."""
    buys = heard.cart["lines"] or heard.cart["picks"] or heard.open_order.get("changeable")
    without = keys("questions", "without")
    return met if buys else [one for one in met if one.name != "remove" or parts[one.first].key not in without]


def unless_yes(heard: Heard, parts: Sequence[Token], met: list[Met]) -> list[Met]:
    """`ha qo'shing` to a summary that adds something: a yes to it, and not one more."""
    names = {one.name for one in met}
    heard_at = covered(met)
    alone = all(at in heard_at for at, token in enumerate(parts) if token.kind in ("word", "number"))
    waits = heard.cart.get("waits_for_yes") and alone and "agree" in names and names <= _YES_AND_MORE
    return [one for one in met if one.name not in ("more", "order")] if waits else met


def unless_owed(heard: Heard, parts: Sequence[Token], met: list[Met]) -> list[Met]:
    """`сколько ещё доплатить`, `qancha qo'shib tashlay yana` of an order that owes: of its money, and not one more."""
    asked = [at for at, token in enumerate(parts) if token.key in keys("questions", "how_much")]
    sums = any(one.name in ("payment", "status") for one in met) or any(
        follows(parts, at, "how_much", "sends_more") for at in asked
    )
    where = any(is_place(word) for token in parts for word in words(token.text))  # what a parcel to there costs
    if where or not (asked and sums and not numbers(parts) and heard.open_order.get("owes") and heard.cart["empty"]):
        return met
    short = heard.open_order.get("status") == PROBLEM  # else "where to and how much?" asks for the card too
    said = _OF_MORE if short else _OF_MORE - {"card", "total"}
    return [*(one for one in met if one.name not in said), Met("status", asked[0], asked[0] + 1)]


def met_in(parts: Sequence[Token]) -> list[Met]:
    """The meanings of the words. `a scarf too` adds, `too long` does not: only at the end of a part."""
    return list(_met_in(tuple(parts)))


@lru_cache(maxsize=256)  # a turn asks it of its whole message three times
def _met_in(parts: Sequence[Token]) -> list[Met]:
    ends = [at for at in range(len(parts)) if at + 1 == len(parts) or parts[at + 1].kind in PAUSES]
    too = [Met("also", at, at + 1) for at in ends if parts[at].text.lower() == "too"]
    yes = [Met("agree", at, at + 1) for at, token in enumerate(parts) if token.text.lower() in _OK]
    ages = [Met("size_advice", at - 1, at + 1) for at in range(1, len(parts)) if _of_age(parts, at)]
    sizes = [Met("size_advice", at, at + 3) for at in range(len(parts) - 2) if _of_two_sizes(parts, at)]
    sizes += [Met("size_advice", at, at + 1) for at in range(1, len(parts)) if _which_size(parts, at)]
    found = [one for one in index("intents").find(parts) if not _misheard(parts, one)]
    sent = [at for at in range(len(parts)) if follows(parts, at, "how_much", "sends") or _of_deposit(parts, at)]
    found = [one for one in found if one.name != "price" or one.first not in sent]  # of the deposit, not of the goods
    found += [Met("payment", at, at + 1) for at in sent]
    found += [Met("paid", at, at + 1) for at in range(len(parts)) if follows(parts, at, "pays_by", "has_paid")]
    found += [Met("left", at, at + 1) for at in range(len(parts)) if follows(parts, at, "how_many", "are_left")]
    found += [Met("supposed", at, at + 1) for at in range(len(parts)) if follows(parts, at, "if_taken", "is_taken")]
    found += [Met("location", at, at + 1) for at in range(len(parts)) if _where_is(parts, at)]
    found += coming(parts) + unchanged(parts)
    both = {one.past for one in found if one.name == "both"}
    found = [one for one in found if one.name != "also" or one.first not in both]  # "ikkovi ham"
    return sorted([*found, *too, *yes, *ages, *sizes], key=lambda met: (met.first, met.name))


def follows(parts: Sequence[Token], at: int, one: str, other: str) -> bool:
    """Whether a word of a list of questions.yaml stands at `at` and one of another a few words behind it.

    `сколько вам сейчас скинуть` asks what is paid in advance, `how many skeins are left` what there is.
    """
    if parts[at].key not in keys("questions", one):
        return False
    after = parts[at + 1 : at + 2 + _AHEAD]
    stop = next((nth for nth, token in enumerate(after) if token.kind in PAUSES), len(after))
    return any(token.key in keys("questions", other) for token in after[:stop])


def _of_deposit(parts: Sequence[Token], at: int) -> bool:
    """`zaklad nechpul`, `а предоплата сколько`: how much is paid in advance."""
    before = {token.key for token in parts[max(0, at - _BESIDE) : at]}
    return parts[at].key in keys("questions", "how_much") and not before.isdisjoint(keys("questions", "deposit"))


def _where_is(parts: Sequence[Token], at: int) -> bool:
    """`manzillaring qatta`, `где у вас магазин`: a place of the shop's own, and where it is asked beside it."""
    if not parts[at].key.startswith(tuple(keys("questions", "our_place"))):
        return False
    address = parts[at].key.startswith(tuple(keys("questions", "an_address")))
    for step in (1, -1):
        for token in (parts[at + 1 :] if step > 0 else parts[:at][::-1])[: _BESIDE + 1]:
            if token.kind in PAUSES:
                break
            if token.key.startswith(tuple(keys("questions", "where_is"))) and not token.key.endswith(_FROM_TO):
                return not (address and token.text.lower() in _RU_WHERE)  # "адрес где указать?"
            if token.key in keys("questions", "in_dialect") and (address or token.text[0].lower() in "qқ"):
                return True
    return False


def _of_two_sizes(parts: Sequence[Token], at: int) -> bool:
    """`S or M for me?`: which of them fits."""
    if parts[at + 1].key not in keys("questions", "or"):
        return False
    letters = all(_LETTER.fullmatch(parts[place].text) for place in (at, at + 2))
    return letters and any(token.text == "?" for token in parts[at + 3 :])


def _which_size(parts: Sequence[Token], at: int) -> bool:
    """`what ring size should I take`: which size to take is asked, whatever stands before the word."""
    if parts[at].key not in keys("sizes", "markers"):
        return False
    before, after = parts[max(0, at - _CHOOSES) : at], [token.text.lower() for token in parts[at + 1 : at + 3]]
    return any(token.key in keys("questions", "wh") for token in before) and after in _SHALL_I


def _of_age(parts: Sequence[Token], at: int) -> bool:
    """`5 yoshlik`; without its number Yoshlik is a quarter of many towns."""
    return parts[at].key == _YOUTH and parts[at - 1].number is not None


_ORDERS = tuple(words_of(("zakaz", "buyurtma", "заказ", "order")))
_INTO = frozenset(words_of(("к", "в", "во", "to", "into", "ко")))


def _into_order(parts: Sequence[Token], one: Met) -> bool:
    """`o'sha zakazga solib yuboring`, `в тот же заказ`: something is added to that order, which is not repeated."""
    ends = parts[min(one.past, len(parts)) - 1].key
    before = {token.key for token in parts[max(0, one.first - 2) : one.first]}
    return ends.startswith(_ORDERS) and (ends.endswith(("ga", "ka")) or bool(before & _INTO))


def _misheard(parts: Sequence[Token], one: Met) -> bool:
    """A word that sounds like another: бутсы are boots (busi: this one), "а не магазин" refuses nothing."""
    if one.name == "haggle" and parts[one.first].key.startswith("tushir"):  # "tushirib berasizmi 2 qavatga"
        return any(place.name == "floor" for place in index("places").find(parts))
    if one.name == "delivery_time" and one.past - one.first > 1 and parts[one.past - 1].key.endswith("ga"):
        after = parts[one.past].key if one.past < len(parts) else ""  # "necha kunga yetadi": so long it lasts
        return after.startswith(_LASTS) and not after.startswith(_REACHES)
    if one.name == "rude" and _HURTS.match(parts[one.first].key):  # "bel og'risa": og'ri hurts, o'g'ri is a thief
        return not _THIEF.match(parts[one.first].text)
    if one.name == "complaint" and any(map(_WILL_IT.search, _verb_of(parts, one))):  # "sinib ketmaydimi"
        return True
    counted = one.first > 0 and parts[one.first - 1].key in keys("questions", "how_many")
    if one.name in ("card", "payment") and counted:  # "nechta karta sig'adi"
        return True
    if one.name == "order" and one.phrase:  # "i want to know"
        return parts[one.past - 1].key in keys("questions", "want") and _no_order(parts, one.past - 1)
    if (
        one.name == "delivery" and parts[one.first].text.lower() == "bring" and one.first
    ):  # "what shall I bring to sign"
        return parts[one.first - 1].text.lower() in ("i", "we")
    if one.name == "repeat" and _into_order(parts, one):
        return True
    if one.phrase or one.past - one.first > 1:
        return False
    token = parts[one.first]
    if one.name == "order":
        return _no_order(parts, one.first)
    if one.name in ("biggest", "smallest") and one.first:  # "how big are they"
        return parts[one.first - 1].text.lower() == "how"
    if (one.name, token.text.lower()) in _OTHER_WORDS:
        return True
    if one.name == "change" and token.key in _BETTER:  # "which of them is better for a hall?"
        return any(before.key in keys("questions", "wh") for before in parts[max(0, one.first - _AHEAD) : one.first])
    if one.name == "change" and token.key.startswith(_ENOUGH):  # "на сколько стирок хватит"
        return any(_HOW_MANY_RU.match(before.text) for before in parts[max(0, one.first - _AHEAD) : one.first])
    if one.name == "gift" and one.first and parts[one.first - 1].number is not None:  # "2 upakovka"
        return is_pieces(token.key)
    if one.name == "total" and token.text.lower() == "total" and one.first:  # "a total beginner"
        return parts[one.first - 1].text.lower() == "a"
    if one.name == "this" and one.past < len(parts) and parts[one.past].start == token.end:  # the E of "e27"
        return parts[one.past].kind == "number"
    if one.name == "hours" and one.first and token.key == _WORKS:  # "какой тише работает"
        return any(before.key in keys("questions", "wh") for before in parts[:1])
    if one.name == "price" and _HOW_MANY_RU.match(token.text) and one.past < len(parts):  # "на сколько стирок хватит"
        return bool(_OF_THEM_RU.search(parts[one.past].text))
    if one.name == "color" and token.text.lower() in _NO_RANG:  # "what's the range of the scooter"
        return True
    if one.name == "later" and load().meanings((token.key,)):  # leather
        return True
    if one.name == "size_advice":  # "hammasi qanchaga tushadi": what it comes to
        comes_to = one.first > 0 and parts[one.first - 1].key.startswith(_HOW_MUCH_UZ)
        return token.key == _YOUTH or (comes_to and token.key.startswith("tush"))
    if one.name == "photo_wanted" and one.past < len(parts):  # "photo paper", "фото рамка"
        return load().names_goods((token.key,)) or load().names_goods((token.key, parts[one.past].key))
    if one.name == "look" and token.key.endswith(_IT_SHOWS):  # "the black one shows the dust"
        return True
    if one.name in ("this", "photo_wanted") or (one.name == "look" and token.text.isalpha()):  # корсет, no ko'rset
        return load().names_goods((token.key,))
    if one.name == "haggle":
        return token.key.startswith("kelishd") or token.key.startswith("kelishild")  # agreed, no more to be agreed on
    if one.name == "card" and token.key == _PLASTIC:  # plastik truba
        after = parts[one.past].key if one.past < len(parts) else ""
        return load().names_goods((after,)) and not index("intents").meanings(after) & {"contacts", "card"}
    if one.name == "refuse" and token.text.lower() == "net" and one.first > 0:  # a landing net
        before = parts[one.first - 1]
        return before.text.lower() in ("the", "a") or bool(load().meanings((before.key, token.key)))
    amid = one.first > 0 and parts[one.first - 1].kind == "word" and one.past < len(parts)
    follows = parts[one.past] if one.past < len(parts) else None
    if one.name == "remove" and token.key.startswith(_CARRIES) and follows and follows.key.startswith("ber"):
        return asks_by(follows)  # "5 qavatga chiqarib berasizmi"
    if one.name == "refuse" and token.key == "yo" and amid:  # "yig'ib kelasizmi yo o'zimiz yig'amizmi": or
        return parts[one.past].kind == "word" and any(map(asks_by, (parts[one.first - 1], *parts[one.past :])))
    return one.name == "refuse" and token.key == "ne" and amid and parts[one.past].kind == "word"


def _verb_of(parts: Sequence[Token], one: Met) -> list[str]:
    """The last word of a meaning, and the verb that bears its ending behind "-ib": sinib ketmaydimi."""
    last = parts[one.past - 1].key
    return [last, *(token.key for token in parts[one.past : one.past + 1] if last.endswith("ib"))]


def _no_order(parts: Sequence[Token], at: int) -> bool:
    """`к вам` is no "kk"; `borish kerak`, `хочу узнать`, `i want to know`: something else is wanted than a thing."""
    token = parts[at]
    if _asks_which(parts, at):
        return True
    if token.key == "k":
        return token.text.lower() not in _KK
    if token.key.startswith(("kere", "kerak")):
        return bool(at and _TO_DO.search(parts[at - 1].key)) and not _buys(parts[at - 1])
    if token.key not in keys("questions", "want"):
        return False
    if token.text == "Hotel" and (at or (parts[at + 1 : at + 2] and parts[at + 1].text[:1].isupper())):  # Hotel Saroy
        return True
    after = list(parts[at + 1 : at + 1 + _AHEAD])
    after = after[: next((nth for nth, one in enumerate(after) if one.kind in PAUSES), len(after))]
    if token.text.isascii():
        doing = after[1:2] if after and after[0].text.lower() == "to" else []
    else:
        doing = [one for one in after if one.text.lower().endswith(_INFINITIVE)][:1]
    return bool(doing) and not _buys(doing[0])


def _asks_which(parts: Sequence[Token], at: int) -> bool:
    """`what size should I get`, `qaysinisini olay`: what to take is asked, and nothing is taken."""
    first = max([0, *(nth + 1 for nth in range(at) if parts[nth].kind in PAUSES)])
    before = [token.key for token in parts[first:at]]
    if before[-1:] in (["i"], ["ve"]) and before[-2:-1] and before[-2] in ("should", "shal", "do"):
        return any(key in keys("questions", "wh") for key in before)
    choosing = any(key.startswith(_WHICH) for key in before[-_AHEAD:])
    return choosing and parts[at].key in keys("questions", "to_take")


def _buys(verb: Token) -> bool:
    known = verb.key in keys("questions", "have") or verb.key.startswith(_TAKES)
    return known or not index("intents").meanings(verb.key).isdisjoint(_GETS)
