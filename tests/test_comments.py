"""What a comment is, and what is said to it: decided by words alone, in any script."""

from __future__ import annotations

import pytest

from agent import comments
from shop import links
from shop.catalogue import read_rows
from tests.orders_shop import make_shop
from tests.talk import folder_of


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("narxi qancha?", "sign"),
        ("нархи қанча экан, етказиб бериш борми", "ask"),
        ("Сколько стоит и какие размеры есть", "ask"),
        ("how much is the red one?", "ask"),
        ("38 razmer bormi", "ask"),
        ("qizilidan bitta olaman", "ask"),
        ("voy zo'r ekan, narxi qancha", "ask"),
        ("Красота! Размер 46 есть?", "ask"),
        ("@shop_name narxini ayting", "ask"),
        ("do'koningiz qayerda?", "ask"),
        ("+", "sign"),
        ("➕➕", "sign"),
        ("💰", "sign"),
        ("Цена?", "sign"),
        ("в директ напишите", "sign"),
        ("dm me please", "sign"),
        ("juda chiroyli 😍", "quiet"),
        ("❤️❤️🔥", "quiet"),
        ("Шикарно, заказала себе, ношу каждый день", "quiet"),
        ("menda ham bor shundan, zo'r", "quiet"),
        ("@aziza_98 qara", "quiet"),
        ("@aziza_98 сестра смотри какая", "quiet"),
        ("men ham oldim, rahmat sizga", "quiet"),
        ("tabriklayman!", "quiet"),
        ("Заработок от 300$ в день, пишите", "spam"),
        ("kuniga 100$ daromad qilmoqchimisiz? profilimga kiring", "spam"),
        ("Check my profile for crypto signals", "spam"),
        ("zo'r kanal https://t.me/kanal", "spam"),
        ("Brak keldi, pulimni qaytaring", "complaint"),
        ("Обманщики, деньги взяли и не отвечают", "complaint"),
        ("buyurtmam hali ham kelmadi, javob bermayapsiz", "complaint"),
        ("ahmoqlar", "question"),
        ("direktga yozdim, javob yo'q", "question"),
        ("Писала вам в директ, никакого ответа", "question"),
        ("direktga yozgandim, narxi qancha?", "sign"),
        ("optom narxi", "ask"),
        ("Menga shundan 2ta", "ask"),
        ("бронь", "ask"),
        ("можно мне такую же?", "ask"),
        ("qimmatku", "quiet"),
        ("opamga zo'r sovg'a bo'lardi 😍", "quiet"),
        ("Bu rostdan o'sha modelmi?", "question"),
        ("белые ещё остались?", "ask"),
        ("any grey ones left?", "ask"),
        ("do you still have it?", "ask"),
        ("we left home early, lovely", "quiet"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert comments.decide(text) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("menda bor, 38 razmer", "quiet"),
        ("narxi 280 ming edi", "quiet"),
        ("rahmat", "quiet"),
        ("qaysi biri?", "quiet"),
        ("narxi qancha?", "sign"),
        ("38 bormi?", "ask"),
    ],
)
def test_people_who_answer_each_other(text: str, kind: str) -> None:
    assert comments.decide(text, nested=True) == kind


@pytest.mark.parametrize("sku", ["GL-24", "a_1", "Артикул 7/2", "x" * 40, "у" * 40])
def test_a_link_opens_any_article(sku: str) -> None:
    start = links.start_of(sku)
    assert len(start) <= 64 and start.isascii() and " " not in start
    assert links.sku_of(start, ["other", sku]) == sku
    assert links.sku_of(start, ["other"]) == "" and links.sku_of("", [sku]) == "" and links.sku_of("o_1", [sku]) == ""


@pytest.mark.parametrize(
    ("name", "text", "sku", "left"),
    [
        ("beshik/first.jsonl", "сколько стоит кресло?", "BK-16", "сколько стоит     ?"),
        ("beshik/first.jsonl", "сколько стоит кресло?", "BK-30", "сколько стоит       ?"),
        ("beshik/first.jsonl", "сколько стоит кресло?", "BK-23", "сколько стоит кресло?"),
        ("beshik/first.jsonl", "qizili bormi", "BK-16", "qizili bormi"),
        ("kelin/first.jsonl", "штучно qanchadan bu korobochkalar?", "KN-46", "штучно qanchadan bu ?"),
        ("kelin/first.jsonl", "fata ham bormi?", "KN-46", "fata ham bormi?"),
    ],
)
def test_the_end_of_a_long_word_is_the_product_of_the_post(name: str, text: str, sku: str, left: str) -> None:
    rows, _ = read_rows(folder_of(name) / "catalog.csv")
    shop = make_shop(tuple(row.product for row in rows))
    said = comments.of_post(shop, text, [sku])
    assert said.split() == left.split()
