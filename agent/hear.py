"""From the burst as stored to what a brain may hear: clean words, what code saw in pictures, what is known."""

from __future__ import annotations

from agent.brain import Heard, Words
from agent.language import detect
from agent.privacy import Clean, clean_all, clean_burst
from agent.tools.facts import cart_view
from agent.turn import Turn
from kit.message import Incoming
from orders.order.moves import CHANGEABLE
from shop import captions, links, posts

_SPOKEN = {"uz": ("uz", "ru"), "uz_Cyrl": ("uz_Cyrl", "uz", "ru"), "ru": ("ru", "uz"), "en": ("en", "ru", "uz")}
# how listening went -> what the shopper is asked instead
_UNHEARD = {"": "talk.voice", "too_long": "talk.voice_long", "enough": "talk.voice_enough"}
_PLATFORM = {"uz": "uz", "ru": "ru", "en": "en"}  # language codes a messenger may state


def language_of(turn: Turn, beside: str = "") -> str:
    """The language to answer in: the one chosen by button, else the last clear one, of those the shop speaks.

    `beside`: what a first message without a word ("+") stands beside.
    """
    for one in reversed(turn.incoming):
        if one.button.startswith("b:lang:"):
            return _spoken(turn, one.button.removeprefix("b:lang:"))
    own = [one for one in turn.incoming if one.kind not in ("command", "button") and not _forwarded(one)]
    written = [one.text for one in own if one.text]
    beside = beside or next((one.text for one in turn.incoming if _forwarded(one)), "")
    text = "\n".join(written)  # the label of a button, in a web chat, is a word of the shop
    last = turn.contact.language
    if not last and not any(letter.isalpha() for letter in text):
        last = detect(beside) if any(letter.isalpha() for letter in beside) else ""
        last = last or _PLATFORM.get(turn.last.language[:2], "")
    return _spoken(turn, detect(text, last))


def _spoken(turn: Turn, language: str) -> str:
    languages = turn.shop.profile.shop.languages
    for one in _SPOKEN.get(language, ("uz",)):
        if not languages or one in languages:
            return one
    return languages[0]


def unheard(turn: Turn) -> str:
    """The sentence that asks to type what nobody could listen to, "" when there is no such voice message."""
    missed = [one for one in turn.incoming if _missed(one)]
    return _UNHEARD.get(missed[-1].voice, "talk.voice_failed") if missed else ""


def _missed(one: Incoming) -> bool:
    """A voice message whose words are unknown; the caption of one that nobody listened to is worth an answer."""
    spoken = any(media.kind == "voice" for media in one.media)
    return spoken and one.voice != "heard" and not (one.text and not one.voice)


async def posts_of(turn: Turn) -> dict[str, tuple[str, ...]]:
    """Products that each message names by itself: a deep link, a shared post, a pasted link to one; by event id."""
    found: dict[str, tuple[str, ...]] = {}
    for one in turn.incoming:
        skus = await _shared(turn, one)
        known = tuple(sku for sku in skus if sku in turn.shop.products)
        if known:
            found[one.event_id] = known
    return found


async def _shared(turn: Turn, one: Incoming) -> tuple[str, ...]:
    if sku := links.sku_of(one.start, turn.shop.products):
        return (sku,)
    post = await _post(turn, one)
    if post is not None and (shown := post.skus or captions.named_in(turn.shop, post.caption)):
        return shown
    said = [one.text] if _forwarded(one) else [media.name for media in one.media if one.post and media.name]
    return captions.named_in(turn.shop, said[0]) if said else ()


async def _post(turn: Turn, one: Incoming) -> posts.Post | None:
    if turn.post_of is not None:
        return await turn.post_of(one)
    text = f"{one.post_url} {one.text}"
    return await posts.stored(turn.db, turn.shop.id, one.chat.channel, one.post, text)


def _forwarded(one: Incoming) -> bool:
    """Whether its words are those of a post that was passed on: a seller's phone in it is not the shopper's."""
    return bool(one.post) and one.note == "forwarded"


def heard(turn: Turn, seen: dict[str, list[dict[str, object]]], shared: dict[str, tuple[str, ...]]) -> Heard:
    """Everything of this turn that a brain may know.

    `seen`: what `agent.photos` made of each message's pictures; `shared`: what `posts_of` found, both by event id.
    """
    texts, secret = clean_burst(["" if _forwarded(one) else one.text for one in turn.incoming])
    words = tuple(
        word
        for one, text in zip(turn.incoming, texts, strict=True)
        if one.kind in ("message", "button", "command", "edited") and (text or not _missed(one))
        for word in _words(one, text, seen.get(one.event_id, []), shared.get(one.event_id, ()))
    )
    order = turn.order
    return Heard(
        shop=turn.shop,
        language=turn.language,
        words=words,
        session=turn.session,
        cart=cart_view(turn),
        first=not turn.contact.privacy_version,
        hidden=secret or any(one.hidden for one in turn.incoming),
        handed_over=turn.handed_over,
        open_order={
            "number": order.number,
            "status": order.status,
            "owes": bool(order.owed),
            "changeable": order.status in CHANGEABLE,
            "skus": [item.sku for item in order.items],
            "counts": [item.qty for item in order.items],
        }
        if order
        else {},
    )


def _words(one: Incoming, text: Clean, seen: list[dict[str, object]], skus: tuple[str, ...]) -> list[Words]:
    """One message as heard; a picture that was a receipt is no concern of a brain, its words are."""
    if one.kind == "command" and skus:  # "/start p_42": the product is what was said
        return [Words(text=clean_all([""])[0], kind="post", skus=skus)]
    if skus and not any(picture["verdict"] == "receipt" for picture in seen):
        seen = []  # a post of ours says itself what its picture shows
    elif not skus and not one.media and not one.start and (posts.links(f"{one.post_url} {text}") or _forwarded(one)):
        seen = [{"verdict": "link"}]  # to a post that nobody of us has seen
    parts = [Words(text=text, kind=_kind(one, text), seen=picture, skus=skus) for picture in seen]
    if parts:
        return [parts[0], *(Words(text=clean_all([""])[0], kind="photo", seen=other.seen) for other in parts[1:])]
    contact = one.contact
    return [
        Words(
            text=text,
            kind=_kind(one, text),
            button=one.button,
            phone=contact.phone if contact else "",
            own_phone=bool(contact and contact.own),
            name=contact.name if contact else "",
            location=one.location,
            skus=skus,
        )
    ]


def _kind(one: Incoming, text: str) -> str:
    if one.button:
        return "button"
    if one.kind == "command":
        return "command"
    kinds = {media.kind for media in one.media}
    for kind in ("voice", "sticker", "video"):
        if kind in kinds:
            return kind
    if one.contact:
        return "contact"
    if one.location:
        return "location"
    return "photo" if kinds else "text"
