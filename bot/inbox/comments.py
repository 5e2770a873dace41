"""A comment under a post of the shop: which post, what it shows, what is said, and where.

On Instagram one private message goes first, and the public word follows it in the commit that notes it as sent. In
Telegram nobody can be written to first: the public word carries a button that opens the product in the bot.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from agent import comments, hear
from agent.session import PART, TTL_S, Session
from agent.turn import Turn
from bot.inbox.shown import Shown
from bot.inbox.worker import Thought
from kit import cache, lanes, outbox
from kit.db import Tx, transaction
from kit.errors import Unavailable
from kit.message import Media, Notice, Reply
from kit.words import say
from orders import cart as carts
from shop import contacts, hours
from shop.contacts import Contact
from shop.posts import Post, links, remember, remember_thread, under

if TYPE_CHECKING:
    from bot.app import App
    from kit.lanes import Held, Row
    from kit.message import Incoming
    from shop.shops import Shop

_PRIVATE_S = 7 * 86_400  # Meta's own limit for a private reply
_PATIENT = 2  # tries after which a post that cannot be asked for is unknown
_MOST = 6  # answers to the comments of one person in an hour: who asks on is no buyer, and the hour has 750 for all
_ANSWERED = """
SELECT count(*) FROM (
    SELECT payload, kind, status, received_at FROM inbox WHERE shop_id = $1 AND key = $2 ORDER BY id DESC LIMIT 300
) AS late
WHERE kind = 'comment' AND status = 1 AND payload ->> 'sender' = $3 AND received_at > now() - interval '1 hour'
"""
_OURS = "SELECT EXISTS (SELECT FROM outbox WHERE shop_id = $1 AND key = $2 AND provider_id = $3)"


@dataclass(slots=True)
class Comments:
    """The comments of one process."""

    app: App
    shown: Shown

    async def think(self, held: Held, row: Row, *, by_staff: bool) -> Thought:
        """What is to be done about a comment. Raises Unavailable while its post cannot be asked for."""
        incoming, nothing = row.incoming, Thought([row], kept=True, irrevocable=True)
        kind = comments.decide(incoming.text, nested=await self._nested(incoming))
        if by_staff or kind in ("spam", "quiet"):
            return nothing
        shop = await self.app.shops.get(incoming.chat.shop_id)
        post_id = await self._post_id(incoming)
        if not post_id and incoming.group:
            return nothing  # people talk to each other in the group
        post = await self._post(row, shop, post_id)
        contact = await self._contact(held, incoming)
        if contact.silent(self.app.clock()):
            return self._to_staff(row, shop, post, "with_person")
        if kind in ("complaint", "question"):
            return self._to_staff(row, shop, post, kind)
        if incoming.sent_at and self.app.clock().timestamp() - incoming.sent_at > _PRIVATE_S:
            return nothing
        if await self._too_many(incoming):
            return nothing
        turn = self._turn(incoming, shop, contact, post)
        found = await comments.answer(turn, incoming.text, kind, post.skus)
        if found is None:
            return self._to_staff(row, shop, post, "question" if post.skus else "unknown")
        return await self._said(row, turn, found)

    # ---- what is known -----------------------------------------------------------------------------------------------

    async def _nested(self, incoming: Incoming) -> bool:
        """Whether it answers another person's comment; an answer to ours is meant for us."""
        above = incoming.reply_to if incoming.group else incoming.thread
        if above in ("", incoming.thread if incoming.group else ""):
            return False
        chat = incoming.chat
        return not await self.app.db.fetchval(_OURS, chat.shop_id, chat.key, above)

    async def _too_many(self, incoming: Incoming) -> bool:
        chat = incoming.chat
        answered = await self.app.db.fetchval(_ANSWERED, chat.shop_id, chat.key, incoming.sender)
        return bool(answered >= _MOST)

    async def _post_id(self, incoming: Incoming) -> str:
        """The post it stands under. What a comment shows of its post is remembered, in case nobody saw it published."""
        chat, post_id = incoming.chat, incoming.post
        if not incoming.group:
            return post_id
        if not post_id:
            return await under(self.app.db, chat.shop_id, chat.channel, chat.id, incoming.thread)
        code = next((code for _, code in links(incoming.post_url)), "")
        media = [Media(**one) for one in incoming.raw.get("media", ())]
        async with transaction(self.app.db) as tx:
            where = (tx, chat.shop_id, chat.channel)
            await remember(*where, post_id, code=code, caption=incoming.raw.get("caption", ""), media=media)
            await remember_thread(*where, chat.id, incoming.thread, post_id)
        return post_id

    async def _post(self, row: Row, shop: Shop, post_id: str) -> Post:
        chat = row.incoming.chat
        if not post_id:
            return Post(shop.id, chat.channel, "")
        self.app.channel(shop.id, chat.channel)  # one that is not built yet is worth coming back for, however often
        patient = row.attempts < _PATIENT
        try:
            return await self.shown.find(shop, chat.channel, post_id, patient=patient)
        except Unavailable as away:
            if patient and not away.permanent:
                raise
            return Post(shop.id, chat.channel, post_id)

    async def _contact(self, held: Held, incoming: Incoming) -> Contact:
        """Whose conversation an answer belongs to; a group is nobody's, there only the person's language is known."""
        chat = incoming.chat
        if incoming.group:
            person = await contacts.get(self.app.db, replace(chat, id=incoming.sender))
            return Contact(chat.shop_id, chat.channel, chat.id, language=person.language)
        async with transaction(self.app.db) as tx:
            await lanes.fence(tx, held)
            return await contacts.commented(tx, incoming)

    def _turn(self, incoming: Incoming, shop: Shop, contact: Contact, post: Post) -> Turn:
        app, chat = self.app, incoming.chat
        turn = Turn(
            shop=shop,
            chat=chat,
            incoming=(incoming,),
            contact=contact,
            session=Session(),
            cart=carts.Cart(),
            now=app.clock(),
            db=app.db,
            media=app.media,
            privacy_url=app.privacy_link(chat),
            counted=app.metrics.tool_call,
        )
        turn.language = hear.language_of(turn, beside=post.caption)
        return turn

    # ---- what is said ------------------------------------------------------------------------------------------------

    async def _said(self, row: Row, turn: Turn, found: comments.Answer) -> Thought:
        incoming, chat = row.incoming, turn.chat
        with_price = turn.shop.profile.comments.public == "price"
        if incoming.group:
            bot = getattr(self.app.channels.get((turn.shop.id, chat.channel)), "username", "")
            reply = comments.alone(turn, found, with_price=with_price, bot=bot)
            public = replace(reply, comment=incoming.message_id, thread=incoming.thread)

            async def publish(tx: Tx) -> None:
                await outbox.put(tx, chat, public, idem=_idem(incoming, "public"), chatter=True)

            return Thought([row], write=publish, irrevocable=True)
        to = f"@{incoming.username} " if incoming.thread and incoming.username else ""
        word = to + comments.beside_private(turn, found, with_price=with_price)
        then = Reply(word, comment=incoming.thread or incoming.message_id)
        reply = Reply(found.private, private=incoming.message_id, then=then)
        session = Session.load(await cache.get_json(self.app.redis, chat, PART))
        idle = not session.asked and (await carts.load(self.app.db, chat)).empty
        if idle:  # the chat goes on from here; a talk that is under way is not disturbed
            session, turn.cart.source = turn.session, f"post {incoming.post}"

        async def write(tx: Tx) -> None:
            if idle:
                await carts.save(tx, chat, turn.cart)
            await contacts.set_language(tx, chat, turn.language)
            if turn.introduced:
                await contacts.privacy_linked(tx, chat, say("en", "web.privacy_version"))
            await outbox.put(tx, chat, reply, idem=_idem(incoming, "private"), chatter=True)

        async def after() -> None:
            await cache.put_json(self.app.redis, chat, PART, session.dump(), TTL_S)

        awaiting = "".join(session.asked[:1])
        return Thought([row], write=write, after=after, irrevocable=True, awaiting=awaiting)

    def _to_staff(self, row: Row, shop: Shop, post: Post, why: str) -> Thought:
        """A person sees it. A complaint hands the conversation over: a bot has nothing to say to it."""
        incoming, chat = row.incoming, row.incoming.chat
        facts = {"why": why, "text": incoming.text[:1000], "link": _link(incoming, post)}
        facts |= {"username": incoming.username, "name": incoming.name}
        silent = not hours.open_at(shop.profile, self.app.clock())
        notice = Notice("comment", f"comment:{incoming.message_id}", chat.key, facts, silent=silent)

        async def write(tx: Tx) -> None:
            if why == "complaint" and not incoming.group:
                await contacts.hand_over(tx, chat, "complaint")
            await outbox.tell_staff(tx, shop.id, notice, idem=_idem(incoming, "staff"))

        return Thought([row], write=write, irrevocable=True)


def _idem(incoming: Incoming, part: str) -> str:
    """One word of each kind to a comment, whatever happens: the outbox takes the same name once."""
    chat = incoming.chat
    where = f"{chat.id}:" if incoming.group else ""
    return f"comment:{chat.channel}:{where}{incoming.message_id}:{part}"


def _link(incoming: Incoming, post: Post) -> str:
    """Where staff can read it."""
    if incoming.group:
        group = incoming.chat.id.removeprefix("-100")
        return f"https://t.me/c/{group}/{incoming.message_id}?thread={incoming.thread}"
    return f"https://www.instagram.com/p/{post.code}/" if post.code else ""
