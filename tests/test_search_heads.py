"""The thing that is asked for comes before what shares the words beside it."""

from __future__ import annotations

import pytest

from shop.search import Search
from shop.search.units import units
from tests.test_search_titles import first, sold

COTS = sold(
    "Beshik-karavot 60x120 | Кроватка детская 60х120",
    "Bolalar matrasi 60x120 | Детский матрас 60х120",
    "Katta matras 160x200 | Матрас 160х200",
)
VANS = sold(
    "Shina Kama 185/75 R16C Gazel | Шина Кама 185/75 R16C Газель",
    "Kamera Gazel R16 | Камера Газель R16",
    "Shina Kumho 205/55 R17 | Шина Kumho 205/55 R17",
)
BINDERS = sold(
    "Broshyurator (prujinaga tikadigan) | Брошюратор на пластиковую пружину",
    "Plastik prujina 100 ta | Пружина пластиковая 100 шт",
)
EGGS = sold(
    "Tovuq tuxumi 10 talik | Яйца куриные 10 шт",
    "Bedana tuxumi 20 talik | Яйца перепелиные 20 шт",
    described={"Bedana tuxumi 20 talik": "Qutida. В коробочке. Quail eggs"},
)
FISH = sold("Som ansistrus (oyna tozalovchi) | Сом анциструс (чистит стёкла)", "Oyna tozalagich | Щётка для стекла")
HAMSTERS = sold("Xomyak qafasi | Клетка для хомяка", "Xomyak g'ildiragi | Колесо для хомяка")
HELMETS = sold("Shlem kattalar uchun | Шлем взрослый", "Fara USB | Фара USB")
OILS = sold("Zanjir 420 | Цепь 420", "Zanjir moyi sprey | Смазка цепи спрей", "2T moy | Масло 2T")


@pytest.mark.parametrize(
    ("index", "said", "title"),
    [
        (COTS, "beshik karavotga matras 60x120", "Bolalar matrasi 60x120"),
        (COTS, "бешик каравотга матрас 60х120 борми", "Bolalar matrasi 60x120"),
        (COTS, "beshik karavot 60x120", "Beshik-karavot 60x120"),
        (VANS, "газел балони 185/75 R16", "Shina Kama 185/75 R16C Gazel"),
        (VANS, "gazel kamerasi", "Kamera Gazel R16"),
        (BINDERS, "broshyuratorga plastik prujina kerak", "Plastik prujina 100 ta"),
        (BINDERS, "broshyurator kerak", "Broshyurator (prujinaga tikadigan)"),
        (EGGS, "quail eggs", "Bedana tuxumi 20 talik"),
        (EGGS, "перепелиные яйца", "Bedana tuxumi 20 talik"),
        (HAMSTERS, "how much is the wheel for a hamster", "Xomyak g'ildiragi"),
        (HELMETS, "katta odam shlemi", "Shlem kattalar uchun"),
        (FISH, "oyna tozalaydigan som bormi", "Som ansistrus (oyna tozalovchi)"),
        (OILS, "zanjirga sepadigan moy", "Zanjir moyi sprey"),
    ],
)
def test_the_thing_itself_is_meant(index: Search, said: str, title: str) -> None:
    assert first(index, said) == title


@pytest.mark.parametrize("said", ["50 ming som", "som bormi", "gde moy zakaz"])
def test_money_and_mine_are_no_goods_alone(said: str) -> None:
    index = FISH if "som" in said else OILS
    assert not {"som", "moy"} & {word.key for unit in units(said, index._lexicon, index._sold) for word in unit.words}
    assert all(
        unit.words[0].key not in ("som", "moy") for unit in units(said, index._lexicon, index._sold, index._heads)
    )
