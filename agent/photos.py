"""Pictures of a burst: a payment goes the receipt road, anything else is looked up among the shop's products.

A receipt is read also while a person has the conversation: silence must never swallow money. No brain sees a picture.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import Counter
from collections.abc import Container
from typing import TYPE_CHECKING, Any

from agent.turn import Picture, Turn, Write
from kit.errors import Refused, Unavailable
from orders import card
from orders.order import of_chat
from vision.receipt import Reading

if TYPE_CHECKING:
    from vision.index import Index
    from vision.match import Candidate, Match

_MONEY = ("awaiting_payment", "claimed", "payment_problem", "expired", "cancelled")
_MOST = 10  # pictures of one burst that are looked at, as many as an album has; each takes about 0.2 s
_CANDIDATES = 5
_SURELY_NOT = 0.2  # vision.receipt.looks_like_receipt: below it the picture is surely no payment
_PATIENCE_S = 20.0  # a demo shop is described in about five; a person waits no longer
_LOOK_AGAIN_S = 1.0
_TWIN = 0.2  # of confidence: products that share a photo are as sure as each other
_SAME_KIND = 3  # of five nearest photos: then their kind of goods is worth a hint
_ASKED_S = 3600.0  # a picture of yesterday is not what somebody wants a person for
PICK = "b:pick:"  # the button of one of several products; its sku follows
_UNASKED = 0.5  # without an order of theirs a picture must look like a payment to be read as one


async def look(turn: Turn, known: Container[str] = ()) -> dict[str, list[dict[str, Any]]]:
    """What each message's pictures show, by event id; receipts become queued writes.

    `known`: events that name their product by themselves; their pictures are looked at as receipts alone.
    """
    seen: dict[str, list[dict[str, Any]]] = {}
    if not turn.pictures:
        return seen
    owing = bool(await of_chat(turn.db, turn.chat, _MONEY, most=1))
    for picture in turn.pictures[:_MOST]:
        told = await _one(turn, picture, owing=owing, known=picture.event_id in known)
        seen.setdefault(picture.event_id, []).append(told)
    return seen


async def _one(turn: Turn, picture: Picture, *, owing: bool, known: bool) -> dict[str, Any]:
    if picture.failed:
        return {"verdict": "refused", "key": "talk.picture_failed"}
    try:
        reading = await _reading(turn, picture, owing=owing)
        if reading is not None and reading.is_receipt:
            await _queue(turn, picture, reading)
            return {"verdict": "receipt"}
        if turn.silenced or turn.handed_over or known:
            return {"verdict": "unseen"}
        return await _match(turn, picture)
    except Refused as refused:
        return {"verdict": "refused", "key": refused.key, "facts": dict(refused.facts)}
    except Unavailable:
        return {"verdict": "refused", "key": "talk.picture_failed"}


async def _reading(turn: Turn, picture: Picture, *, owing: bool) -> Reading | None:
    """What the picture says as a receipt; None when it does not look like one and nobody owes money here."""
    if turn.read is not None:
        return await turn.read(picture.data)
    from vision import image, receipt, work  # the reader starts a child process: only when a picture came

    document = image.is_pdf(picture.data)
    if not document:
        opened = await work.run(image.open_safe, picture.data)
        likely = await work.run(receipt.looks_like_receipt, opened)
        if likely < (_SURELY_NOT if owing else _UNASKED):
            return None
    owed = turn.order.owed if turn.order else None
    tails = await card.own_last4(turn.db, turn.shop.id, turn.shop.profile)  # also of a card changed last month
    try:
        return await receipt.read(picture.data, expect_amount=owed, expect_last4=tails)
    except Unavailable:  # a person must look: kept and carded as unreadable, never lost
        return Reading(is_receipt=True) if owing else None


async def _queue(turn: Turn, picture: Picture, reading: Reading) -> None:
    """Keeps the receipt and queues it. A picture is kept re-encoded: cameras write places and times into files.

    Staff are shown a copy with frames around what was read. The hash is of what came, so that the very same file is
    known again.
    """
    args: dict[str, Any] = {"sha": await asyncio.to_thread(_sha, picture.data), "reading": reading.dump()}
    if turn.read is not None:  # a stand-in's bytes are no picture
        args["picture"] = await turn.media.keep(picture.data, "jpg")
    else:
        from vision import image, receipt, work

        if image.is_pdf(picture.data):
            args["picture"] = await turn.media.keep(picture.data, "pdf")
        else:
            opened = await work.run(image.open_safe, picture.data)
            args["picture"] = await turn.media.keep(await work.run(image.strip, opened), "jpg")
            args["look"] = await work.run(receipt.look, opened)
            framed = await work.run(receipt.marked, opened, reading)
            args["shown"] = await turn.media.keep(framed, "jpg") if framed else ""
    turn.writes.append(Write("receipt", args))


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def _match(turn: Turn, picture: Picture) -> dict[str, Any]:
    """Which products it shows: exact, similar or none."""
    if turn.match is not None:
        found = await turn.match(turn.shop.id, picture.data)
    else:
        from vision import feedback, image, match, work  # numpy and OpenCV: only when a picture came
        from vision.index import BUILTIN

        if turn.index is None:
            return {"verdict": "none", "skus": []}
        opened = await work.run(image.open_safe, picture.data)
        learned = await feedback.learned(turn.db, turn.shop.id, BUILTIN)
        found = await match.find(turn.index, turn.shop.id, opened, learned, turn.eye)
        if found.verdict != "exact" and await _preparing(turn, turn.index, BUILTIN):
            if not await _prepared(turn, turn.index, BUILTIN):
                return {"verdict": "refused", "key": "talk.photos_preparing"}
            found = await match.find(turn.index, turn.shop.id, opened, learned, turn.eye)
        turn.session.looked = {}
        if shown := [[one.sku, one.odds] for one in _doubted(found)[:_CANDIDATES]]:
            file = await turn.media.keep(await work.run(image.strip, opened), "jpg")
            turn.session.looked = {
                "picture": opened.sha256,
                "model": BUILTIN,
                "shown": shown,
                "verdict": found.verdict,
                "file": file,
                "at": turn.now.timestamp(),
            }
    return _seen(turn, found)


def _seen(turn: Turn, found: Match) -> dict[str, Any]:
    """What a brain hears of a match.

    `several`: all of `skus` are there. `category`: the kind of goods that comes nearest; `near`: what looks like it.
    """
    seen: dict[str, Any] = {"verdict": found.verdict, "skus": [one.sku for one in found.candidates[:_CANDIDATES]]}
    if found.several:
        sure = max(one.confidence for one in found.candidates) - _TWIN
        seen |= {"several": True, "skus": [one.sku for one in found.candidates if one.confidence >= sure]}
    if found.verdict == "none":
        seen["skus"] = []
        kinds = {sku: turn.shop.products[sku].category for sku in found.nearest if sku in turn.shop.products}
        for kind, times in Counter(filter(None, kinds.values())).most_common(1):
            if times >= _SAME_KIND:
                seen |= {"category": kind, "near": [sku for sku, one in kinds.items() if one == kind]}
    return seen


def _doubted(found: Match) -> tuple[Candidate, ...]:
    return {"exact": (), "similar": found.candidates, "none": found.weighed}[found.verdict]


def asked_about(turn: Turn) -> dict[str, Any]:
    """The picture that a person is to look at when this conversation is given to them now; {} when there is none."""
    looked = turn.session.looked
    return looked if looked.get("file") and turn.now.timestamp() - looked["at"] < _ASKED_S else {}


def chosen(turn: Turn) -> None:
    """Queues what a press on one of the similar products teaches about the picture they were offered for."""
    looked = turn.session.looked if turn.session.looked.get("verdict") != "none" else {}
    picked = next((one.button.removeprefix(PICK) for one in turn.incoming if one.button.startswith(PICK)), "")
    if picked and picked in [sku for sku, _ in looked.get("shown", ())]:
        known = {name: looked[name] for name in ("picture", "model", "shown")}
        turn.writes.append(Write("photo_choice", known | {"chosen": picked}))
        turn.session.looked = {}


async def _prepared(turn: Turn, index: Index, model: str) -> bool:
    """Waits while the shop's own photos are still being described, as right after an import; False: it takes longer.

    The shopper sees "typing" meanwhile. A second look that outlives the turn would hold up the next messages, so after
    that the shopper is asked to send the picture again.
    """
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        await asyncio.sleep(_LOOK_AGAIN_S)
        if not await _preparing(turn, index, model):
            return True
    return False


async def _preparing(turn: Turn, index: Index, model: str) -> bool:
    """Whether photos on sale are not described yet; one whose file is gone never will be."""
    waiting = await index.waiting(turn.shop.id, model)
    return await asyncio.to_thread(lambda: any(turn.media.path(photo).exists() for _, photo in waiting))
