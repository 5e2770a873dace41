"""The web chat over HTTP: the page, what is posted from it, and the stream of what comes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from markupsafe import Markup
from starlette.datastructures import FormData

from bot import inbox
from bot.app import App
from bot.widget import history, receive, render
from bot.widget.history import Cursor
from bot.widget.identity import Role, Visitor, recognise, remember
from bot.widget.render import Pages
from bot.widget.stream import Heard, Streams
from kit import cache, words
from kit.errors import Refused
from kit.message import Chat, Incoming
from shop import contacts, staff
from shop.shops import Shop

BURST = 20  # messages of one visitor in 10 s: ten times what a fast writer does
_SHELF = 8  # products on the first look
_STARTERS = ("web.start_delivery", "web.start_hours", "web.start_payment", "web.start_person")
_STATUS = {
    "web.too_big": 413,
    "web.too_long": 413,
    "web.too_fast": 429,
    "web.lost": 401,
    "web.foreign": 403,
    "web.no_room": 507,
}
_LANGUAGE_COOKIE = "sotuv_language"
_YEAR_S = 365 * 24 * 3600
# counted where the messages are, so that all web processes see one number
_FAST = """
SELECT received_at > now() - interval '10 seconds' FROM inbox
WHERE shop_id = $1 AND key = $2 ORDER BY id DESC OFFSET $3 LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class _Page:
    """What every request of a page carries: whose it is, at which shop, in which language."""

    visitor: Visitor
    shop: Shop
    language: str

    @property
    def chat(self) -> Chat:
        return self.visitor.chat


def router(app: App, pages: Pages, streams: Streams) -> APIRouter:
    """The routes under /chat and /static. The server closes `streams` before it stops."""
    routes = APIRouter()
    door = _Door(app, pages, streams)
    routes.add_api_route("/chat/{shop_id}", door.chat, methods=["GET", "HEAD"], response_model=None)
    routes.add_api_route("/chat/{shop_id}/messages", door.post, methods=["POST"], response_model=None)
    routes.add_api_route(
        "/chat/{shop_id}/events",
        door.events,
        methods=["GET"],
        response_class=EventSourceResponse,
        dependencies=[Depends(door.may_listen)],  # refusals are said before the stream has begun
    )
    routes.add_api_route("/static/{name}", door.static, methods=["GET", "HEAD"], response_model=None)
    return routes


class _Door:
    """The web chat's endpoints."""

    def __init__(self, app: App, pages: Pages, streams: Streams) -> None:
        self.app = app
        self.pages = pages
        self.streams = streams

    async def _page(self, request: Request, shop_id: str) -> _Page:
        """Raises HTTPException 404 for a shop that is not here."""
        if shop_id not in self.app.config.shops:
            raise HTTPException(404)
        role: Role = "staff" if request.query_params.get("as") == "staff" else "shopper"
        language = render.choose_language(
            request.query_params.get("lang", ""),
            request.cookies.get(_LANGUAGE_COOKIE, ""),
            request.headers.get("accept-language", ""),
        )
        visitor = recognise(request, self.app.box, shop_id, role)
        return _Page(visitor, await self.app.shops.get(shop_id), language)

    # ---- the page ----------------------------------------------------------------------------------------------------

    async def chat(self, request: Request, shop_id: str) -> Response:
        """The page with the conversation so far."""
        page = await self._page(request, shop_id)
        cursor, messages = Cursor(), []
        if not page.visitor.fresh:
            shown, cursor = await history.read_page(self.app, page.chat)
            messages = [self._html(page, one) for one in shown]
        facts = _facts(page, receive.deep_link(request.query_params.get("start", "")))
        if page.visitor.role == "staff":
            facts |= await self._staff_facts(page)
        else:  # shoppers need no way to the staff's window; who tries the shop out, and staff themselves, do
            known = not recognise(request, self.app.box, shop_id, "staff").fresh
            facts["staff_link"] = known or not await staff.has_owner(self.app.db, shop_id)
        body = self.pages.page("chat.html", page.language, messages=messages, cursor=cursor, **facts)
        response = HTMLResponse(body, headers={"Cache-Control": "no-store"})
        secure = self.app.config.http.public_url.startswith("https:") or request.url.scheme == "https"
        remember(response, self.app.box, page.visitor, secure=secure)
        if request.query_params.get("lang") == page.language:
            response.set_cookie(_LANGUAGE_COOKIE, page.language, max_age=_YEAR_S, samesite="lax", secure=secure)
        return response

    async def _staff_facts(self, page: _Page) -> dict[str, Any]:
        member = await staff.member(self.app.db, page.shop.id, page.chat.channel, page.chat.id)
        return {"claimed": member is not None, "commands": ("/orders", "/today", "/help") if member else ("/claim",)}

    def _html(self, page: _Page, shown: history.Shown) -> Markup:
        return self.pages.message(shown, page.shop.profile, page.language, page.visitor.role)

    # ---- what comes --------------------------------------------------------------------------------------------------

    async def may_listen(self, request: Request, shop_id: str) -> None:
        """Lets a known visitor through; HTTPException for a stranger, and where there is no room."""
        page = await self._page(request, shop_id)
        if page.visitor.fresh:
            raise HTTPException(401)
        if self.streams.closing or self.streams.full(page.chat):
            raise HTTPException(503)
        request.state.page = page

    async def events(self, request: Request, shop_id: str) -> AsyncIterator[ServerSentEvent]:
        """The stream: messages with their cursor as event id, so that a browser that comes back reads on from there."""
        page: _Page = request.state.page
        after = request.headers.get("last-event-id") or request.query_params.get("after", "")
        yield ServerSentEvent(comment="open", retry=2000)
        async for heard in self.streams.follow(self.app, page.chat, Cursor.read(after)):
            yield self._event(page, heard)

    def _event(self, page: _Page, heard: Heard) -> ServerSentEvent:
        if heard.shown:
            data = {"html": self._html(page, heard.shown), "mine": heard.shown.mine}
            return ServerSentEvent(data=data, id=str(heard.cursor))
        return ServerSentEvent(data={"text": heard.text}, event=heard.kind, id=str(heard.cursor))

    # ---- what goes ---------------------------------------------------------------------------------------------------

    async def post(self, request: Request, shop_id: str) -> Response:
        """Stores what was done on the page before it answers 200 with the message as it will be shown."""
        page = await self._page(request, shop_id)
        try:
            incoming = await self._read(request, page)
        except Refused as refused:
            return _refusal(page, refused)
        await inbox.accept(self.app.db, [incoming], self.app.config.turn, box=self.app.box)
        await cache.publish(self.app.redis, page.chat, {"kind": "said"})  # for the visitor's other tabs
        stored = await history.own(self.app, page.chat, incoming.event_id)
        # while the agent waits for the rest of a burst, dots say that somebody is there; not when a person has the chat
        contact = await contacts.get(self.app.db, page.chat)
        typing = not contact.silent(self.app.clock())
        return JSONResponse({"html": self._html(page, stored) if stored else "", "mine": True, "typing": typing})

    async def _read(self, request: Request, page: _Page) -> Incoming:
        """Raises Refused: another site's page, no cookie, too fast, or nothing that can be understood."""
        if not self._from_here(request):
            raise Refused("web.foreign")
        if page.visitor.fresh:
            raise Refused("web.lost")
        if await self.app.db.fetchval(_FAST, page.shop.id, page.chat.key, BURST - 1):
            raise Refused("web.too_fast")
        form = await request.form(max_files=receive.MAX_FILES + 1, max_fields=16, max_part_size=64 * 1024)
        try:
            assert isinstance(form, FormData)
            return await receive.parse(self.app, page.chat, form, page.language, self.app.clock().timestamp())
        finally:
            await form.close()

    def _from_here(self, request: Request) -> bool:
        """Whether our own page sent this: browsers name the page's origin with each POST and no page can forge it."""
        origin = urlsplit(request.headers.get("origin", "")).netloc.lower()
        ours = {request.headers.get("host", "").lower(), urlsplit(self.app.config.http.public_url).netloc.lower()}
        return bool(origin) and origin in ours

    # ---- the two files -----------------------------------------------------------------------------------------------

    async def static(self, name: str) -> Response:
        """chat.css and chat.js; their address changes with their content."""
        content = self.pages.static.get(name)
        if content is None:
            raise HTTPException(404)
        headers = {"Cache-Control": "public, max-age=31536000, immutable", "Content-Type": render.TYPES[name]}
        return Response(content, headers=headers)


def _facts(page: _Page, start: str) -> dict[str, Any]:
    """What the page's template wants to know of the shop. `start`: a deep link's word, posted once by the page."""
    profile, language, staffed = page.shop.profile, page.language, page.visitor.role == "staff"
    return {
        "shop_id": page.shop.id,
        "shop_name": profile.name,
        "letter": render.letter(profile.name),
        "favicon": render.favicon(profile.name, "#b8691f" if staffed else "#0d7a6c"),
        "role": page.visitor.role,
        "base": f"/chat/{page.shop.id}",
        "start": start,
        "about": profile.shop.about.text(language),
        "hours": profile.hours.text.text(language),
        "address": profile.contacts.address.text(language),
        "phone": profile.contacts.phone,
        "shelf": [] if staffed else _shelf(page.shop, language),
        "starters": [words.say(language, key) for key in _STARTERS],
        "max_bytes": receive.MAX_BYTES,
        "max_files": receive.MAX_FILES,
        "max_text": receive.MAX_TEXT,
    }


def _shelf(shop: Shop, language: str) -> list[dict[str, str]]:
    """A few products with pictures: an empty chat says nothing about a shop."""
    pictured = [product for product in shop.products.values() if product.photos and product.active]
    seen: dict[str, int] = {}  # one of each category first, then the second of each
    for product in pictured:
        seen[product.sku] = sum(other.category == product.category for other in pictured if other.sku in seen)
    pictured.sort(key=lambda product: seen[product.sku])
    return [
        {
            "title": product.title(language),
            "photo": product.photos[0],
            "price": words.sum_of(product.price, product.currency, language),
        }
        for product in pictured[:_SHELF]
    ]


def _refusal(page: _Page, refused: Refused) -> JSONResponse:
    headers = {"Retry-After": "10"} if refused.key == "web.too_fast" else None
    sentence = words.say(page.language, refused.key, None, **refused.facts)
    return JSONResponse({"error": sentence}, _STATUS.get(refused.key, 400), headers=headers)
