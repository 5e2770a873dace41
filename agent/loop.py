"""One turn: hear, think in bounded steps, speak. It drives both brains and writes nothing until `apply`.

outcome = await answer(turn, brain)     # outside any transaction: brains think, tools read
await apply(tx, turn, outcome)          # inside the fenced transaction: verbs, cart, contact, outbox
refusal(turn, refused)                  # the Outcome to apply instead when a verb said no
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from agent import guard, hear, photos, speak, tools, writes
from agent.brain import Brain, Call, Heard, Result
from agent.session import Session
from agent.tools import facts
from agent.tools.order import hand_over
from agent.turn import Said, Turn, Write
from kit import outbox
from kit.errors import Refused
from kit.message import Notice, Reply
from kit.words import say
from orders import cart as carts
from orders.order import of_chat
from shop import contacts

if TYPE_CHECKING:
    from kit.db import Tx
    from orders.cart import Cart

MAX_STEPS = 8  # the longest turn of the rule brain on the scripted conversations takes 6; a ping-pong ends here
# handed over: only what the shop allows to be answered beside a person
_FACTS = frozenset(
    {"find_product", "product_card", "list_products", "delivery_price", "shop_facts", "faq", "size_advice"}
)


@dataclass(frozen=True)
class Outcome:
    """What a turn wants to be true. `awaiting` goes to the lane: what the next message is expected to answer.

    `irrevocable`: thinking again over a larger burst would read a receipt twice; keep it.
    """

    cart: Cart
    session: Session
    said: tuple[Said, ...] = ()
    writes: tuple[Write, ...] = ()
    notices: tuple[Notice, ...] = ()
    awaiting: str = ""
    language: str = ""
    introduced: bool = False
    handing_over: str = ""
    irrevocable: bool = False


async def answer(turn: Turn, brain: Brain) -> Outcome:
    """What the shopper hears and what is to be written."""
    turn.cart = deepcopy(turn.cart)
    turn.session = deepcopy(turn.session)
    turn.language = hear.language_of(turn)
    turn.order = next(iter(await of_chat(turn.db, turn.chat, most=1)), None)
    seen = await photos.look(turn)
    if turn.silenced:
        return _outcome(turn)
    for one in turn.incoming:
        if one.start.startswith("o_"):
            turn.writes.append(Write("updates", {"start": one.start}))
            return _outcome(turn)
    heard = hear.heard(turn, seen, await hear.posts_of(turn))
    if heard.words:
        await _think(turn, brain, heard)
    return _outcome(turn)


async def _think(turn: Turn, brain: Brain, heard: Heard) -> None:
    """The bounded loop: tools run as the brain asks, until it speaks."""
    results: list[object] = []
    for _ in range(MAX_STEPS):
        step = await brain.next(heard)
        if not step.calls:
            said = speak.messages(turn, step.says)
            if not guard.check(turn, said, results, heard) and not said:
                await _give_up(turn)
            turn.said += said
            break
        heard.results = tuple([await _run(turn, call) for call in step.calls])
        results += [result.data for result in heard.results]
        heard.cart = facts.cart_view(turn)
    else:
        await _give_up(turn)
    if turn.summary is not None:
        turn.said.append(Said(turn.summary))


async def _give_up(turn: Turn) -> None:
    """The brain goes in circles or makes numbers up: a person takes over."""
    await hand_over(turn, "other")
    turn.said.append(Said(Reply(say(turn.language, "talk.person_soon"))))


async def _run(turn: Turn, call: Call) -> Result:
    if turn.handed_over and call.tool not in _FACTS:
        return Result(call, {"status": "handed_over"}, refused="talk.handed_over")
    return await tools.run(turn, call)


def _outcome(turn: Turn) -> Outcome:
    """The turn's working state as a value."""
    said = speak.introduced(turn) if turn.said else []
    return Outcome(
        cart=turn.cart,
        session=turn.session,
        said=tuple(said),
        writes=tuple(turn.writes),
        notices=tuple(turn.notices),
        awaiting=turn.session.asked[0] if turn.session.asked else "",
        language=turn.language,
        introduced=turn.introduced,
        handing_over=turn.handing_over,
        irrevocable=any(write.verb == "receipt" for write in turn.writes),
    )


async def apply(tx: Tx, turn: Turn, outcome: Outcome) -> None:
    """Write all of `outcome` in `tx`. Raises Refused when a rule says no: nothing of the turn may stay then."""
    chat = turn.chat
    if outcome.language and outcome.language != turn.contact.language:
        await contacts.set_language(tx, chat, outcome.language)
    if outcome.introduced:
        await contacts.privacy_linked(tx, chat, say("en", "web.privacy_version"))
    said = list(outcome.said)
    dropped = False
    for write in outcome.writes:
        done = await writes.run(tx, turn, outcome.cart, write)
        said += [Said(reply) for reply in done]
        dropped = dropped or write.verb in writes.DROP_THE_CART
    if not dropped:
        await carts.save(tx, chat, outcome.cart)
    if outcome.handing_over and await contacts.hand_over(tx, chat, outcome.handing_over):
        await outbox.tell_staff(
            tx, chat.shop_id, writes.handover_notice(turn, outcome.handing_over), idem=_idem(turn, "handover")
        )
    for number, notice in enumerate(outcome.notices):
        await outbox.tell_staff(tx, chat.shop_id, notice, idem=_idem(turn, f"notice{number}"))
    if turn.silenced:
        return  # a person is writing here: receipts were taken, the words wait for that person
    for number, one in enumerate(said):
        await outbox.put(tx, chat, one.reply, idem=_idem(turn, str(number)), chatter=one.chatter)


def _idem(turn: Turn, part: str) -> str:
    """The same turn, worked twice, says everything once."""
    return f"turn:{turn.chat.key}:{turn.last.event_id}:{part}"


def refusal(turn: Turn, refused: Refused) -> Outcome:
    """The Outcome instead of one that `apply` refused: says why; what still holds of the cart is shown anew."""
    cart, session = deepcopy(turn.cart), deepcopy(turn.session)
    said = [Said(Reply(writes.why(refused, turn)))]
    cart.shown = ""
    again = writes.mend(cart, turn.shop, refused)
    session.asked = []
    if again and not carts.missing(cart, turn.shop):
        cart.shown = cart.summary_key(turn.shop)
        said.append(Said(carts.summary(cart, turn.shop, turn.language)))
        session.asked = ["confirm"]
    kept = tuple(write for write in turn.writes if write.verb == "receipt")
    return replace(
        _outcome(turn), cart=cart, session=session, said=tuple(said), writes=kept, awaiting="".join(session.asked)
    )
