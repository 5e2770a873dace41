"""One turn: hear, think (`agent.think`), speak. It drives both brains and writes nothing until `apply`.

outcome = await answer(turn, brain)     # outside any transaction: brains think, tools read
await apply(tx, turn, outcome)          # inside the fenced transaction: verbs, cart, contact, outbox
refusal(turn, refused)                  # the Outcome to apply instead when a verb said no
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from agent import hear, history, photos, speak, writes
from agent.brain import Brain, Heard
from agent.session import Session
from agent.think import think
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
    photos.chosen(turn)
    shared = {} if turn.silenced else await hear.posts_of(turn)
    seen = await photos.look(turn, shared)
    if turn.silenced:
        return _outcome(turn)
    for one in turn.incoming:
        if one.start.startswith("o_"):
            turn.writes.append(Write("updates", {"start": one.start}))
            return _outcome(turn)
    heard = hear.heard(turn, seen, shared)
    heard.past, heard.who = partial(history.past, turn), turn.chat.key
    if heard.words:
        await think(turn, brain, heard)
    if notes := _notes(turn, heard):
        last = turn.said.pop() if turn.summary is not None else None  # a summary that waits for its yes stays the last
        turn.said += [Said(Reply("\n".join(notes))), *([last] if last else [])]
    return _outcome(turn)


def _notes(turn: Turn, heard: Heard) -> list[str]:
    """What code has to say whatever a brain said: never send card numbers; please type what nobody could listen to."""
    keys = ["talk.secret"] if heard.hidden else []
    if (sorry := hear.unheard(turn)) and not turn.handed_over:  # whoever has the conversation is given the sound itself
        keys.append(sorry)
    notes = [say(turn.language, key) for key in keys]
    return [note for note in notes if not any(note in one.reply.text for one in turn.said)]


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
        await writes.ask_about_picture(tx, turn)
        await outbox.tell_staff(
            tx, chat.shop_id, writes.handover_notice(turn, outcome.handing_over), idem=_idem(turn, "handover")
        )
    for number, notice in enumerate(outcome.notices):
        await outbox.tell_staff(tx, chat.shop_id, notice, idem=_idem(turn, f"notice{number}"))
    if turn.silenced or (turn.handed_over and not said):
        await _toast(tx, turn)
    if turn.silenced:
        return  # a person is writing here: receipts were taken, the words wait for that person
    for number, one in enumerate(said):
        await outbox.put(tx, chat, one.reply, idem=_idem(turn, str(number)), chatter=one.chatter)


async def _toast(tx: Tx, turn: Turn) -> None:
    """A press while a person has the chat: one short note over the button, once a silence; never words in the chat."""
    pressed = next((one for one in reversed(turn.incoming) if one.press_id and one.kind == "button"), None)
    if pressed is None:
        return
    since = turn.contact.handed_at if turn.handed_over else turn.contact.paused_until
    reply = Reply(press_id=pressed.press_id, toast=say(turn.language, "talk.person_waits"))
    await outbox.put(tx, turn.chat, reply, idem=f"toast:{turn.chat.key}:{since}")


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
