"""Small trades: the catalogue has one language's word, the shopper says another's."""

from __future__ import annotations

import pytest

from shop.catalogue import Product
from shop.fold import fold_word
from shop.lexicon import load
from shop.search import Search

ASKED = """стирательная резинка | O'chirg'ich yumshoq
doska magnit | Маркерная доска 60x90
прописи для детей | Husnixat daftari
nardi | Backgammon set
хлопушка | Party popper gold
набор для маникюра | Manikyur nabori
патчи под глаза | Eye patches collagen
sun'iy kiprik | False lashes 3D
лак для волос | Soch laki kuchli
пятновыводитель | Dog' ketkazgich kukun
garlic press | Чеснокодавилка стальная
подставка под горячее | Trivet bamboo
namatrasnik | Mattress protector 160x200
рулонные шторы | Rulon parda 120 sm
гирлянда | String lights 10 m
секатор | Tok qaychi bog'bon
kanistra | Jerry can 20 l
омывайка зимняя | Oyna yuvish suyuqligi
велокамера | Inner tube 26
leska | Fishing line 0.3
креатин | Creatine monohydrate
bosim o'lchagich | Tonometer arm
линзы голубые | Contact lenses monthly
коврик для намаза | Joynamoz baxmal
пельмени | Chuchvara qo'lda tugilgan
варежки | Mittens jun qizil
юбка карандаш | Pencil skirt office
косуха | Biker jacket M
фата невесты | Bridal veil 3 m
портфель на колёсиках | Rolling backpack Fox
чехол для чемодана | Chamadon chexoli L
ko'zoynak zanjiri | Цепочка для очков
клей для ресниц | Kiprik yelimi
пемза | Tovontosh katta
хиджама | Hijoma to'plami 24
nail cutter | Tirnoq olgich zanglamas
капли для глаз | Ko'z tomchisi 10 ml
детское масло | Bolalar moyi 200 ml
барабанные палочки | Drumsticks hickory
поисковая метка | Key finder round
мфу а4 | Multifunction printer laser
wifi kamera | Камера видеонаблюдения 4 Мп
gaz kolonka | Проточная газовая колонка 10 л
теплый пол | Floor heating mat 2 m2
кабель стяжка | Cable ties 100 pcs
ручка мебельная | Mebel tutqichi qora
велофонарь | Bike light front
orqa fara | Задний фонарь левый
грузило | Fishing sinker 20 g
шезлонг | Sun lounger wood
tea urn | Самовар тульский 5 л
швабра с отжимом | Spin mop 360
shkaf kupe | Sliding wardrobe oyna bilan
упаковка для букетов | Gul o'rash qog'ozi krem
stencil | Трафарет буквы
sirpanchiq gorka | Playground slide 1.5 m
мотоблок | Walk-behind tractor 7 hp
щенок | Kuchuk bolasi alabay
чайные ложки | Teaspoon steel
watermelon | Арбуз мирзачульский
бульонные кубики | Bulyon kubigi tovuqli
kuldon | Ashtray wooden"""
PAIRS = [line.split(" | ") for line in ASKED.splitlines()]
ALL = Search(Product(f"T-{at}", title, 1000, "UZS") for at, (_, title) in enumerate(PAIRS))


def found(index: Search, text: str) -> list[str]:
    """Titles of what `text` finds, best first."""
    titles = {product.sku: product.title_uz for product in index.products}
    return [titles[hit.sku] for hit in index.find(text)]


@pytest.mark.parametrize(("asked", "title"), PAIRS)
def test_a_word_of_another_language_finds_the_thing(asked: str, title: str) -> None:
    assert found(ALL, asked)[:1] == [title]


def test_a_slip_in_a_rare_word_is_believed_only_where_such_things_are_sold() -> None:
    assert found(ALL, "пятнавыводитель есть?") == ["Dog' ketkazgich kukun"]
    dresses = Search([Product("D-1", "Qizil ko'ylak", 1000, "UZS", "Красное платье")])
    assert dresses.find("пятнавыводитель есть?") == []
    assert found(dresses, "ko'ylak qalay surat tashlang") == ["Qizil ko'ylak"]


def test_a_thing_below_another_is_found_by_it_and_not_the_other_way() -> None:
    shop = Search([Product("G-1", "Jun qo'lqop", 1000, "UZS", "Варежки"), Product("G-2", "Qo'lqop", 1000, "UZS")])
    assert set(found(shop, "перчатки")) == {"Jun qo'lqop", "Qo'lqop"}
    assert found(shop, "mittens") == ["Jun qo'lqop"]


def test_an_ending_makes_no_goods_of_a_word_of_talk() -> None:
    lexicon = load()
    for word in ["bersangiz", "bersa", "qizil", "galaba", "g'alaba", "chamasi", "beyj", "рукава", "поручение"]:
        assert not lexicon.meanings((fold_word(word),)), word


def test_words_of_talk_are_no_rare_goods() -> None:
    lexicon = load()
    talk = (
        "olma nok uzum karam bor ona bola rang list chek karta uy kun til gul love fit sit past kelma six tester parts"
    )
    assert not {fold_word(word) for word in talk.split()} & lexicon.rare
    assert not lexicon.rare & lexicon.filler


def test_words_of_talk_have_no_stem_of_gear() -> None:
    talk = "test bersa bersangiz konkret сплит эпоха гриппа surname cooler install kond mold фотик твистер шурик"
    assert [word for word in talk.split() if load().meanings((fold_word(word),))] == []
