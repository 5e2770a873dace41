"""The privacy page of a shop: /privacy/<shop>?lang=. What it says is in `shop.privacy`."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from bot.app import App
from bot.widget import render
from bot.widget.render import Pages
from kit import words
from shop.privacy import sections, version
from shop.shops import Shop


def router(app: App, pages: Pages) -> APIRouter:
    """GET /privacy/<shop>."""
    routes = APIRouter()

    async def privacy(request: Request, shop_id: str) -> Response:
        if shop_id not in app.config.shops:
            raise HTTPException(404)
        language = render.choose_language(
            request.query_params.get("lang", ""), "", request.headers.get("accept-language", "")
        )
        shop = await app.shops.get(shop_id)
        return HTMLResponse(page(pages, shop, language, brain_is_outside=app.brain_is_outside))

    routes.add_api_route("/privacy/{shop_id}", privacy, methods=["GET", "HEAD"], response_model=None)
    return routes


def page(pages: Pages, shop: Shop, language: str, *, brain_is_outside: bool) -> str:
    """The whole page as HTML. `brain_is_outside`: an AI provider answers, not this machine alone."""
    say = words.say
    return pages.page(
        "paper.html",
        language,
        title=say(language, "web.privacy_title"),
        shop_name=shop.profile.name,
        favicon=render.favicon(shop.profile.name, "#0d7a6c"),
        switch=f"/privacy/{shop.id}",
        sections=sections(shop, language, brain_is_outside=brain_is_outside),
        back=f"/chat/{shop.id}",
        foot=say(language, "web.privacy_foot", version=version()),
    )
