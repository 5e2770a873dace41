"""What is named by the way, and neither asked about nor wanted: it is dropped before anything is looked up."""

from __future__ import annotations

from agent.brain_rules import edits
from agent.brain_rules.pointed import WANTS
from agent.brain_rules.talk import Talk
from agent.brain_rules.works import variant_said


def only_thanks(talk: Talk, before: list[str]) -> bool:
    """`the books came yesterday, thank you so much`: what is named is not asked about."""
    m = talk.meaning
    acts = m.goods.acts
    told = m.any("thanks") and not m.asks and not before and not acts & (edits.ASKS | WANTS)
    if told:
        m.goods.mentions.clear()
    return told


def only_brought(talk: Talk) -> None:
    """`do you bring groceries to Chirchiq?`: whether and where is asked, and no list of the groceries."""
    m = talk.meaning
    acts = m.goods.acts
    loose = not any(one.sure for one in m.goods.mentions)
    if m.any("delivery") and loose and m.asks and not acts & (WANTS | (edits.ASKS - {"delivery"})):
        m.goods.mentions.clear()


def sum_of_order(talk: Talk) -> None:
    """`so how much for the shirts in total`, when they are ordered: what the order comes to is asked."""
    m, ordered = talk.meaning, talk.heard.open_order.get("skus", [])
    acts = m.goods.acts
    theirs = all(any(sku in ordered for sku in one.skus) for one in m.goods.mentions)
    if m.any("total") and talk.cart["empty"] and theirs and not acts & WANTS and not variant_said(talk):
        m.goods.mentions.clear()
