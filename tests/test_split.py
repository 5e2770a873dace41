"""Splitting: nothing lost, nothing too long, no word or letter broken that need not be."""

from hypothesis import given
from hypothesis import strategies as st

from bot.split import split, utf8, utf16

WORDS = st.lists(st.text(alphabet="abc дўқ ʻ💰👩\u200d👧.!\n", min_size=1, max_size=30), max_size=60).map(" ".join)


@given(WORDS | st.text(max_size=400), st.integers(8, 120))
def test_pieces_fit_and_nothing_but_space_is_lost(text, limit):
    for weigh in (utf8, utf16):
        pieces = split(text, limit, weigh)
        assert all(0 < sum(map(weigh, piece)) <= limit for piece in pieces)
        assert "".join("".join(pieces).split()) == "".join(text.split())


@given(st.lists(st.text(alphabet="shopдўкон", min_size=1, max_size=20), min_size=1, max_size=80), st.integers(40, 200))
def test_words_stay_whole_where_one_fits(words, limit):
    pieces = split(" ".join(words), limit, utf8)
    assert " ".join(pieces).split() == words


def test_a_piece_ends_at_the_best_place():
    text = "Birinchi gap. Ikkinchi gap juda uzun\n\nYangi xat boshi"
    assert split(text, 45, utf8) == ["Birinchi gap. Ikkinchi gap juda uzun", "Yangi xat boshi"]
    assert split("Narxi 250\u00a0000\u00a0soʻm boʻladi", 20, utf8) == ["Narxi", "250\u00a0000\u00a0soʻm", "boʻladi"]


def test_a_picture_of_several_signs_is_not_cut():
    family = "👩\u200d👩\u200d👧"
    assert split("x" * 9 + family, 10, utf16) == ["x" * 9, family]


def test_thousand_bytes_are_five_hundred_cyrillic_letters():
    pieces = split("ы" * 1001, 1000, utf8)
    assert [len(piece) for piece in pieces] == [500, 500, 1]
    assert split("  \n ", 1000, utf8) == []
