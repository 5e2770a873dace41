"""A text of the shop in its languages, and which of them a reader gets when theirs is missing."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, RootModel, field_validator, model_validator

from kit.words import LANGUAGES
from shop.translit import to_cyrillic

# who reads what when their own language is missing: the nearest language first
_NEAREST = {
    "uz": ("uz", "ru", "en"),
    "uz_Cyrl": ("uz_Cyrl", "uz", "ru", "en"),
    "ru": ("ru", "uz", "uz_Cyrl", "en"),
    "en": ("en", "ru", "uz", "uz_Cyrl"),
}


def language_code(written: str) -> str:
    """`written` ("uz-cyrl", "RU") as the product spells languages; ValueError for one it does not speak."""
    code = written.strip().lower().replace("-", "_")
    for known in LANGUAGES:
        if known.lower() == code:
            return known
    spoken = ", ".join(known.replace("_Cyrl", "-cyrl") for known in LANGUAGES)
    raise ValueError(f"language {written!r} is not spoken here; use {spoken}")


class Text(RootModel[dict[str, str]]):
    """`{uz: ..., ru: ...}` of shop.yaml, or one plain sentence that serves every language."""

    model_config = ConfigDict(frozen=True)
    root: dict[str, str] = {}

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {"": value} if isinstance(value, str) else value or {}

    @field_validator("root")
    @classmethod
    def _languages(cls, value: dict[str, str]) -> dict[str, str]:
        return {language_code(code) if code else "": text.strip() for code, text in value.items()}

    def __bool__(self) -> bool:
        return any(self.root.values())

    def text(self, language: str) -> str:
        """The text for a reader of `language`, or of the nearest language the shop wrote; "" when it wrote nothing.

        Uzbek in Cyrillic is written out from the Latin text when the shop gave only that.
        """
        for code in _NEAREST[language]:
            if self.root.get(code):
                return to_cyrillic(self.root[code]) if (language, code) == ("uz_Cyrl", "uz") else self.root[code]
        return self.root.get("", "")

    def all(self) -> tuple[str, ...]:
        """Every wording, for those who search in it."""
        return tuple(self.root.values())
