"""Addresses: how much is wanted, told in front of one, is no part of it; a village called like goods is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import answer, in_cart, shopper_of


@pytest.mark.parametrize(
    ("shop", "asked", "said", "line", "where"),
    [
        (
            "mato",
            "сатин постельный метр сколько, белый",
            "порежьте 6 метров. Чиланзор 9 квартал, дом 14, 90 123 45 67",
            ("MT-16", "oq", 6),
            "Чиланзор 9 квартал, дом 14",
        ),
        (
            "mato",
            "Adras qora-oq metri nechpul",
            "7 metr kesb qo'ying. Chilonzor 9-kvartal, 14-uy, 90 123 45 67",
            ("MT-13", "qora-oq", 7),
            "Chilonzor 9-kvartal, 14-uy",
        ),
        (
            "mato",
            "how much is calico fabric in white",
            "cut 12 metres please. Chilonzor 9, house 14, 90 123 45 67",
            ("MT-17", "oq", 12),
            "Chilonzor 9, house 14",
        ),
        (
            "eshik",
            "эшик резинаси қора неча пул",
            "15 метр. Жўбор маҳалла 14-уй, 90 123 45 67",
            ("EK-46", "qora", 15),
            "Жўбор маҳалла 14-уй",
        ),
        (
            "sumka",
            "замок кодовый есть?",
            "тогда три. Самарканд, Согдиана, дом 16 кв 44, тел 91 071 90 28",
            ("KS-10", "", 3),
            "Самарканд, Согдиана, дом 16 кв 44",
        ),
        (
            "choy",
            "krem-asal malinali nechpul",
            "unda uchta. Chilonzor 9-kvartal, 14-uy, 90 123 45 67",
            ("CY-24", "malina", 3),
            "Chilonzor 9-kvartal, 14-uy",
        ),
        (
            "suv",
            "фильтр на душ почем",
            "хромированных 2. Нукус, Досназарова 16, кв 30. 91 057 29 64",
            ("SU-35", "xrom", 2),
            "Нукус, Досназарова 16, кв 30",
        ),
        (
            "kofe",
            "how much is the cappuccino cup",
            "black ones 3. Samarkand, Registan street 12. 90 765 43 21",
            ("KF-37", "qora", 3),
            "Samarkand, Registan street 12",
        ),
        (
            "libos",
            "бабочка сколько стоит",
            "бордовых 4. Бухара, Навои 12, кв 5. 90 222 33 44",
            ("MD-25", "bordo", 4),
            "Бухара, Навои 12, кв 5",
        ),
        (
            "sport",
            "voleybol to'pi qancha",
            "unda uchta. Qarshi, Mustaqillik ko'chasi 44, 93 222 11 00",
            ("SP-17", "", 3),
            "Qarshi, Mustaqillik ko'chasi 44",
        ),
        (
            "telefon",
            "повербанк 20000 борми",
            "қораларидан 2. Тошкент, Юнусобод 4-квартал 12-уй, 91 234 56 78",
            ("TF-37", "qora", 2),
            "Тошкент, Юнусобод 4-квартал 12-уй",
        ),
    ],
)
async def test_a_count_ahead_of_the_address_is_counted(
    db: database.Tx, tmp_path: Path, shop: str, asked: str, said: str, line: tuple[str, str, int], where: str
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await answer(me, asked)
    await answer(me, said)
    assert await in_cart(me) == [line]
    assert (await me.play.cart()).address == where


async def test_metres_from_a_place_are_part_of_the_address(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "sumka/first.jsonl")
    await answer(me, "do you have a code lock")
    await answer(me, "then four. Qarshi, 300 metres from the bazaar, 90 123 45 67")
    assert await in_cart(me) == [("KS-10", "", 4)]
    assert (await me.play.cart()).address == "Qarshi, 300 metres from the bazaar"


@pytest.mark.parametrize(
    ("shop", "order", "where"),
    [
        ("eshik", "klassik mdf eshik oq 80 lik 2 ta", "Vobkent tumani, Shirin qishlog'i, Do'stlik ko'chasi 11-uy"),
        ("eshik", "klassik mdf eshik oq 80 lik 2 ta", "Каракульский район, село Ширин, улица Мира 4"),
        ("choy", "krem-asal malinali bitta olaman", "Зангиота тумани, Асал қишлоғи, Навбаҳор кўчаси 5"),
        ("choy", "krem-asal malinali bitta olaman", "Qibray tumani, Yalpiz mahallasi, Bog' ko'chasi 5"),
        ("sumka", "code lock, two please", "Zangiota district, Kumush village, Bog street 5"),
    ],
)
async def test_a_village_called_like_goods_stays_in_the_address(
    db: database.Tx, tmp_path: Path, shop: str, order: str, where: str
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await answer(me, order)
    await answer(me, f"{where}, 94 045 72 03")
    assert (await me.play.cart()).address == where


@pytest.mark.parametrize(
    ("shop", "asked", "said", "told"),
    [
        (
            "eshik",
            "is the multi-level threshold available in silver?",
            "what about the flat one",
            "Porog alyumin tekis",
        ),
        ("eshik", "is the multi-level threshold available in silver?", "two flat ones please", "Porog alyumin tekis"),
        ("sumka", "code lock, two please", "I'd rather have a flat one", "address"),
    ],
)
async def test_a_flat_one_is_no_home(
    db: database.Tx, tmp_path: Path, shop: str, asked: str, said: str, told: str
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await answer(me, asked)
    assert told in await answer(me, said)
    assert (await me.play.cart()).address == ""


@pytest.mark.parametrize("flat", ["flat one", "flat 1", "flat 12"])
async def test_a_flat_is_a_home(db: database.Tx, tmp_path: Path, flat: str) -> None:
    me = await shopper_of(db, tmp_path, "sumka/first.jsonl")
    await answer(me, "code lock, two please")
    await answer(me, f"90 123 45 67, Chilonzor 9, house 4, {flat}")
    assert (await me.play.cart()).address == f"Chilonzor 9, house 4, {flat}"
