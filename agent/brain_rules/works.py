"""What a shop does for its shoppers with its goods, and what else is asked of goods: no list of them answers that."""

from __future__ import annotations

from agent.brain_rules import edits
from agent.brain_rules.intents import asks_how
from agent.brain_rules.lexicon import index
from agent.brain_rules.numbers import numbers
from agent.brain_rules.pointed import WANTS
from agent.brain_rules.prints import PRINTED
from agent.brain_rules.talk import Talk
from shop.lexicon import load

WORK = frozenset({"install", "assemble", "wrap", "refill", "repair", "tune", "cut", "sew", "shorten", "inscribe"})
WORK |= {"copy", "glue", "grind", "tint", "repot"}
_OF_GOODS = frozenset({"price", "apiece", "total", "haggle", "look", "photo_wanted", "order", "more"})


def asks_beside(talk: Talk) -> bool:
    """Whether something else than a price, a picture or a piece is asked of the goods that are named."""
    m = talk.meaning
    acts = m.goods.acts
    if ("product" in m.hint.asked and not m.asks) or PRINTED in acts:
        return False  # it answers what was asked, or is sold with the work
    service = "service" in m.heard_as and not acts & (_OF_GOODS | {"available"})
    if not acts & WANTS and (service or _work_priced(talk)):
        return bool(m.goods.mentions)
    works = m.asks and any(one.name in WORK for one in index("asked").find(m.tokens))
    works = works and not (acts & WANTS and not m.any("supposed"))  # "a lock, if I buy it, will you fit it?"
    if (works or asks_how(m.tokens)) and not acts & (_OF_GOODS - WANTS):
        return bool(m.goods.mentions)  # "how do I find out how long a cylinder I need"
    asks = m.asks or bool(acts & {"about", "size_advice", "available"}) or not acts & edits.ASKS
    return bool(m.goods.mentions) and asks and not acts & _OF_GOODS and not variant_said(talk)


def asks_of_goods(talk: Talk) -> bool:
    """Whether `shakarsizi bormi`, how goods are, is asked and nothing that the shop wrote is told: a person knows."""
    m, told = talk.meaning, any(line.key == "talk.text" for line in talk.speech.lines)
    asks = m.any("available", "about") and not (m.any("order", "more") or edits.about_shop(talk))
    return asks and not (told or talk.edited or talk.done)


def _work_priced(talk: Talk) -> bool:
    """`can you embroider a name on a robe, how much is it?`: the price that is asked is of the work, not of robes.

    `почём подключение` too, with nothing of goods between.
    """
    m = talk.meaning
    works = [one.first for one in index("asked").find(m.tokens) if one.name in WORK]
    prices = [(one.first, one.past) for one in m.met if one.name == "price"]
    counted = m.any("total") or bool(numbers(m.tokens))  # "3 metr kesib bersangiz jami necha pul" is of the cloth
    if not works or not prices or counted or any(one.sure for one in m.goods.mentions):
        return False
    between = m.tokens[max(past for _, past in prices) : min(works)]
    beside = bool(between or prices[-1][1] == min(works)) and all(one.key in load().filler for one in between)
    return max(works) < min(first for first, _ in prices) or beside


def variant_said(talk: Talk) -> bool:
    """Whether a size or colour of the goods is named: then whether that one is there is asked."""
    mentions = talk.meaning.goods.mentions
    said = [look for one in mentions for look in one.looks(talk.product(one.skus[0]), talk.meaning.hint)[0]]
    return any(look.size or look.color or look.no_size for look in said)
