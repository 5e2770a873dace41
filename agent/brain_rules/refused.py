"""What is said not to be wanted: of things that were listed and of which none was chosen yet, beside what stays."""

from __future__ import annotations

from agent.brain_rules.besides import TAKE_OUT
from agent.brain_rules.mention import Mention
from agent.brain_rules.pointed import WANTS
from agent.brain_rules.talk import Talk


def let_go(talk: Talk, mention: Mention) -> bool:
    """`фильтры не надо` to "which of these filters?": nothing is chosen of them any more. True: that was so."""
    session, skus = talk.session, set(mention.skus)
    listed = skus & {*session.shown, *session.undecided.get("skus", [])}
    if not listed or any(map(talk.in_cart, skus)):
        return False
    if skus & set(session.undecided.get("skus", [])):
        session.undecided = {}
    session.shown = [sku for sku in session.shown if sku not in skus]
    talk.answered = True
    # "no bear after all, and make the pink ones 3": the rest is of what is there
    talk.meaning.goods.loose += [one for one in mention.pieces if one.numbers and not one.named and one.met]
    if talk.cart["lines"]:
        talk.edited = talk.goods_changed = True  # what is left is told
    elif len(talk.meaning.goods.mentions) == 1:
        talk.speech.say("talk.later")
        talk.done = True
    return True


def only_it(mention: Mention) -> bool:
    """Whether only it is wanted: of `no tongs, only the file` the file stays, whatever the tongs are."""
    named = [{one.name for one in piece.met} for piece in mention.pieces if piece.named]
    return any("keep_only" in said for said in named) and not any(said & TAKE_OUT for said in named)


def where_named(mention: Mention) -> bool:
    """Whether where it is named it is only refused: `no tongs needed, I'll get them elsewhere`."""
    named = [{one.name for one in piece.met} for piece in mention.pieces if piece.named]
    return bool(named) and all("remove" in said and not said & WANTS for said in named)
