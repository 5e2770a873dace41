"""The bounded loop around a brain: tools run as it asks, what it says is checked, what it may not do it cannot.

Tools change nothing but values of the turn, so a brain that gets stuck, goes in circles or twice says what it may not
costs nothing: the turn goes back to where it began, and the rules answer it.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace

import structlog

from agent import guard, speak, tools
from agent.brain import Brain, Call, Heard, Result, Step, Stuck
from agent.brain_rules import RuleBrain
from agent.consent import WRITES_THE_CART, Consent
from agent.session import Session
from agent.tools import facts
from agent.tools.order import hand_over
from agent.turn import Said, Turn, Write
from agent.veil import Veil
from kit.message import Notice, Reply
from kit.words import say
from orders.cart import Cart
from shop.shops import Shop

log = structlog.get_logger(__name__)

MAX_STEPS = 16  # "one, I fetch it, cash? where are you?" takes 9 of the rule brain; a ping-pong ends here
MAX_CALLS = 24  # of one step; an order of four things with phone and address takes 7
# handed over: only what the shop allows to be answered beside a person
_FACTS = frozenset(
    {"find_product", "product_card", "list_products", "delivery_price", "shop_facts", "faq", "size_advice"}
)


async def think(turn: Turn, brain: Brain, heard: Heard) -> None:
    """Lets `brain` work the turn; where it fails, the rules; where they do too, a person."""
    start, consent = _Start.of(turn), Consent(heard)
    for one in (brain,) if isinstance(brain, RuleBrain) else (brain, RuleBrain()):
        begun = replace(
            heard,
            shop=turn.shop,
            session=turn.session,
            cart=facts.cart_view(turn),
            results=(),
            notes={},
            faults=(),
            veil=Veil(),
        )
        if await _answered(turn, one, begun, consent) and _sound(turn, consent):
            break
        log.warning("agent.brain_given_up", brain=one.name, shop=turn.shop.id)
        start.restore(turn)
    else:
        await _give_up(turn)
    if turn.summary is not None:
        turn.said.append(Said(turn.summary))


async def _answered(turn: Turn, brain: Brain, heard: Heard, consent: Consent) -> bool:
    """Whether the brain brought the turn to an end that may be sent."""
    results: list[Result] = []
    for _ in range(MAX_STEPS):
        try:
            step = await brain.next(heard)
        except Stuck as stuck:
            log.warning("agent.brain_stuck", brain=brain.name, shop=turn.shop.id, why=stuck.why)
            return False
        if not step.calls:
            if await _said(turn, brain, heard, step, results):
                return True
            if len(heard.faults) == 0 or isinstance(brain, RuleBrain):
                return False
            continue
        heard.results = tuple([await _run(turn, call, consent) for call in step.calls[:MAX_CALLS]])
        results += heard.results
        heard.cart, heard.shop = facts.cart_view(turn), turn.shop  # a granted price is this shopper's from here on
    return False


async def _said(turn: Turn, brain: Brain, heard: Heard, step: Step, results: list[Result]) -> bool:
    """Takes over what may be sent; else notes the faults for the one more try, or forgets them when it was that try."""
    rules = isinstance(brain, RuleBrain)
    said, faults = guard.checked(turn, speak.messages(turn, step.says, rules=rules), results, heard)
    again = bool(heard.faults)
    if faults:
        log.warning("agent.may_not_be_said", brain=brain.name, shop=turn.shop.id, why=sorted(set(faults)))
    if faults and not (said and rules):
        heard.faults = () if again else faults
        return False
    if not said and not rules and (again or not _code_speaks(turn)):
        return False  # a shopper who wrote is answered
    turn.said += [_filled(one, heard) if one.free else one for one in said]
    return True


def _code_speaks(turn: Turn) -> bool:
    """Whether something is said in this turn without the brain: a summary, a card, the words of a write."""
    return bool(turn.said or turn.writes or turn.summary)


def _filled(one: Said, heard: Heard) -> Said:
    """Phones in the place of their placeholders, now that the guard has looked."""
    return replace(one, reply=replace(one.reply, text=heard.veil.fill(one.reply.text)))


async def _run(turn: Turn, call: Call, consent: Consent) -> Result:
    """One call, with what only the shopper's own words may start held back."""
    if turn.handed_over and call.tool not in _FACTS:
        return Result(call, {"status": "handed_over"}, refused="talk.handed_over")
    if call.tool == "place_order" and not call.args and not consent.to_order(turn):
        return replace(await tools.run(turn, Call("show_summary")), call=call)
    if call.tool == "cancel_order" and not consent.to_cancel():
        return Result(call, {"status": "not_asked_for"})
    if call.tool == "ask_discount" and "amount" in call.args:
        asked = Call(call.tool, {**call.args, "amount": consent.named(call.args["amount"])})
        return replace(await tools.run(turn, asked), call=call)
    return await tools.run(turn, call)


def _sound(turn: Turn, consent: Consent) -> bool:
    """Makes each write happen once; False when an order is not, any more, what the shopper said yes to."""
    once: list[Write] = []
    for write in turn.writes:
        if write not in once:
            once.append(write)
    turn.writes = once
    if not any(write.verb in WRITES_THE_CART for write in once):
        return True
    turn.summary = None
    return consent.to_order(turn)


async def _give_up(turn: Turn) -> None:
    """Neither the brain nor the rules have anything that may be said: a person takes over."""
    await hand_over(turn, "other")
    turn.said.append(Said(Reply(say(turn.language, "talk.person_soon"))))


@dataclass(frozen=True)
class _Start:
    """The values of a turn before any brain touched them."""

    shop: Shop
    cart: Cart
    session: Session
    said: tuple[Said, ...]
    writes: tuple[Write, ...]
    notices: tuple[Notice, ...]

    @classmethod
    def of(cls, turn: Turn) -> _Start:
        kept = deepcopy(turn.cart), deepcopy(turn.session), tuple(turn.said), tuple(turn.writes), tuple(turn.notices)
        return cls(turn.shop, *kept)

    def restore(self, turn: Turn) -> None:
        """Makes the turn as it was."""
        turn.shop, turn.cart, turn.session = self.shop, deepcopy(self.cart), deepcopy(self.session)
        turn.said, turn.writes, turn.notices = list(self.said), list(self.writes), list(self.notices)
        turn.summary, turn.handing_over = None, ""
