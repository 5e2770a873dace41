"""The shop's profile: `shop.yaml` read and checked, with the owner's answers in chat laid over it."""

from __future__ import annotations

from shop.profile.model import METHODS, Faq, Method, OwnCard, Profile, Region
from shop.profile.read import DEMO, lay_over, parse, read, read_file, with_answers
from shop.profile.text import Text, language_code

__all__ = [
    "DEMO",
    "METHODS",
    "Faq",
    "Method",
    "OwnCard",
    "Profile",
    "Region",
    "Text",
    "language_code",
    "lay_over",
    "parse",
    "read",
    "read_file",
    "with_answers",
]
