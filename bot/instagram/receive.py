"""One delivery of Meta's webhook -> what was said, in the words every channel shares.

A delivery is a batch: many entries (accounts), each with many events, in two shapes (`messaging` and `changes`).
Nothing is dropped: what is not meant for us is `ignored` with the reason in `note`, what we cannot read is `unknown`
with the event in `raw`, and what belongs to no account of ours is kept under the shop "-".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot import shape
from bot.instagram import content
from kit.message import Chat, Incoming

NO_SHOP = "-"
_CHANNEL = "instagram"
# what asks nothing of us: key of the event -> kind and reason
_QUIET = {
    "read": ("seen", ""),
    "delivery": ("seen", "delivered"),
    "optin": ("ignored", "opt-in"),
    "pass_thread_control": ("ignored", "handover between apps"),
    "take_thread_control": ("ignored", "handover between apps"),
    "request_thread_control": ("ignored", "handover between apps"),
}


@dataclass(frozen=True)
class _Event:
    """One event of a batch and whose it is. `person` is the shopper, also where the shop wrote."""

    shop_id: str
    body: dict[str, Any]
    sender: str
    person: str
    by_shop: bool
    sent_at: float

    def say(self, event_id: str, kind: str = "message", **fields: Any) -> Incoming:
        """This event as an Incoming of the shopper's conversation."""
        chat = Chat(self.shop_id, _CHANNEL, self.person or "-")
        return Incoming(chat, event_id, sender=self.sender, kind=kind, sent_at=self.sent_at, **fields)


def parse(shop_ids_by_account: Mapping[str, str], payload: Any) -> list[Incoming]:
    """Every event in `payload`, in its order. Never raises: what is broken comes out as `unknown`, nothing is lost."""
    try:
        payload = shape.tidy(payload)
    except ValueError as error:
        return [_unknown(NO_SHOP, {"refused": str(error)}, str(error))]
    found: list[Incoming] = []
    for part in (
        payload if isinstance(payload, list) and payload else [payload]
    ):  # the documentation wraps some in a list
        entries = part.get("entry") if isinstance(part, dict) else None
        if not isinstance(entries, list) or not entries:
            found.append(_unknown(NO_SHOP, part, "no entry"))
            continue
        for entry in entries:
            found += _entry(shop_ids_by_account, str(part.get("object")), entry)
    return found


def _entry(shops: Mapping[str, str], what: str, entry: Any) -> list[Incoming]:
    """The events of one account."""
    if not isinstance(entry, dict):
        return [_unknown(NO_SHOP, entry, "an entry that is no object")]
    account = content.text(entry.get("id"))
    shop_id = shops.get(account, NO_SHOP)
    if what != "instagram":
        return [_unknown(shop_id, entry, f"an event of {what}, not of Instagram")]
    if shop_id == NO_SHOP:  # kept for whoever looks, never answered
        return [_unknown(NO_SHOP, entry, f"account {account} belongs to no shop")]
    return list(_events(shop_id, account, entry)) or [_unknown(shop_id, entry, "an entry without events")]


def _events(shop_id: str, account: str, entry: dict[str, Any]) -> Iterator[Incoming]:
    at = entry.get("time")
    for body in content.rows(entry, "messaging"):
        yield _messaging(shop_id, account, body, at)
    for body in content.rows(entry, "standby"):
        yield _standby(shop_id, account, body, at)
    for change in content.rows(entry, "changes"):
        if isinstance(change, dict):
            yield _change(shop_id, account, change.get("field"), change.get("value"), at)
        else:
            yield _unknown(shop_id, change, "a change that is no object")
    if "field" in entry:  # the shape of Instagram Login: no `changes` around it
        yield _change(shop_id, account, entry["field"], entry.get("value"), at)


# ---- direct messages ----


def _event(shop_id: str, account: str, body: Any, at: Any) -> _Event | None:
    """`body` with its two sides; None when it names none."""
    if not isinstance(body, dict):
        return None
    sender, recipient = content.side(body, "sender"), content.side(body, "recipient")
    if not sender:
        return None
    message = body.get("message")
    by_shop = sender == account or (isinstance(message, dict) and bool(message.get("is_echo")))
    sent_at = content.when(body.get("timestamp")) or content.when(at)
    return _Event(shop_id, body, sender, recipient if by_shop else sender, by_shop, sent_at)


def _messaging(shop_id: str, account: str, body: Any, at: Any) -> Incoming:
    """One event of a conversation. The order of the questions is the platform's: an echo may also be deleted."""
    event = _event(shop_id, account, body, at)
    if event is None:
        return _unknown(shop_id, body, "no sender")
    if isinstance(message := event.body.get("message"), dict):
        return _message(event, message)
    if isinstance(postback := event.body.get("postback"), dict):
        return _postback(event, postback)
    if isinstance(reaction := event.body.get("reaction"), dict):
        return _reaction(event, reaction)
    if isinstance(edit := event.body.get("message_edit"), dict):
        return _edit(event, edit)
    if isinstance(referral := event.body.get("referral"), dict):
        return _referral(event, referral)
    for name, (kind, note) in _QUIET.items():
        if isinstance(part := event.body.get(name), dict):
            mark = content.text(part.get("mid") or part.get("watermark")) or shape.fingerprint(event.body)
            return event.say(f"{name}:{mark}:{event.sender}", kind, message_id=content.text(part.get("mid")), note=note)
    return _unknown(shop_id, body, "an event of a new kind", chat_id=event.person)


def _message(event: _Event, message: dict[str, Any]) -> Incoming:
    mid = content.text(message.get("mid")) or shape.fingerprint(event.body)
    if event.by_shop:
        return _echo(event, message, mid)
    if message.get("is_deleted"):
        return event.say(f"deleted:{mid}", "deleted", message_id=mid)
    words = content.text(message.get("text"))
    if message.get("is_unsupported"):
        return event.say(mid, text=words, message_id=mid, note="unsupported")
    fast = message.get("quick_reply")
    if isinstance(fast, dict) and content.text(fast.get("payload")):
        return event.say(mid, "button", text=words, button=content.text(fast["payload"]), message_id=mid)
    found = content.read(message)
    if not found and "text" not in message:
        return _unknown(event.shop_id, event.body, "a message of a new kind", mid, event.person)
    return event.say(mid, message_id=mid, **found.fields())


def _echo(event: _Event, message: dict[str, Any], mid: str) -> Incoming:
    """Something the shop's account wrote: ours come back as well, whoever accepts it knows which are not ours."""
    words = content.text(message.get("text"))
    if message.get("is_self"):
        return event.say(f"echo:{mid}", "ignored", message_id=mid, text=words, note="the account writing to itself")
    if message.get("is_deleted"):
        return event.say(f"deleted:{mid}", "ignored", message_id=mid, note="the shop took its own message back")
    return event.say(f"echo:{mid}", "echo", message_id=mid, text=words, media=content.read(message).media)


def _postback(event: _Event, postback: dict[str, Any]) -> Incoming:
    """A pressed button of a template, an ice breaker or the menu."""
    mid = content.text(postback.get("mid")) or shape.fingerprint(event.body)
    token = content.text(postback.get("payload"))
    return event.say(
        mid,
        "button" if token else "message",
        text=content.text(postback.get("title")),
        button=token,
        message_id=mid,
        start=content.referral(postback.get("referral"))["start"],
    )


def _reaction(event: _Event, reaction: dict[str, Any]) -> Incoming:
    """A reaction is no message: it is kept, never answered."""
    mid, action = content.text(reaction.get("mid")), content.text(reaction.get("action"))
    sign = content.text(reaction.get("emoji")) or content.text(reaction.get("reaction"))
    event_id = f"reaction:{mid}:{event.sender}:{action}:{event.sent_at:.3f}"
    note = "reaction taken back" if action == "unreact" else f"reaction {sign}".strip()
    return event.say(event_id, "ignored", message_id=mid, note=note)


def _edit(event: _Event, edit: dict[str, Any]) -> Incoming:
    mid, words = content.text(edit.get("mid")), content.text(edit.get("text"))
    count = content.text(edit.get("num_edit")) or shape.fingerprint(words)
    return event.say(f"edit:{mid}:{count}", "edited", message_id=mid, text=words)


def _referral(event: _Event, referral: dict[str, Any]) -> Incoming:
    """The chat was opened by a link (`ig.me/m/<shop>?ref=p_42`) or an ad: the same thing as Telegram's /start p_42."""
    event_id = f"referral:{shape.fingerprint(event.body)}"
    fields = content.referral(referral)
    if not fields["start"]:
        return event.say(event_id, "seen", note=fields["note"] or "chat opened")
    return event.say(event_id, "command", text="/start", start=fields["start"], note=fields["note"])


def _standby(shop_id: str, account: str, body: Any, at: Any) -> Incoming:
    """Another app of the shop answers this conversation now."""
    event = _event(shop_id, account, body, at)
    if event is None:
        return _unknown(shop_id, body, "no sender")
    message = event.body.get("message")
    words = content.text(message.get("text")) if isinstance(message, dict) else ""
    event_id = f"standby:{shape.fingerprint(event.body)}"
    return event.say(event_id, "ignored", text=words, note="standby: another app answers")


# ---- comments and other changes ----


def _change(shop_id: str, account: str, field: Any, value: Any, at: Any) -> Incoming:
    """A subscribed field: comments, mentions, or a direct message in the other shape."""
    if not isinstance(value, dict):
        return _unknown(shop_id, {"field": field, "value": value}, "a change without a value")
    if field in ("comments", "live_comments"):
        return _comment(shop_id, account, str(field), value, at)
    if field == "mentions":
        chat = Chat(shop_id, _CHANNEL, "-")
        event_id = f"mention:{content.text(value.get('comment_id') or value.get('media_id'))}"
        return Incoming(chat, event_id, kind="ignored", note="mentioned elsewhere", sent_at=content.when(at))
    if field == "standby":
        return _standby(shop_id, account, value, at)
    if "sender" in value:
        return _messaging(shop_id, account, value, at)
    return _unknown(shop_id, {"field": field, "value": value}, f"a change of {field}")


def _comment(shop_id: str, account: str, field: str, value: dict[str, Any], at: Any) -> Incoming:
    """A comment under a post; the conversation is its author's, the same one their direct messages have."""
    comment = content.text(value.get("id")) or content.text(value.get("comment_id"))
    if not comment:
        return _unknown(shop_id, {"field": field, "value": value}, "a comment without an id")
    author = value.get("from") if isinstance(value.get("from"), dict) else {}
    media = value.get("media") if isinstance(value.get("media"), dict) else {}
    assert isinstance(author, dict) and isinstance(media, dict)
    sender = content.text(author.get("id"))
    own = sender == account or "self_ig_scoped_id" in author
    ad = content.text(media.get("ad_id"))
    return Incoming(
        Chat(shop_id, _CHANNEL, sender or f"comment:{comment}"),
        f"comment:{comment}",
        sender=sender,
        kind="ignored" if own else "comment",
        text=content.text(value.get("text")),
        # an ad's copy of a post has its own id; products hang on the original
        post=content.text(media.get("original_media_id")) or content.text(media.get("id")),
        message_id=comment,
        thread=content.text(value.get("parent_id")),
        username=content.text(author.get("username")),
        sent_at=content.when(value.get("created_time") or value.get("timestamp")) or content.when(at),
        note="our own comment" if own else "live" if field == "live_comments" else f"ad {ad}" if ad else "",
    )


def _unknown(shop_id: str, raw: Any, why: str, event_id: str = "", chat_id: str = "") -> Incoming:
    """What we could not read."""
    event_id = event_id or f"unknown:{shape.fingerprint(raw)}"
    return Incoming(Chat(shop_id, _CHANNEL, chat_id or "-"), event_id, kind="unknown", note=why, raw=shape.keep(raw))
