"""The catalogues: the same keys and placeholders in every language, proper letters, and no key that nobody has."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from kit.words import LANGUAGES, LOCALES, has, say

ROOT = Path(__file__).parents[1]
ROOMS = ("kit", "vision", "shop", "orders", "agent", "bot", "cli")
DOMAINS = sorted({path.name for path in LOCALES.rglob("*.po")})
Sentences = dict[str, tuple[str, ...]]


def catalogue(language: str, domain: str) -> Sentences:
    """key -> its forms (one, or a form per plural)."""
    path = LOCALES / language / domain
    assert path.exists(), f"{language} has no {domain}"
    with path.open("rb") as file:
        found: Sentences = {}
        for message in read_po(file, locale=language):
            if message.id:
                key = message.id if isinstance(message.id, str) else message.id[0]
                forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
                found[key] = tuple(form or "" for form in forms)
        return found


CATALOGUES = {(language, domain): catalogue(language, domain) for language in LANGUAGES for domain in DOMAINS}
EACH = [pytest.param(language, domain, id=f"{language}-{domain}") for language in LANGUAGES for domain in DOMAINS]


def placeholders(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_language_has_the_same_keys(domain: str) -> None:
    keys = {language: set(CATALOGUES[language, domain]) for language in LANGUAGES}
    assert {
        language: sorted(keys["en"] ^ keys[language]) for language in LANGUAGES if keys[language] != keys["en"]
    } == {}


@pytest.mark.parametrize(("language", "domain"), EACH)
def test_placeholders_are_those_of_english(language: str, domain: str) -> None:
    english = CATALOGUES["en", domain]
    wrong = {
        key: form
        for key, forms in CATALOGUES[language, domain].items()
        for form in forms
        if key in english and placeholders(form) - {"n"} != placeholders(english[key][0]) - {"n"}
    }
    assert wrong == {}


@pytest.mark.parametrize(("language", "domain"), EACH)
def test_no_sentence_is_empty_or_untidy(language: str, domain: str) -> None:
    wrong = {
        key: form
        for key, forms in CATALOGUES[language, domain].items()
        for form in forms
        if not form.strip() or form != form.strip() or "  " in form
    }
    assert wrong == {}


def prose(text: str) -> str:
    """A sentence without what is no word of its language: placeholders, commands, addresses, samples of typing."""
    return re.sub(r"\{\w+\}|https?://\S+|\S*[=/]\S*|(?<!\w)[.@][\w.]+|`[^`]*`", " ", text)


@pytest.mark.parametrize("domain", DOMAINS)
def test_uzbek_apostrophes_are_letters(domain: str) -> None:
    """oʻ gʻ with U+02BB, the glottal stop with U+02BC: never ' ` ’ ‘, which break words and searches."""
    wrong = {
        key: form
        for key, forms in CATALOGUES["uz", domain].items()
        for form in forms
        if re.search(r"\w['`’‘´]\w", prose(form)) or re.search(r"(?i)[og]ʼ(?=[a-z])|(?<![og])ʻ", prose(form))
    }
    assert wrong == {}


@pytest.mark.parametrize("domain", DOMAINS)
def test_uzbek_cyrillic_has_its_own_letters(domain: str) -> None:
    """No Russian ы and щ, no latin letters that look like cyrillic ones, no latin word left over."""
    known = {
        "telegram",
        "instagram",
        "click",
        "payme",
        "uzum",
        "humo",
        "uzcard",
        "visa",
        "cookie",
        "pdf",
        "jpg",
        "png",
        "csv",
        "xlsx",
    }
    wrong = {}
    for key, forms in CATALOGUES["uz_Cyrl", domain].items():
        for form in forms:
            words = re.findall(r"[^\W\d_]+", prose(form))
            mixed = [word for word in words if re.search(r"[a-zA-Z]", word) and re.search(r"[а-яёўқғҳА-ЯЁЎҚҒҲ]", word)]
            foreign = [word for word in words if re.search(r"[ыщЫЩ]", word)]
            latin = [word for word in words if re.fullmatch(r"[a-z]{4,}", word) and word not in known]
            if mixed or foreign or latin:
                wrong[key] = [*mixed, *foreign, *latin]
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_has_one_emoji_at_most(language: str) -> None:
    emoji = re.compile(r"[\U0001F300-\U0001FAFF☀-➿⬀-⯿]")
    many = {
        key: form
        for domain in DOMAINS
        for key, forms in CATALOGUES[language, domain].items()
        for form in forms
        if len(emoji.findall(form)) > 1
    }
    assert many == {}


def test_keys_begin_with_their_domain() -> None:
    wrong = [key for (_, domain), keys in CATALOGUES.items() for key in keys if not key.startswith(f"{domain[:-3]}.")]
    assert sorted(set(wrong)) == []


# ---- keys in the code ------------------------------------------------------------------------------------------------


def keys_in_code() -> dict[str, str]:
    """Literals that stand where a key is expected (say(..., "x.y"), Refused("x.y"), key="x.y") -> where."""
    found: dict[str, str] = {}
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call):
                    found.update(dict.fromkeys(_keys(node), f"{path.relative_to(ROOT)}:{node.lineno}"))
    return found


def _keys(call: ast.Call) -> list[str]:
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    place = {"say": 1, "has": 1, "Refused": 0}.get(called)
    if place is None or len(call.args) <= place:
        return []
    argument = call.args[place]
    branches = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
    texts = [part.value for part in branches if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return [text for text in texts if re.fullmatch(r"[a-z_]+\.[a-z0-9_.]+", text)]


def test_every_key_in_the_code_exists() -> None:
    assert {key: where for key, where in keys_in_code().items() if not has("en", key)} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_can_be_said(language: str) -> None:
    """With a word in each place: a brace too many would only break on the day it is said."""
    for domain in DOMAINS:
        for key, forms in CATALOGUES[language, domain].items():
            facts = {field: "x" for form in forms for field in placeholders(form) - {"n"}}
            for n in (1, 2, 5):
                assert say(language, key, n=n, **facts)


# ---- keys of the catalogues ------------------------------------------------------------------------------------------

BARE = {"staff": ("bot", "staff")}  # rooms whose `say` puts the domain before the key


def literals(folder: Path) -> tuple[set[str], list[re.Pattern[str]]]:
    """The strings written under `folder`, and patterns of those with places in them (f"order.told_{status}")."""
    texts: set[str] = set()
    patterns: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
            if isinstance(node, ast.JoinedStr):
                patterns.add("".join(re.escape(_part(part)) if _part(part) else r"\w+" for part in node.values))
    for path in (*folder.rglob("*.html"), *folder.rglob("*.yaml")):
        texts.update(re.findall(r"[a-z]+\.[a-z0-9_]+", path.read_text()))
    return texts, [re.compile(pattern) for pattern in patterns]


def _part(part: ast.expr) -> str:
    return part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else ""


def test_every_sentence_of_the_catalogues_is_said_somewhere() -> None:
    """A key nobody asks for is a promise of something that does not exist, in four languages."""
    found = [literals(ROOT / room) for room in ROOMS]
    texts = {text for some, _ in found for text in some}
    patterns = {one.pattern: one for _, some in found for one in some}
    idle = []
    for domain in DOMAINS:
        room = domain.removesuffix(".po")
        wide = f"{room}\\.\\w+"  # "receipt.{word}": the word alone stands somewhere, it proves nothing by itself
        bare, parts = literals(ROOT.joinpath(*BARE[room])) if room in BARE else (set(), [])
        asked = [one for one in patterns.values() if one.pattern.startswith(f"{room}\\.") and one.pattern != wide]
        parts = [one for one in parts if re.match(r"[a-z]+_", one.pattern)]
        for key in CATALOGUES["en", domain]:
            name = key.partition(".")[2]
            by_word = name in bare or (wide in patterns and name in texts)
            by_part = any(one.fullmatch(key) for one in asked) or any(one.fullmatch(name) for one in parts)
            if not (key in texts or by_word or by_part):
                idle.append(key)
    assert idle == []
