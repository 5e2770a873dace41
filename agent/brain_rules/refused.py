"""What is said not to be wanted of things that were listed and of which none was chosen yet."""

from __future__ import annotations

from agent.brain_rules import asks
from agent.brain_rules.mention import Mention
from agent.brain_rules.talk import Talk


def let_go(talk: Talk, mention: Mention) -> bool:
    """`фильтры не надо` to "which of these filters?": nothing is chosen of them any more. True: that was so."""
    session, skus = talk.session, set(mention.skus)
    listed = skus & {*session.shown, *session.undecided.get("skus", [])}
    if mention.sure or not listed or any(map(talk.in_cart, skus)):
        return False
    if skus & set(session.undecided.get("skus", [])):
        session.undecided = {}
    session.shown = [sku for sku in session.shown if sku not in skus]
    talk.answered = True
    if talk.cart["lines"]:
        asks.say_cart(talk)
    elif len(talk.meaning.goods.mentions) == 1:
        talk.speech.say("talk.later")
        talk.done = True
    return True
