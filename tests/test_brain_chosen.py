"""What is chosen of what was named: one thing and another, its own variant, the other size; places and complaints."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from shop.places import places_of
from tests.talking import said_in
from tests.test_agent_meaning import meaning
from tests.test_brain_everyday import wants

# ---- places and complaints -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said", ["Samarqand Xoja Ahror 17-uy", "Samarqand Atirgul 12 uy", "Samarqand Shirin 4", "Самарканд Мыловаров дом 8"]
)
async def test_a_street_called_like_goods_or_people(db: database.Tx, tmp_path: Path, said: str) -> None:
    told, _ = await said_in(db, tmp_path, "sovun", f"vanna tuzi lavandalisidan 2 ta, {said}, 90 066 48 19")
    assert said in told


@pytest.mark.parametrize(
    ("said", "region"),
    [("Smarqand shahar Rudakiy 92", "samarkand"), ("Toshknt shahri Olmazor 5", "tashkent_city"), ("Farzona", "")],
)
def test_a_slip_of_a_town(said: str, region: str) -> None:
    assert next((one.region for one in places_of(said)), "") == region


def test_a_house_of_grams() -> None:
    assert not meaning("choy 300 g bormi", asked="address").address
    assert meaning("Samarqand, Navoiy ko'chasi 12 g", asked="address").address


@pytest.mark.parametrize(
    "said",
    [
        "kecha kelgan choynagingiz yoriq chiqdi",
        "вчера привезли чашку, а она треснутая",
        "the mug arrived chipped",
        "kecha oldim, hech narsaga yaramaydi",
    ],
)
def test_a_broken_thing_in_plain_words(said: str) -> None:
    assert "complaint" in wants(said)
