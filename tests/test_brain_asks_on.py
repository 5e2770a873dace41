"""What is asked on, of the thing in view or of what the shop just answered: no other thing is put in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import said_in

# ---- so many of the thing in view ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("muz", ["чучвара мол гўштли 1 кг неча пул", "маҳаллага 10 кило олсак нечидан берасиз"], "72 000"),
        ("idish", ["oq tarelka yassi 25 sm nechpul", "kafemiz bor, 20 ta olsam qanchadan tushadi"], "20 000"),
        ("osimlik", ["сколько стоит мини кактус", "я флорист, если 10 штук возьму скинете?"], "14 000"),
        ("chiroq", ["how much is the 9W led bulb", "i'm an electrician, what if i take 50, any cheaper?"], "11 000"),
        ("bozor", ["guruch devzira bormi", "oshpazman, 10 kg olsam qanchaga tushirasiz"], "29 000"),
        ("kimono", ["taekvondo dobogi 140 nech pul", "klub bolalariga 12 ta olsam nechidan qilib berasiz"], "155 000"),
        ("tent", ["soya setka 55 foizligi metri nechidan", "60 metr olmoqchiman, arzonlashadimi"], "12 000"),
        ("bosma", ["почём ручки пластиковые с логотипом, если 100 шт взять?"], "3 800"),
    ],
)
async def test_the_price_of_so_many_is_told(
    db: database.Tx, tmp_path: Path, shop: str, said: list[str], told: str
) -> None:
    text, held = await said_in(db, tmp_path, shop, *said)
    assert told in text and held == []


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("sovga", "how much for a clay soup bowl? I need 6, what would be the price for 6?", "40 000"),
        ("kitob", "sharikli ruchka 60 ta olaman, nechidan berasiz", "1 800"),
        ("charm", "How much is the badge holder? We need a dozen, so what price for 12?", "65 000"),
    ],
)
async def test_it_is_told_before_the_colour_is_asked(
    db: database.Tx, tmp_path: Path, shop: str, said: str, told: str
) -> None:
    assert told in (await said_in(db, tmp_path, shop, said))[0]


# ---- what the shop's own answer left in view -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("konditer", ["Is your gelatine beef or pork? My guests only eat halal", "and the price?"], "20 000"),
        ("konditer", ["салом, сливкини Тўрақўрғонга ҳам юборасизларми", "33 фоизлиги неча пул"], "62 000"),
        ("konditer", ["картинку на торт напечатать можете? съедобную", "сколько лист стоит"], "35 000"),
        ("mangal", ["qozonni o'zilaring kuydirib berasilami", "cho'yan 5 litrligi necha pul"], "190 000"),
        ("chiroq", ["люстры устанавливаете?", "а сколько это стоит"], "80 000"),
    ],
)
async def test_a_price_is_of_what_was_answered(
    db: database.Tx, tmp_path: Path, shop: str, said: list[str], told: str
) -> None:
    assert told in (await said_in(db, tmp_path, shop, *said))[0]


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("chiroq", ["kesilgan kabelni qaytarib olasizmi", "ochilmagan lampochka bo'lsa-chi, necha kungacha"], "7 kun"),
        ("kitob", ["can I return a used notebook?", "and an unopened backpack, how many days?"], "14 days"),
        ("bosma", ["в Ташкент отправляете? сколько стоит доставка", "а идёт сколько дней?"], "2-3 дня"),
        ("sovga", ["Toshkentga yetkazish bormi, necha pul", "necha kunda boradi"], "2-3 kun"),
    ],
)
async def test_how_many_days_is_asked_of_the_same(
    db: database.Tx, tmp_path: Path, shop: str, said: list[str], told: str
) -> None:
    assert told in (await said_in(db, tmp_path, shop, *said))[0]


# ---- a worry beforehand ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("sovga", "Тошкентга юборсангиз керамика йўлда синмайдими", "қути"),
        ("sovga", "won't the bowls get broken on the way to Tashkent?", "box"),
        ("idish", "unda piyola yo'lda sinib ketmaydimi", "plyonka"),
        ("chiroq", "люстра не разобьётся, если в Наманган отправите?", "заменим"),
    ],
)
async def test_what_may_break_is_no_complaint(db: database.Tx, tmp_path: Path, shop: str, said: str, told: str) -> None:
    assert told in (await said_in(db, tmp_path, shop, said))[0]


# ---- a person who knows, a measure of one's own, another of its kind -------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("rozetka", "yangi hovliga elektr tortmoqchimiz, tushunadigan odamingiz bilan gaplashtirib qo'ying", "uzatdim"),
        ("chiroq", "нужен свет на всю квартиру, дайте поговорить с тем, кто разбирается", "сотрудник"),
        ("mangal", "o'z o'lchamimiz bo'yicha mangal qilib berasizlarmi, 70 ga 40", "chizma"),
        ("mangal", "мангал по своим размерам можно заказать?", "3–5 дней"),
    ],
)
async def test_it_is_heard_in_other_words(db: database.Tx, tmp_path: Path, shop: str, said: str, told: str) -> None:
    assert told in (await said_in(db, tmp_path, shop, said))[0]


async def test_what_is_sold_out_has_its_kin_by_a_part_of_its_word(db: database.Tx, tmp_path: Path) -> None:
    text, _ = await said_in(
        db, tmp_path, "rozetka", "видеозвонок с камерой есть?", "тогда простой беспроводной, чёрный, сколько выйдет"
    )
    assert "75 000" in text


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("parda", "shtorani kaltalatib berasizlarmi, Toshkentga ham yuborasizmi?", ["15 000", "2-3 kun"]),
        ("parda", "шторы укорачиваете, в Ташкент отправите?", ["15 000", "2-3 дня"]),
    ],
)
async def test_where_it_is_sent_is_answered_beside_the_work(
    db: database.Tx, tmp_path: Path, shop: str, said: str, told: list[str]
) -> None:
    text, _ = await said_in(db, tmp_path, shop, said)
    assert all(one in text for one in told), text
