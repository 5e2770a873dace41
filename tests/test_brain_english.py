"""English shoppers: names that only a description tells in English, plurals, sizes, one thing instead of another."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from shop.search import english
from tests.talking import answer, in_cart, said_in, shopper_of
from tests.test_search_titles import first, sold

# ---- names in descriptions -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("description", "names"),
    [
        ("Yupqa, 3 mm. Thin yoga mat, blue", ("Thin yoga mat",)),
        ("Qalin. Толстый, для зала. Anvil", ("Anvil",)),
        ("Wooden shelf, wall shelf, oak", ("Wooden shelf", "wall shelf")),
        ("Yengil, yozga. Paxta, tizzadan past", ()),
        ("Charm tasma. Kvars. 120 W", ()),
        ("Mikser va bachokka. Kofe uchun", ()),
    ],
)
def test_english_names_of_a_description(description: str, names: tuple[str, ...]) -> None:
    assert english.names(description) == names


def test_an_english_name_is_a_name() -> None:
    index = sold(
        "Elak",
        "Tova 24 sm | Сковорода 24 см",
        "Shaxmat",
        described={"Elak": "Zanglamaydi. Flour sieve", "Shaxmat": "Wooden chess, magnetic"},
    )
    assert first(index, "2 flour sieves") == "Elak"
    assert first(index, "wooden chess") == "Shaxmat"


@pytest.mark.parametrize(
    ("shop", "said", "line"),
    [
        ("ovchi", "2 tackle boxes in green please", ("OV-17", "yashil", 2)),
        ("musiqa", "I want 2 wooden flutes", ("MS-15", "", 2)),
        ("sovun", "can i get a blue oil burner", ("SV-30", "ko'k", 1)),
        ("hovli", "i'd like 3 rotating sprinklers", ("HV-34", "", 3)),
        ("zoo", "i need a collar for a medium dog, black", ("ZO-11", "M/qora", 1)),
        ("ayol", "one brown tote bag pls", ("AY-30", "jigarrang", 1)),
    ],
)
async def test_ordered_by_its_english_name(
    db: database.Tx, tmp_path: Path, shop: str, said: str, line: tuple[str, str, int]
) -> None:
    _, lines = await said_in(db, tmp_path, shop, said)
    assert lines == [line]


@pytest.mark.parametrize(
    ("title", "said"),
    [("Abaya", "abayas"), ("Vaza | Ваза", "two vases"), ("Kitob javoni | Bookrack", "bookracks")],
)
def test_plurals_that_no_ending_shows(title: str, said: str) -> None:
    assert first(sold("Choynak | Чайник", title), said) == title.partition(" | ")[0]


def test_an_english_name_hides_no_word_of_another_language() -> None:
    index = sold("Pyupitr", "Dutor", described={"Pyupitr": "Temir. Music stand", "Dutor": "Musiqa maktabiga"})
    assert first(index, "musiqa maktabiga dutor", described=True) == "Dutor"


def test_words_that_only_look_like_plurals() -> None:
    index = sold("Gilo | Гило", "Gilos | Черешня")
    assert first(index, "gilos") == "Gilos"


# ---- how many of which size ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "line"),
    [
        ("sport", "I need 3 size M knee pads", ("SP-32", "M", 3)),
        ("optika", "we want 3 kids digital watches, pink", ("OP-31", "pushti", 3)),
        ("pazanda", "half a dozen muffin moulds, pink", ("PZ-01", "pushti", 6)),
        ("ovchi", "can i have a couple of tackle boxes, blue", ("OV-17", "ko'k", 2)),
        ("bola", "give me 2 kids sneakers white size 27", ("SQ-13", "27/oq", 2)),
    ],
)
async def test_a_count_before_a_size_or_the_children(
    db: database.Tx, tmp_path: Path, shop: str, said: str, line: tuple[str, str, int]
) -> None:
    _, lines = await said_in(db, tmp_path, shop, said)
    assert lines == [line]


# ---- one thing for another -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "instead of the wooden flute i'll take 2 thin gig bags",
        "no wooden flute, 2 thin gig bags instead",
    ],
)
async def test_one_thing_instead_of_another(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "musiqa/first.jsonl")
    await answer(me, "1 wooden flute please")
    await answer(me, said)
    assert await in_cart(me) == [("MS-33", "", 2)]


async def test_not_wanted_with_a_word_that_tells_of_it(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "sport/first.jsonl")
    await answer(me, "2 size M knee pads and 1 black swimming cap")
    await answer(me, "no fancy knee pads please")
    assert [sku for sku, _, _ in await in_cart(me)] == ["SP-20"]
