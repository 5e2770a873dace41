"""The privacy page of a shop, from the shop's own data: /privacy/<shop>?lang=.

Its version stands in the catalogues (`web.privacy_version`), beside the sentences it belongs to: who changes what is
promised changes it, and each conversation stores which version its first message linked.
"""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from bot.app import App
from bot.widget import render
from bot.widget.render import Pages
from kit import words
from shop.shops import Shop

KEPT_MONTHS = 12  # conversations, contacts and receipts: what retention has to hold to


def version() -> str:
    """The version of the page's text, the same in all languages."""
    return words.say("en", "web.privacy_version")


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
        brain_is_outside = bool(app.config.llm.api_key.get_secret_value() or app.config.voice.base_url)
        return HTMLResponse(page(pages, shop, language, brain_is_outside=brain_is_outside))

    routes.add_api_route("/privacy/{shop_id}", privacy, methods=["GET", "HEAD"], response_model=None)
    return routes


def page(pages: Pages, shop: Shop, language: str, *, brain_is_outside: bool) -> str:
    """The whole page as HTML. `brain_is_outside`: an AI provider answers, not this machine alone."""
    say = words.say
    profile, contacts = shop.profile, shop.profile.contacts
    who = [profile.shop.legal_name or profile.name, contacts.address.text(language), contacts.phone]
    sections = [
        ("", [say(language, "web.privacy_intro", shop=profile.name)]),
        (say(language, "web.privacy_who"), [", ".join(part for part in who if part)]),
        (say(language, "web.privacy_what"), [say(language, f"web.privacy_what_{n}") for n in (1, 2, 3)]),
        (say(language, "web.privacy_why"), [say(language, f"web.privacy_why_{n}") for n in (1, 2)]),
        (say(language, "web.privacy_long"), [say(language, "web.privacy_long_1", months=KEPT_MONTHS)]),
        (say(language, "web.privacy_never"), [say(language, f"web.privacy_never_{n}") for n in (1, 2, 3)]),
        (say(language, "web.privacy_share"), _shared(language, brain_is_outside)),
        (say(language, "web.privacy_delete"), [_deletion(language, contacts.phone)]),
    ]
    return pages.page(
        "paper.html",
        language,
        title=say(language, "web.privacy_title"),
        shop_name=profile.name,
        favicon=render.favicon(profile.name, "#0d7a6c"),
        switch=f"/privacy/{shop.id}",
        sections=sections,
        back=f"/chat/{shop.id}",
        foot=say(language, "web.privacy_foot", version=version()),
    )


def _shared(language: str, brain_is_outside: bool) -> list[str]:
    helper = "web.privacy_share_ai" if brain_is_outside else "web.privacy_share_local"
    return [words.say(language, key) for key in ("web.privacy_share_courier", "web.privacy_share_platform", helper)]


def _deletion(language: str, phone: str) -> str:
    if not phone:
        return words.say(language, "web.privacy_delete_chat")
    return words.say(language, "web.privacy_delete_phone", phone=phone)
