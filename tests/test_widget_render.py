"""What reaches the page as HTML: other people's words never become markup."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.widget.history import Cursor, Shown
from bot.widget.render import Pages, choose_language, favicon, letter, links
from kit import clock, words
from kit.message import Button
from shop import profile

PROFILE = profile.read(Path(__file__).parent / "shop" / "shop.yaml")
PAGES = Pages()
NASTY = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    'https://x.example/"onmouseover="alert(1)',
    "javascript:alert(1)",
    "</template></article><b>",
)


def _shown(**parts: object) -> Shown:
    return Shown(**{"id": "1", "row": "1", "at": clock.now(), "mine": False} | parts)  # type: ignore[arg-type]


class _Seen(HTMLParser):
    """Tags, attribute names and link targets that a browser would make of a text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.targets: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.targets += [value or "" for name, value in attrs if name in ("href", "src")]


def _nasty_message(text: str) -> str:
    buttons = ((Button(text, text), Button(text, copy=text)),)
    shown = _shown(body=text, title=text, quote=text, files=(("a.pdf", text),), buttons=buttons)
    return PAGES.message(shown, PROFILE, "en", "shopper")


@pytest.mark.parametrize("text", NASTY)
def test_words_of_people_stay_words(text: str) -> None:
    clean, seen = _Seen(_nasty_message("https://x.example/")), _Seen(_nasty_message(text))
    assert seen.tags <= clean.tags and seen.attributes <= clean.attributes
    assert all(target.startswith(("/media/", "https://x.example/")) for target in seen.targets)
    assert "49" not in _nasty_message("{{ 7 * 7 }}").partition("<time")[0]


def test_links_take_only_web_addresses() -> None:
    html = links("see https://lola.example/a?b=1&c=2, or http://x.uz). javascript:alert(1) ftp://x")
    assert re.findall(r'href="([^"]+)"', html) == ["https://lola.example/a?b=1&amp;c=2", "http://x.uz"]
    assert html.endswith("). javascript:alert(1) ftp://x")


def test_a_courier_calls_with_one_tap() -> None:
    html = links("+998901234567, №12, 8600123456789012 a+998901234567 +99890123456789012345")
    assert re.findall(r'href="([^"]+)"', html) == ["tel:+998901234567"]


def test_card_of_a_product_has_title_and_picture() -> None:
    shown = _shown(
        title="Paxta futbolka", body="79 000", photos=("ab.jpg",), buttons=((Button("Olaman", "b:1", "primary"),),)
    )
    html = PAGES.message(shown, PROFILE, "uz", "shopper")
    assert '<strong class="title">Paxta futbolka</strong>' in html
    assert '<img src="/media/ab.jpg"' in html and 'data-press="b:1"' in html and "primary" in html


def test_buttons_copy_open_and_ask() -> None:
    row = (Button("Karta", copy="8600"), Button("Payme", url="https://payme.uz/x"), Button("Joy", ask="location"))
    html = PAGES.message(_shown(body="x", buttons=(row,)), PROFILE, "uz", "shopper")
    assert 'data-copy="8600"' in html and 'href="https://payme.uz/x"' in html and 'data-ask="location"' in html


@pytest.mark.parametrize(
    ("label", "shown"), [("📱 Отправить номер", "Отправить номер"), ("№12", "№12"), ("📍", "📍"), ("/help", "/help")]
)
def test_one_picture_on_a_button_is_enough(label: str, shown: str) -> None:
    html = PAGES.message(_shown(body="x", buttons=((Button(label, ask="phone"),),)), PROFILE, "ru", "shopper")
    assert f"</svg><span>{shown}</span>" in html
    press = PAGES.message(_shown(body="x", buttons=((Button(label, "b:1"),),)), PROFILE, "ru", "shopper")
    assert f"<span>{label}</span>" in press  # no icon of ours: the label's own picture stays


def test_a_link_shows_what_people_read_of_it() -> None:
    assert ">lola.uz/privacy/lola</a>" in links("https://www.lola.uz/privacy/lola?lang=ru")
    assert ">x.uz/?q=1</a>" in links("http://x.uz/?q=1") and ">x.uz</a>" in links("https://x.uz/")


def test_a_person_is_named_to_shoppers_only() -> None:
    shown = _shown(body="x", by_human=True)
    assert words.say("ru", "web.operator") in PAGES.message(shown, PROFILE, "ru", "shopper")
    assert words.say("ru", "web.operator") not in PAGES.message(shown, PROFILE, "ru", "staff")


def test_time_is_the_shops_with_the_day_when_not_today() -> None:
    at = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)  # 02:30 of the 21st in Tashkent
    clock.shift(datetime(2026, 11, 21, 9, 0, tzinfo=UTC) - datetime.now(UTC))
    try:
        assert ">02:30<" in PAGES.message(_shown(body="x", at=at), PROFILE, "uz", "shopper")
        assert ">20.11, 02:30<" in PAGES.message(_shown(body="x", at=at - timedelta(days=1)), PROFILE, "uz", "shopper")
    finally:
        clock.shift(timedelta())


@pytest.mark.parametrize(
    ("asked", "kept", "accepted", "language"),
    [
        ("ru", "uz", "en", "ru"),
        ("", "uz_Cyrl", "en", "uz_Cyrl"),
        ("xx", "yy", "uz-Cyrl-UZ,uz;q=0.9", "uz_Cyrl"),
        ("", "", "uz-UZ", "uz"),
        ("", "", "kk-KZ,ru;q=0.8,en;q=0.7", "ru"),
        ("", "", "en-GB", "en"),
        ("", "", "de,fr", "uz"),
        ("", "", "", "uz"),
        ("../etc", "", ";;;,,,", "uz"),
    ],
)
def test_language_of_the_page(asked: str, kept: str, accepted: str, language: str) -> None:
    assert choose_language(asked, kept, accepted) == language


@pytest.mark.parametrize(("name", "first"), [("Lola", "L"), ("«ўзим»", "Ў"), ("  7 kun", "7"), ("!!!", "S")])
def test_logo(name: str, first: str) -> None:
    assert letter(name) == first
    assert favicon(name, "#000").startswith("data:image/svg+xml,%3Csvg") and "<" not in favicon(name, "#000")


@pytest.mark.parametrize("text", ["", "x", "1", "1.", ".1", "1.x", "-1.2", "1.2.3", "9" * 30 + ".1", "١.٢"])
def test_a_broken_cursor_is_the_beginning(text: str) -> None:
    assert Cursor.read(text) == Cursor(0, 0)


def test_cursor_is_read_as_written() -> None:
    assert Cursor.read(str(Cursor(12, 345))) == Cursor(12, 345)


def test_static_address_changes_with_content() -> None:
    other = Pages(static=PAGES.static | {"chat.js": b"x"})
    assert other.address("chat.js") != PAGES.address("chat.js")
    assert other.address("chat.css") == PAGES.address("chat.css")
