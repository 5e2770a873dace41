"""Words and vectors together: what is written of a product counts where its name does not decide."""

from __future__ import annotations

import threading

import pytest

from kit.db import Tx
from shop.catalogue import Product
from shop.search import Hit, Search
from shop.search import joined as module
from shop.search.grams import Grams
from shop.search.joined import joined
from tests.orders_shop import make_shop
from tests.test_search import SHOP, other_shop

ROWS = """
N | Ko'ylak "Nafis" | Платье «Нафис» | Ko'ylak | To'y va bazmlar uchun, yengil shifon. Лёгкое, на свадьбу и праздник.
Q | Ko'ylak "Qish" | Платье «Зима» | Ko'ylak | Issiq jun, sovuq kunlar uchun. Тёплое, из шерсти.
I | Ko'ylak "Ish" | Платье «Офис» | Ko'ylak | Ofisga, g'ijimlanmaydi. Для работы, не мнётся.
S | Sumka "Safar" | Сумка «Сафар» | Sumka | Sayohatga, yengil va suv o'tkazmaydi. В дорогу, непромокаемая.
K | Kepka | Кепка | Kepka | Quyoshdan saqlaydi. От солнца.
"""


def product(line: str) -> Product:
    sku, uz, ru, category, description = (part.strip() for part in line.split("|"))
    return Product(sku, uz, 1000, "UZS", ru, description, category)


PRODUCTS = [product(line) for line in ROWS.strip().splitlines()]
SEARCH = Search(PRODUCTS)


@pytest.mark.parametrize(
    ("text", "sku"),
    [
        ("to'yga yengil ko'ylak", "N"),
        ("тўйга енгил кўйлак", "N"),
        ("лёгкое платье на свадьбу", "N"),
        ("issiq ko'ylak bormi", "Q"),
        ("платье из тёплой шерсти", "Q"),
        ("ofisga ko'ylak", "I"),
        ("платье для работы", "I"),
        ("sayohatga sumka", "S"),
        ("kepka", "K"),
    ],
)
def test_what_is_written_of_a_thing_chooses_among_its_like(text: str, sku: str) -> None:
    assert joined(SEARCH, text, 3)[0] == sku


@pytest.mark.parametrize("name", ["shop", "third"])
def test_what_words_name_stays_first(name: str) -> None:
    index, queries = other_shop(name)
    named = [(text, wanted) for text, wanted in queries if wanted != ["-"]]
    wrong = [text for text, wanted in named if joined(index, text, 5)[:1] not in [[sku] for sku in wanted]]
    assert len(wrong) <= len(named) // 50, wrong


@pytest.mark.parametrize("text", ["", "??", "salom", "qwerty zxcv", "12345", "holodilnik bormi", "велосипед детский"])
def test_what_names_nothing_is_not_made_into_something(text: str) -> None:
    assert joined(SHOP, text, 5) == [hit.sku for hit in SHOP.find(text, 5)]


def test_a_learned_order_speaks_where_words_do_not() -> None:
    assert joined(SEARCH, "nimadir chiroyli", 5, ["S", "N"])[:2] == ["S", "N"]
    assert joined(SEARCH, "kepka", 5, ["S", "N"]) == ["K"]
    assert joined(SEARCH, "ko'ylak", 3, ["I", "N", "Q"])[0] == "I"  # three as good as each other


@pytest.mark.parametrize("many", [3_000, 2])
async def test_a_large_shop_is_ranked_beside_the_event_loop(db: Tx, monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    threads: list[int] = []
    find = Search.find

    def noted(self: Search, text: str, limit: int = 5) -> list[Hit]:
        threads.append(threading.get_ident())
        return find(self, text, limit)

    monkeypatch.setattr(Search, "find", noted)
    monkeypatch.setattr(module, "_MANY", many)
    assert (await module.find(make_shop(tuple(PRODUCTS)), "лёгкое платье на свадьбу", 3, db))[0] == "N"
    assert (threads[0] == threading.get_ident()) is (many > len(PRODUCTS))


def test_vectors_are_of_unit_length_and_know_every_spelling() -> None:
    near = Grams(PRODUCTS).near("свадьба")
    assert near is not None and near.place("N") == 0 and near.place("nothing") is None
    assert all(-1 <= one <= 1 for _, one in near.above(-1.0)) and len(near.above(-1.0)) == len(PRODUCTS)
    assert [near.place(sku) for sku, _ in near.above(-1.0)] == list(range(len(PRODUCTS)))
    assert [sku for sku, _ in near.above(near.above(-1.0)[1][1])] == [sku for sku, _ in near.above(-1.0)[:2]]
    assert Grams([]).near("ko'ylak") is None and Grams(PRODUCTS).near("...") is None
