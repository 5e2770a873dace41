"""The invariants about what was said and to whom: I9 to I12. See `tests.world.checker`."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import asyncpg

from tests.world.checker import Evidence, Violations
from tests.world.platforms import Said
from tests.world.shops import WorldShop

_ROWS = """
SELECT shop_id, id, key, idem, payload, status, attempts, unsure, provider_id, last_error, later
FROM outbox WHERE shop_id IS NOT NULL AND key <> 'staff:' ORDER BY shop_id, key, id
"""
_CARD = re.compile(r"\{CARD:\d+\}")


async def said_once(evidence: Evidence) -> Violations:
    """I9: each row was said at least once; again only once for each answer of the platform that was lost.

    Two witnesses are needed: the world, that an answer could get lost there (by the plan, or by a stroke between the
    two sayings), and the row, that its sender never had the answer. No bound in seconds: a starved process reads late.
    """
    card = {shop.id: shop.card for shop in evidence.shops}
    said: dict[tuple[str, str], list[Said]] = defaultdict(list)
    for one in evidence.ledger.said:
        said[one.account, one.chat].append(one)
    rows: dict[tuple[str, str], list[Any]] = defaultdict(list)
    wrong = []
    for row in await evidence.pool.fetch(_ROWS):
        rows[row["shop_id"], row["key"]].append(row)
        wrong += _fate(row, said[row["shop_id"], row["key"]])
    twice = 0
    for key, there in said.items():
        sent = Counter(
            _words(row["payload"], key[1], card[key[0]])
            for row in rows[key]
            if row["status"] == 1 and not row["payload"].get("edit")
        )
        doubts: Counter[str] = Counter()
        for row in rows[key]:
            given_up = row["status"] == 9 and str(row["last_error"]).startswith("unsure")
            doubts[_words(row["payload"], key[1], card[key[0]])] += row["unsure"] + given_up
        planned = Counter(one.text for one in there if one.lost)
        for text, times in Counter(one.text for one in there if not one.album).items():
            more = times - sent[text]
            if text and more > 0:
                twice += more
                evidence.seen["I9 said twice after a stroke"] += max(0, more - planned[text])
                lost = planned[text] + _struck(evidence, [one.at for one in there if one.text == text])
                if more > min(lost, doubts[text]):
                    told = f"said {times} times for {sent[text]} rows"
                    wrong.append(
                        f"{key}: {text[:60]!r} {told}; {lost} answers may be lost, {doubts[text]} are known to"
                    )
    evidence.seen["I9 said"] = len(evidence.ledger.said)
    evidence.seen["I9 said twice"] = twice
    evidence.seen["I9 answers lost by the plan"] = sum(one.lost for one in evidence.ledger.said)
    evidence.seen["I9 said amid a stroke"] = sum(evidence.lost(one) for one in evidence.ledger.said if not one.lost)
    return wrong


def _struck(evidence: Evidence, said_at: list[float]) -> int:
    """After how many of these sayings a stroke fell that can have cost its answer, before the next one."""
    ends = [*sorted(said_at)[1:], float("inf")]
    pairs = zip(sorted(said_at), ends, strict=True)
    return sum(any(begin <= until and at <= end for begin, end, _ in evidence.report.windows) for at, until in pairs)


def _fate(row: asyncpg.Record, there: list[Said]) -> Iterator[str]:
    """What is wrong with the end of one row."""
    name = f"outbox {row['id']} for {row['shop_id']} {row['key']}"
    if row["status"] in (0, 2) and not row["later"]:
        yield f"{name} was never said: status {row['status']}, {row['last_error']}"
    if row["status"] == 9 and not row["last_error"]:
        yield f"{name} is dead without a reason"
    payload = row["payload"]
    toast_alone = payload.get("toast") and not payload.get("text")
    edited = payload.get("edit") and payload["edit"] == row["provider_id"]
    shown = row["status"] == 1 and not toast_alone and not edited and not row["key"].startswith("web:")
    if shown and not any(one.id == row["provider_id"] for one in there):
        yield f"{name} counts as said, the platform knows nothing of {row['provider_id']!r}"


def _words(payload: dict[str, Any], key: str, card: str) -> str:
    """A row as the platform shows it: Instagram has no buttons that open or copy, they are lines under the text."""
    buttons = [button for row in payload.get("buttons", ()) for button in row]
    text = payload.get("text", "")
    if any(_CARD.fullmatch(button["copy"]) for button in buttons):  # only the message about the card has the number
        text = _CARD.sub(_grouped(card), text)
    if not key.startswith("instagram:"):
        return text
    links = [f"{button['label']}: {button['url']}" for button in buttons if button["url"] and button["url"] not in text]
    copies = [_CARD.sub(card, button["copy"]) for button in buttons]
    return "\n".join([text, *links, *(copy for copy in copies if copy and copy not in text)])


def _grouped(card: str) -> str:
    return " ".join(card[place : place + 4] for place in range(0, 16, 4))


async def in_order(evidence: Evidence) -> Violations:
    """I10: in a conversation, answers leave in the order of what they answer, and that is the platform's own order."""
    place: dict[tuple[str, str, str], int] = {}
    wrong: Violations = []
    newest: dict[tuple[str, str], int] = {}
    for row in await evidence.pool.fetch(
        "SELECT shop_id, channel, event_id, key, seq FROM inbox WHERE shop_id IS NOT NULL AND seq > 0 ORDER BY seq"
    ):
        place[row["shop_id"], row["key"], row["event_id"]] = row["seq"]
        event = evidence.ledger.events.get((row["shop_id"], row["channel"], row["event_id"]))
        if event is None or not event.ordered:
            continue
        chat = (row["shop_id"], row["key"])
        if event.place < newest.get(chat, -1):
            wrong.append(f"{chat}: event {row['event_id']} was stored after one that was said later")
        newest[chat] = event.place
    answered: dict[tuple[str, str], int] = {}
    number: dict[tuple[str, str, str], int] = {}
    for row in await evidence.pool.fetch(_ROWS):
        chat = (row["shop_id"], row["key"])
        event_id = _answers(row["idem"], row["key"])
        seq = place.get((*chat, event_id), 0) if event_id else 0
        evidence.seen["I10 answers"] += bool(seq)
        if seq and seq < answered.get(chat, 0):
            wrong.append(f"{chat}: outbox {row['id']} answers message {seq} after one to {answered[chat]}")
        answered[chat] = max(seq, answered.get(chat, 0))
        sent, line = _number(row["provider_id"]), (*chat, _line(row["idem"], row["key"]))
        if row["status"] != 1 or row["later"] or not sent or row["payload"].get("edit"):
            continue
        if sent < number.get(line, 0):
            wrong.append(f"{chat}: outbox {row['id']} was said (as {sent}) before an earlier row ({number[line]})")
        number[line] = sent
    return wrong


def _line(idem: str, key: str) -> str:
    """Rows of one line keep their order: a conversation's turns, and what is told of one order.

    Between a turn and a press of staff at the same moment there is no earlier and later.
    """
    return "turn" if _answers(idem, key) else ":".join(idem.split(":")[:2])


def _answers(idem: str, key: str) -> str:
    """The event that a row of a turn answers."""
    head = f"turn:{key}:"
    return idem.removeprefix(head).rpartition(":")[0] if idem.startswith(head) else ""


def _number(provider_id: str | None) -> int:
    digits = re.sub(r"\D", "", provider_id or "")
    return int(digits) if digits else 0


async def nothing_leaked(evidence: Evidence) -> Violations:
    """I11: no card number, token or secret stands in a table, a log, a file of Redis, or in what people were told."""
    canaries: dict[str, str] = dict.fromkeys(evidence.tally.cards, "a card that somebody typed")
    for shop in evidence.shops:
        canaries |= dict.fromkeys(shop.canaries(), f"a secret of {shop.id}")
    canaries |= {_grouped(one): what for one, what in canaries.items() if one.isdigit()}
    wanted = re.compile("|".join(re.escape(one) for one in canaries))
    wrong, looked = [], 0
    for table in await evidence.pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        name = table["tablename"]
        for row in await evidence.pool.fetch(f"SELECT t::text AS line FROM {name} AS t"):
            looked += 1
            if found := wanted.search(row["line"] or ""):
                wrong.append(f"table {name} holds {canaries[found[0]]}")
    for path in evidence.files:
        text = path.read_bytes().decode("utf-8", "replace")
        looked += len(text)
        wrong += [f"{path.name} holds {canaries[found]}" for found in set(wanted.findall(text))]
    cards = re.compile("|".join(re.escape(one) for one in [*evidence.tally.cards, "no card at all"]))
    wrong += [f"{one.chat} was told {one.text[:40]!r}" for one in evidence.ledger.said if cards.search(one.text)]
    evidence.seen["I11 rows and bytes"] = looked
    return sorted(set(wrong))


async def shops_apart(evidence: Evidence) -> Violations:
    """I12: nothing of a shop reaches another's people, and nobody acts in a shop that is not theirs."""
    wrong = []
    for shop in evidence.shops:
        others = re.compile("|".join(_foreign(shop, evidence)), re.IGNORECASE)
        for one in evidence.ledger.said:
            if one.account == shop.id and (found := others.search(one.text)):
                wrong.append(f"{shop.id} told {one.chat} of {found[0]!r}, which is another shop's")
    goods = {(shop.id, one.sku) for shop in evidence.shops for one in shop.goods}
    for row in await evidence.pool.fetch("SELECT shop_id, number, sku FROM order_items WHERE shop_id IS NOT NULL"):
        evidence.seen["I12 lines"] += 1
        if (row["shop_id"], row["sku"]) not in goods:
            wrong.append(f"order {row['shop_id']} {row['number']} holds {row['sku']}, another shop's")
    for shop_id, who in set(evidence.tally.strangers):
        verbs = await evidence.pool.fetch(
            """SELECT verb, about FROM audit WHERE shop_id = $1 AND actor = 'staff:' || $2
               OR shop_id = $1 AND actor = 'shopper:' || $2 AND verb = ANY($3::text[])""",
            shop_id,
            who,
            ["order.paid", "order.shipped", "order.packed", "receipt.seen"],
        )
        evidence.seen["I12 strangers"] += 1
        wrong += [f"{who} did {row['verb']} to {row['about']} in {shop_id}" for row in verbs]
    return wrong


def _foreign(shop: WorldShop, evidence: Evidence) -> list[str]:
    return [rf"\b{other.word}\b" for other in evidence.shops if other.id != shop.id] or ["no other shop"]


SAID: dict[str, Callable[[Evidence], Awaitable[Violations]]] = {
    "I9 said once": said_once,
    "I10 in order": in_order,
    "I11 no canary": nothing_leaked,
    "I12 shops apart": shops_apart,
}
