"""Whether anything is to be paid now, asked in many words: the shop's terms are told, and nothing is taken for paid."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import said_in


@pytest.mark.parametrize(
    ("shop", "order", "said", "told"),
    [
        ("eshik", "one milan enamel door grey 60 cm please", "Do I have to pay anything now?", "in cash on arrival"),
        ("sumka", "code lock, two please", "is anything to be paid now? we are in Samarkand", "70 000"),
        ("sumka", "code lock, two please", "do I need to pay something right now", "in cash"),
        ("sumka", "замок кодовый беру один", "мне сейчас что-нибудь платить надо? я в Самарканде", "35 000"),
        ("sumka", "kodli qulf bitta olaman", "hozir biror narsa to'lashim kerakmi", "naqd"),
        ("sumka", "kodli qulf bitta olaman", "ҳозир пул ташлаш керакми", "нақд"),
        ("choy", "krem-asal malinali bitta olaman", "hozir pul berish kerakmi", "oldindan"),
    ],
)
async def test_what_is_paid_now_is_told(
    db: database.Tx, tmp_path: Path, shop: str, order: str, said: str, told: str
) -> None:
    text, held = await said_in(db, tmp_path, shop, order, said)
    assert told in text
    assert len(held) == 1


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("kodli qulf bitta olaman", "voy xato ketdi"),
        ("kodli qulf bitta olaman", "вой хато ёздим"),
        ("замок кодовый беру один", "ой ошиблась"),
        ("code lock, one please", "oops typo"),
    ],
)
async def test_a_slip_in_the_phone_is_no_address(db: database.Tx, tmp_path: Path, order: str, said: str) -> None:
    text, _ = await said_in(db, tmp_path, "sumka", order, "90 078 31 66", f"{said}, 90 078 31 69")
    assert said.split()[-1] not in text
    text, _ = await said_in(db, tmp_path, "sumka", order, f"{said}, 90 078 31 69", "Chilonzor 9-kvartal, 14-uy")
    assert "Chilonzor 9-kvartal, 14-uy, +998 90 078 31 69" in text
