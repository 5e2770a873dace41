"""Sentences shown to people, from `.po` catalogues; every language has every key.

`kit/locales/<language>/<domain>.po`: msgid is a key (`order.placed`), msgstr the sentence with `{placeholders}`.
A domain is a file so that neighbours do not step on each other; keys are unique over all domains.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from kit import money

LANGUAGES = ("uz", "uz_Cyrl", "ru", "en")
LOCALES = Path(__file__).parent / "locales"


@cache
def _sentences(language: str) -> dict[str, str | tuple[str, ...]]:
    """All sentences of one language: key -> text, or -> plural forms."""
    found: dict[str, str | tuple[str, ...]] = {}
    for path in sorted((LOCALES / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    key = message.id if isinstance(message.id, str) else message.id[0]
                    assert key not in found, f"{key} stands in two catalogues of {language}"
                    found[key] = message.string if isinstance(message.string, str) else tuple(message.string or ())
    return found


@cache
def _plural(language: str) -> object:
    from babel import Locale  # the CLDR tables cost 20 ms: only when a plural is first said

    return Locale.parse(language).plural_form


def _form(language: str, n: int) -> int:
    """Index of the plural form of `n` in the catalogues: ru has one/few/many, the others one/other."""
    rule = _plural(language)(n)  # type: ignore[operator]
    order = ("one", "few", "many") if language == "ru" else ("one", "other")
    return order.index(rule) if rule in order else len(order) - 1


def say(language: str, key: str, n: int | None = None, **facts: object) -> str:
    """The sentence `key` in `language`, its placeholders filled with `facts` and `n`, which picks the plural form too.

    Raises KeyError for a key or a placeholder that does not exist: a missing sentence is a bug, not an empty message.
    """
    text = _sentences(language)[key]
    if not isinstance(text, str):
        text = text[_form(language, n if n is not None else 1)]
    return text.format(n=n, **facts)


def has(language: str, key: str) -> bool:
    """Whether `language` has a sentence `key`."""
    return key in _sentences(language)


def sum_of(amount: int, currency: str, language: str) -> str:
    """An amount of money in words of `language`: `250 000 soʻm`."""
    return money.show(amount, currency, language)
