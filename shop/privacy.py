"""What a shop says about its shoppers' data, from the shop's own data: on the page, and in a chat that asks /privacy.

Its version stands in the catalogues (`web.privacy_version`), beside the sentences it belongs to: who changes what is
promised changes it, and each conversation stores which version its first message linked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.words import say

if TYPE_CHECKING:
    from shop.shops import Shop

COMMAND = "/privacy"  # in a chat, where the page has no address that opens from outside


def version() -> str:
    """The version of the text, the same in all languages."""
    return say("en", "web.privacy_version")


def sections(shop: Shop, language: str, *, brain_is_outside: bool) -> list[tuple[str, list[str]]]:
    """Headings ("" for the first part) with their paragraphs. `brain_is_outside`: an AI provider answers."""
    profile, contacts = shop.profile, shop.profile.contacts
    who = [profile.shop.legal_name or profile.name, contacts.address.text(language), contacts.phone]
    return [
        ("", [say(language, "web.privacy_intro", shop=profile.name)]),
        (say(language, "web.privacy_who"), [", ".join(part for part in who if part)]),
        (say(language, "web.privacy_what"), [say(language, f"web.privacy_what_{n}") for n in (1, 2, 3)]),
        (say(language, "web.privacy_why"), [say(language, f"web.privacy_why_{n}") for n in (1, 2)]),
        (say(language, "web.privacy_long"), [say(language, "web.privacy_long_1", months=profile.privacy.keep_months)]),
        (say(language, "web.privacy_never"), [say(language, f"web.privacy_never_{n}") for n in (1, 2, 3)]),
        (say(language, "web.privacy_share"), _shared(shop, language, brain_is_outside)),
        (say(language, "web.privacy_delete"), [_deletion(language, contacts.phone)]),
    ]


def as_text(shop: Shop, language: str, *, brain_is_outside: bool) -> str:
    """The same for a chat: a paragraph a section."""
    parts = sections(shop, language, brain_is_outside=brain_is_outside)
    told = ["\n".join(filter(None, (heading, *paragraphs))) for heading, paragraphs in parts]
    return "\n\n".join((say(language, "web.privacy_title"), *told))


def _shared(shop: Shop, language: str, brain_is_outside: bool) -> list[str]:
    helper = "web.privacy_share_ai" if brain_is_outside else "web.privacy_share_local"
    told = [say(language, key) for key in ("web.privacy_share_courier", "web.privacy_share_platform", helper)]
    if providers := [way.capitalize() for way in shop.tills.ways if way != "card"]:
        told.append(say(language, "web.privacy_share_pay", providers=", ".join(providers)))
    return told


def _deletion(language: str, phone: str) -> str:
    if not phone:
        return say(language, "web.privacy_delete_chat")
    return say(language, "web.privacy_delete_phone", phone=phone)
