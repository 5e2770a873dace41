"""The shop that the first command opens: complete, drawn by the project itself, with a card that cannot exist."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from shop.catalogue import read_rows
from shop.hours import hours_text
from shop.profile import read
from shop.search import Search
from shop.shops import DEMO_SKUS
from vision import receipt

DEMO = Path(__file__).parent.parent / "demo"
PROFILE = read(DEMO / "shop.yaml")
ROWS, REFUSED = read_rows(DEMO / "catalog.csv")


def test_the_catalogue_is_good_and_every_picture_is_there() -> None:
    assert (len(ROWS), REFUSED) == (46, [])
    assert all(row.product.sku.startswith(DEMO_SKUS) and row.product.title_ru for row in ROWS)
    pictures = {name for row in ROWS for name in row.pictures}
    assert pictures == {path.name for path in (DEMO / "photos").iterdir()}
    assert sum(path.stat().st_size for path in (DEMO / "photos").iterdir()) < 4_000_000
    for name in pictures:
        with Image.open(DEMO / "photos" / name) as picture:
            assert (picture.size, picture.format, len(picture.getexif())) == ((800, 800), "JPEG", 0)


def test_the_profile_says_everything_a_shopper_asks() -> None:
    assert PROFILE.shop.id == "demo"
    assert {region.prepay for region in PROFILE.delivery.regions} == {30, 100}
    for language in ("uz", "uz_Cyrl", "ru", "en"):
        for text in (PROFILE.contacts.address, PROFILE.payment.text, PROFILE.returns.text, PROFILE.prices.text):
            assert text.text(language)
        assert hours_text(PROFILE, language)


def test_the_card_is_marked_and_cannot_be_real() -> None:
    (card,) = PROFILE.payment.own()
    assert "DEMO" in card.holder
    digits = [int(digit) for digit in f"860000000000{card.last4}"]
    luhn = sum(digits[1::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[::2])
    assert luhn % 10 != 0


@pytest.mark.slow
async def test_the_receipt_of_the_readme_fits_one_backpack() -> None:
    [backpack] = [row.product for row in ROWS if row.product.sku == "DEMO-503"]
    share = next(region.prepay for region in PROFILE.delivery.regions if region.prepay < 100)
    reading = await receipt.read((DEMO / "receipt.jpg").read_bytes())
    assert (reading.amount, reading.last4) == (backpack.price * share // 100, PROFILE.payment.own()[0].last4)
    assert reading.date is None  # it must not be too old on any day
    receipt.close()


@pytest.mark.parametrize(
    ("text", "sku"),
    [
        ("atlas ko'ylak bormi", "102"),
        ("белые кроссовки", "401"),
        ("mug with mountains", "602"),
        ("шуба", ""),
        ("pled", "606"),
    ],
)
def test_the_demo_is_found_by_words(text: str, sku: str) -> None:
    hits = Search([row.product for row in ROWS]).find(text)
    assert (hits[0].sku if hits else "") == (f"{DEMO_SKUS}{sku}" if sku else "")


def test_the_pictures_are_those_the_script_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(DEMO))
    import make_photos

    assert {f"{name}.jpg" for name in make_photos.PICTURES} == {path.name for path in (DEMO / "photos").iterdir()}
    kept = cv2.imread(str(DEMO / "photos" / "krujka.jpg")).astype(int)
    assert np.abs(make_photos.picture("krujka").astype(int) - kept).mean() < 3
    for name in ("make_photos", "prints"):
        sys.modules.pop(name)


def test_what_the_demo_invents_is_not_said_of_somebodys_own_shop() -> None:
    file = DEMO / "shop.yaml"
    demo, own = read(file), read(file, {"own": True, "shop": {"name": "Gulnora Style"}})
    assert demo.contacts.phone and demo.faq and demo.delivery.pickup and demo.payment.own()
    assert own.shop.name == "Gulnora Style" and own.delivery.regions and own.hours
    assert not (own.contacts.phone or own.contacts.telegram or own.contacts.location or own.faq or own.size_chart)
    assert not (own.delivery.pickup or own.delivery.posts or own.payment.own())
    for language in ("uz", "uz_Cyrl", "ru", "en"):
        texts = (own.contacts.address, own.contacts.landmark, own.shop.about, own.prices.text, own.returns.text)
        assert not any(text.text(language) for text in texts)
    assert {region.days for region in own.delivery.regions} == {""} and own.returns.days == 10
    assert {region.days for region in demo.delivery.regions} != {""}  # the file's data is not touched
