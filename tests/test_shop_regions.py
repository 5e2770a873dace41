"""Places as people type them, to the delivery region of the shop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shop.places import country, places_of
from shop.profile import Profile, parse, read
from shop.regions import at_home, beyond, beyond_at, region_at, region_of
from shop.translit import to_cyrillic

SHOP = read(Path(__file__).parent / "shop" / "shop.yaml")


def with_regions(*regions: dict[str, Any], address: str = "") -> Profile:
    listed = [{"name": {"uz": ""}, "price": 1} | region for region in regions]
    return parse({"shop": {"name": "S"}, "contacts": {"address": address}, "delivery": {"regions": listed}}, "test")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Samarqandga yetkazasizmi?", "other"),
        ("в Бухару отправляете?", "other"),
        ("Қўқонга жўнатасизларми", "other"),
        ("кокандга", "other"),
        ("Самаркандская область, Ургут", "other"),
        ("Нукусга доставка борми", "karakalpakstan_khorezm"),
        ("delivery to Khiva", "karakalpakstan_khorezm"),
        ("Урганч шаҳар", "karakalpakstan_khorezm"),
        ("qoraqalpogiston", "karakalpakstan_khorezm"),
        ("Yunusobod 4-kvartal", "tashkent_city"),
        ("Чиланзарский р-н", "tashkent_city"),
        ("Манзил: Сергели 7А мавзе", "tashkent_city"),
        ("Мирабад, ул. Нукусская 21", "tashkent_city"),
        ("по Ташкенту", "tashkent_city"),
        ("Chorsu yonida", "tashkent_city"),
        ("yunsobod", "tashkent_city"),
        ("bektemr tumani", "tashkent_city"),
        ("Farg'ona yo'li 12, Mirobod", "tashkent_city"),
        ("Toshkent viloyati, Chinoz", "tashkent_region"),
        ("Toshkent tumani", "tashkent_region"),
        ("Ташкентская область", "tashkent_region"),
        ("Nurafshon shahri, Toshkent yo'li 10", "tashkent_region"),
        ("Chirchiqqa", "tashkent_region"),
        ("Toshkentdan Jizzaxga", "other"),
        ("Nukus shahri, Doʻstlik guzari 14/2", "karakalpakstan_khorezm"),
        ("Xonqa, Guliston mahallasi", "karakalpakstan_khorezm"),
        ("г. Ургенч, махалля Чиланзар", "karakalpakstan_khorezm"),
        ("Андижон ш., Навоий шоҳ кўча 101", "other"),
        ("Beshkent shahri, Mustaqillik 2", "other"),
        ("Кагон шахар, Нефтчи 3", "other"),
        ("Чирчикка", "tashkent_region"),
        ("Ангрин шахри", "tashkent_region"),
        ("Юнособод тумани", "tashkent_city"),
        ("Тахтакупыр, Бердах 5", "karakalpakstan_khorezm"),
        ("Красногорск", "tashkent_region"),
        ("Ташкентская обл., Паркент", "tashkent_region"),
        ("в Сырдарьинскую область", "other"),
        ("Кашкадарьинская обл, Касан", "other"),
        ("из Джизакской области", "other"),
    ],
)
def test_a_place_in_any_spelling_is_found(text: str, key: str) -> None:
    region = region_of(SHOP, text)
    assert region is not None and region.key == key


@pytest.mark.parametrize(
    "text",
    [
        "salom",
        "улица Навои 5",
        "Navoiy ko'chasi 12",
        "90 123 45 67",
        "qora M bitta",
        "kitob bormi",
        "rahmat",
        "baxmal ko'ylak",
        "",
    ],
)
def test_streets_and_other_words_are_no_places(text: str) -> None:
    assert region_of(SHOP, text) is None


def test_a_shop_groups_the_country_as_it_likes() -> None:
    profile = with_regions(
        {"key": "samarkand", "name": {"uz": "Samarqand viloyati"}},
        {"key": "vodiy", "name": {"uz": "Vodiy (Andijon, Farg'ona, Namangan)"}},
        {"key": "chorsu", "name": {"uz": "Eski shahar atrofi"}},
        {"key": "rest", "name": {"ru": "Другие области"}},
        address="Samarqand, Registon 1",
    )

    def key(text: str) -> str | None:
        region = region_of(profile, text)
        return region.key if region else None

    assert [key(text) for text in ("Urgutga", "Marg'ilon", "eski shahar atrofida", "Nukus", "Toshkent")] == [
        "samarkand",
        "vodiy",
        "chorsu",
        "rest",
        "rest",
    ]
    assert [at_home(profile, region) for region in profile.delivery.regions] == [True, False, False, False]
    assert region_of(with_regions({"key": "tashkent_city"}), "Nukus") is None
    everywhere = region_of(with_regions({"key": "x", "name": {"uz": "O'zbekiston bo'ylab"}}), "Nukus")
    assert everywhere is not None and everywhere.key == "x"


@pytest.mark.parametrize(
    ("point", "key"),
    [
        ((41.3, 69.25), "tashkent_city"),
        ((41.47, 69.58), "tashkent_region"),
        ((39.65, 66.95), "other"),
        ((42.46, 59.6), "karakalpakstan_khorezm"),
        ((55.75, 37.6), None),
    ],
)
def test_a_pin_has_a_region_too(point: tuple[float, float], key: str | None) -> None:
    region = region_at(SHOP, *point)
    assert (region.key if region else None) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Buxoro sh Alpomish kochasi 40 uy", "town"),
        ("Бухара, Навоий 3", "town"),
        ("Kogon shahri Navoiy kochasi 3", "around"),
        ("G'ijduvon shahri, Qodiriy 8", "around"),
        ("Buxoro viloyati, Vobkent tumani", "around"),
        ("Бухарская область", "around"),
        ("Toshkent, Chilonzor 5", "other"),
    ],
)
def test_a_town_and_the_districts_around_it_may_have_two_prices(text: str, key: str) -> None:
    for town, around in (("town", "around"), ("bukhara", "bukhara_region")):
        profile = with_regions(
            {"key": town, "name": {"uz": "Buxoro shahri", "ru": "Бухара (город)"}},
            {"key": around, "name": {"uz": "Kogon va Buxoro viloyati tumanlari", "ru": "Каган и районы"}},
            {"key": "other", "name": {"uz": "Boshqa viloyatlar"}},
            address="Buxoro shahri, Sharafobod 18",
        )
        region = region_of(profile, text)
        assert region is not None and region.key == {"town": town, "around": around}.get(key, key)
        assert [at_home(profile, one) for one in profile.delivery.regions] == [True, False, False]


@pytest.mark.parametrize(
    ("text", "key"),
    [("Qarshi", "town"), ("Qashqadaryoga", "around"), ("Кашкадарья", "around"), ("Yakkabogʻ", "around")],
)
def test_a_region_may_have_another_name_than_its_town(text: str, key: str) -> None:
    town = {"key": "town", "name": {"uz": "Qarshi shahri"}}
    profile = with_regions(town, {"key": "around", "name": {"uz": "Qashqadaryo viloyati"}})
    region = region_of(profile, text)
    assert region is not None and region.key == key


def test_a_town_alone_is_not_its_districts() -> None:
    town = {"key": "bukhara", "name": {"uz": "Buxoro shahri"}}
    both = with_regions(town, {"key": "other", "name": {"uz": "Boshqa shahar va tumanlar"}})
    assert [region_of(both, text).key for text in ("Buxoro", "Kogon", "Urgut")] == ["bukhara", "other", "other"]  # type: ignore[union-attr]
    whole = with_regions({"key": "bukhara", "name": {"uz": "Buxoro"}}, {"key": "other", "name": {"uz": "Boshqalar"}})
    assert [region_of(whole, text).key for text in ("Buxoro", "Kogon")] == ["bukhara", "bukhara"]  # type: ignore[union-attr]


def test_where_the_courier_comes_to_the_door() -> None:
    assert [at_home(SHOP, region) for region in SHOP.delivery.regions] == [True, False, False, False]


def test_the_place_stands_where_it_is_said_to() -> None:
    text = "manzil: Shayxontohur tumani, Labzak 12"
    assert [text[place.start : place.end] for place in places_of(text)] == ["Shayxontohur", "Labzak"]


@pytest.mark.parametrize("said", ["Samarqand, Buyuk ipak yo'li 30", "Самарканд, Буюк ипак йўли 30"])
def test_a_town_beats_a_spot_of_another_town(said: str) -> None:
    assert {place.region for place in places_of(said)} == {"samarkand"}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Qiziltepa tumani", "around"),
        ("Karmana, Toshloq ko'chasi", "karmana"),
        ("Zarafshon", "around"),
        ("Navoiy shahri", "town"),
    ],
)
def test_a_district_with_a_price_of_its_own_is_not_all_that_lies_around(text: str, key: str) -> None:
    profile = with_regions(
        {"key": "town", "name": {"uz": "Navoiy shahri", "ru": "Навои (город)"}},
        {"key": "karmana", "name": {"uz": "Karmana tumani", "ru": "Карманинский район"}},
        {
            "key": "around",
            "name": {"uz": "Navoiy viloyatining boshqa tumanlari", "ru": "Другие районы Навоийской области"},
        },
        address="Navoiy shahri",
    )
    found = region_of(profile, text)
    assert found is not None and found.key == key


IN_A_SMALLER_TOWN = with_regions(
    {"key": "town", "name": {"uz": "Kattaqoʻrgʻon shahri", "ru": "Каттакурган"}},
    {"key": "around", "name": {"uz": "Samarqand viloyatining boshqa shahar va tumanlari"}},
    {"key": "other", "name": {"uz": "Boshqa viloyatlar"}},
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Каттакурганга нечпул", "town"),
        ("Samarqandga yetkazasizmi", "around"),  # the capital of the region is no part of that town
        ("в Самарканд, улица Гагарина 4", "around"),
        ("Urgut tumani", "around"),
        ("Buxoroga", "other"),
    ],
)
def test_a_shop_in_another_town_than_the_capital(text: str, key: str) -> None:
    region = region_of(IN_A_SMALLER_TOWN, text)
    assert region and region.key == key


@pytest.mark.parametrize(
    ("pin", "key"),
    [((39.902, 66.262), "town"), ((39.70, 66.98), "around"), ((39.79, 66.50), "around"), ((39.77, 64.42), "other")],
)
def test_a_pin_in_the_shops_own_town(pin: tuple[float, float], key: str) -> None:
    region = region_at(IN_A_SMALLER_TOWN, *pin)
    assert region and region.key == key


def test_a_quarter_and_a_town_that_only_the_shop_lists() -> None:
    shop = with_regions(
        {"key": "nukus", "name": {"uz": "Nukus shahri"}},
        {"key": "around", "name": {"uz": "Qoraqalpogʻistonning boshqa tumanlari (Chimboy, Bozatau)"}},
        {"key": "other", "name": {"uz": "Boshqa viloyatlar"}},
    )
    keys = [
        region.key if (region := region_of(shop, said)) else "" for said in ("Nukus, Do'stlik guzari 3", "Bozatauga")
    ]
    assert keys == ["nukus", "around"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Shahrisabz, Ipak yo'li 4", "town"),
        ("Шахрисабз, ул. Темура 12", "town"),
        ("Shahrisabz tumani, Namaton", "around"),
        ("Шахрисабзский район, посёлок Наматон", "around"),
        ("Shahrisabz shahri, 5-kvartal", "town"),
    ],
)
def test_a_town_is_told_from_the_district_of_its_name(text: str, key: str) -> None:
    """The one is paid at the door, the other in advance."""
    shop = with_regions(
        {"key": "town", "name": {"uz": "Shahrisabz shahri", "ru": "Шахрисабз (город)"}},
        {"key": "around", "name": {"uz": "Qashqadaryo tumanlari (Shahrisabz tumani, Kitob)", "ru": "Районы"}},
        {"key": "other", "name": {"uz": "Boshqa viloyatlar"}},
    )
    region = region_of(shop, text)
    assert region is not None
    assert region.key == key


NEAR = with_regions(
    {"key": "town", "name": {"uz": "Angren shahri", "ru": "Ангрен"}},
    {"key": "tashkent_region", "name": {"uz": "Toshkent viloyati"}},
    {"key": "tashkent_city", "name": {"uz": "Toshkent shahri"}},
    address="Angren shahri, Bogʻ koʻchasi 1",
)


@pytest.mark.parametrize(
    ("text", "far"),
    [
        ("Nukusga yuborasizmi", True),
        ("Бухара, ул. Навои 12, кв 4", True),
        ("Qarshi shahri, 5-mikrorayon 3-uy", True),
        ("Angren, Samarqand ko'chasi 27", False),
        ("Navoiy 12, 4-xonadon", False),
        ("Чирчик, Бухарская 3", False),
        ("4-kvartal 12-uy", False),
    ],
)
def test_a_place_where_the_shop_does_not_deliver(text: str, far: bool) -> None:
    assert beyond(NEAR, text) is far


def test_a_pin_where_the_shop_does_not_deliver() -> None:
    assert beyond_at(NEAR, 39.77, 64.42) and not beyond_at(NEAR, 41.31, 69.28)
    assert not beyond_at(with_regions({"key": "near", "name": {"uz": "Shahar ichida"}}), 39.77, 64.42)  # nobody said


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Коканд, улица Имама Бухари 11", ["fergana"]),
        ("улица Имама Бухари 11, кв 30", []),
        ("ул. Навои 5, Бухара", ["bukhara"]),
        ("Кукон шахри, Истиклол кучаси 17", ["fergana"]),
    ],
)
def test_a_street_of_two_names_and_a_town_without_its_letter(text: str, names: list[str]) -> None:
    assert [place.region for place in places_of(text)] == names


@pytest.mark.parametrize("said", ["Джизакская", "Сырдарьинская", "Кашкадарьинская", "Сурхандарьинская", "Бухарская"])
def test_a_region_called_by_its_adjective_is_the_whole_region(said: str) -> None:
    found = places_of(f"{said} обл., дом 5")
    assert len(found) == 1 and found[0].whole
    assert places_of(f"улица {said} 5") == ()


# ---- a keyboard without ў, қ, ғ and ҳ -------------------------------------------------------------------------------

_NO_OWN_LETTERS = str.maketrans("ўқғҳЎҚҒҲ", "укгхУКГХ")


def _named() -> list[list[str]]:
    """What each region, town and district of the country is called."""
    parts = country().values()
    return [[one] if isinstance(one, str) else one for part in parts for one in (*part["names"][:1], *part["places"])]


def _typed(name: str) -> set[str]:
    """An Uzbek name as it is typed: with and without apostrophes, in Cyrillic, in Cyrillic of a Russian keyboard."""
    cyrillic = to_cyrillic(name)
    plain = cyrillic.translate(_NO_OWN_LETTERS)
    return {name, name.replace("'", ""), name.replace("o'", "u").replace("'", ""), cyrillic, plain, f"{plain}дан"}


@pytest.mark.parametrize("names", _named(), ids=lambda names: names[0])
def test_a_place_is_itself_however_it_is_typed(names: list[str]) -> None:
    [own, *_] = places_of(names[0])
    for typed in {*names, *_typed(names[0])}:
        assert [(one.region, one.name) for one in places_of(typed)[:1]] == [(own.region, own.name)], typed


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("Кукон шахар", "kokand_city"),
        ("Кукон шахридан", "kokand_city"),
        ("qoqon", "kokand_city"),
        ("в Коканд", "kokand_city"),
        ("Kokand city", "kokand_city"),
        ("Бешарик тумани", "other"),
        ("Фаргона", "other"),
    ],
)
def test_a_shop_names_its_town_in_one_way_and_a_shopper_in_another(said: str, key: str) -> None:
    for own in ("Qoʻqon shahri", "Коканд (город)", "Қўқон шаҳри", "Kokand city"):
        rest = {"key": "other", "name": {"uz": "Boshqa shahar va tumanlar"}, "price": 2}
        regions = with_regions({"key": "kokand_city", "name": {"uz": own}}, rest, address=own)
        found = region_of(regions, said)
        assert found and found.key == key, own


def test_a_pin_is_in_the_town_that_a_shop_names_in_one_way() -> None:
    for own in ("Qoʻqon shahri", "Коканд (город)", "Kokand city"):
        rest = {"key": "other", "name": {"uz": "Boshqa shahar va tumanlar"}, "price": 2}
        found = region_at(with_regions({"key": "kokand_city", "name": {"uz": own}}, rest), 40.5286, 70.9425)
        assert found and found.key == "kokand_city", own
