"""Card numbers in every disguise are found; phones, houses, sums, quantities and ids are left alone."""

from __future__ import annotations

import base64
import hashlib
import random
import time
import uuid
from collections.abc import Callable

import pytest

from kit.mask import mask, mask_many
from kit.mask.cards import luhn
from tests import spoken_numbers

CARD = "8600 1234 5678 9012"
SHOWN = "8600 **** **** 9012"
DISGUISES = {
    "plain": "8600123456789012",
    "spaces": "8600 1234 5678 9012",
    "dots": "8600.1234.5678.9012",
    "no-break spaces": "8600\u00a01234\u00a05678\u00a09012",
    "lines": "8600\n1234\n5678\n9012",
    "zero width": "8600\u200b1234\u200b5678\u200b9012",
    "zero width inside": "86\u200d00 12\u206034 5678 9012",
    "spaced digits": "8 6 0 0 1 2 3 4 5 6 7 8 9 0 1 2",
    "en dash": "8600–1234–5678–9012",
    "no-break hyphen": "8600‑1234‑5678‑9012",
    "minus": "8600−1234−5678−9012",
    "latin O": "86OO 1234 5678 9O12",
    "cyrillic О": "86ОО 1234 5678 9О12",
    "spaced letters": "8 6 O O 1 2 3 4 5 6 7 8 9 O 1 2",
    "words between": "8600 keyin 1234 keyin 5678 keyin 9012",
    "russian words between": "8600 потом 1234 потом 5678 и 9012",
    "two halves with words": "86001234 oxiri 56789012",
    "Arabic-Indic": "٨٦٠٠ ١٢٣٤ ٥٦٧٨ ٩٠١٢",
    "full width": "８６００　１２３４　５６７８　９０１２",
    "keycaps": "8️⃣6️⃣0️⃣0️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣9️⃣0️⃣1️⃣2️⃣",
    "pairs": "86 00 12 34 56 78 90 12",
    "slashes": "8600/1234/5678/9012",
    "underscores": "8_6_0_0_1_2_3_4_5_6_7_8_9_0_1_2",
    "uneven": "8600-12345678-9012",
    "colons": "8600:1234:5678:9012",
    "commas": "8600, 1234, 5678, 9012",
    "words of digits": "sakkiz olti nol nol bir ikki uch to'rt besh olti yetti sakkiz to'qqiz nol bir ikki",
    "words of pairs": "восемьдесят шесть ноль ноль двенадцать тридцать четыре пятьдесят шесть семьдесят восемь"
    " девяносто двенадцать",
    "words of fours": "саккиз минг олти юз бир минг икки юз ўттиз тўрт беш минг олти юз етмиш саккиз"
    " тўққиз минг ўн икки",
    "digits and words": "8600 o'n ikki o'ttiz to'rt 5678 to'qson o'n ikki",
}


@pytest.mark.parametrize("name", DISGUISES)
@pytest.mark.parametrize("around", ["{}", "kartam {} shu", "Вот: {}. Спасибо", "{}\n+998901234567, 12-uy"])
def test_a_disguised_card_is_found(name: str, around: str) -> None:
    masked = mask(around.format(DISGUISES[name]))
    assert "card" in masked.kinds
    assert masked.text == around.format(SHOWN)


@pytest.mark.parametrize(
    "number",
    ["8600", "5614", "9860", "4111", "4073", "5444", "2200", "2204", "2221", "6262"],
)
def test_every_network_of_the_region_is_known(number: str) -> None:
    assert mask(f"{number} 1234 5678 9012").text == f"{number} **** **** 9012"


def test_two_cards_are_two_cards() -> None:
    assert mask("8600 1111 2222 3333, 9860 4444 5555 6666").text == "8600 **** **** 3333, 9860 **** **** 6666"


@pytest.mark.parametrize("joint", [" ", "\n", ", ", " va "])
def test_cards_side_by_side_do_not_hide_each_other(joint: str) -> None:
    spaced = [" ".join(card) for card in ("8600123456789012", "9860111122223333")]
    assert mask(joint.join(spaced)).text == f"{SHOWN}{joint}9860 **** **** 3333"


def test_a_burst_full_of_cards_hides_every_one() -> None:
    dice = random.Random(5)
    for _ in range(50):
        numbers = [dice.choice(["8600", "5614", "9860"]) + f"{dice.randrange(10**12):012}" for _ in range(20)]
        width = [dice.choice([1, 2, 4, 16]) for _ in numbers]
        joints = [dice.choice([" ", "-", ".", "\u00a0", "\u200b", "–", "\n", "/"]) for _ in numbers]
        typed = [
            joint.join(number[at : at + wide] for at in range(0, 16, wide))
            for number, wide, joint in zip(numbers, width, joints, strict=True)
        ]
        texts = [dice.choice(["{}", "karta {}", "{} shu"]).format(one) for one in typed]
        for number, text, masked in zip(numbers, texts, mask_many(texts), strict=True):
            assert masked.text == text.replace(typed[texts.index(text)], f"{number[:4]} **** **** {number[-4:]}")


@pytest.mark.parametrize("language", ["uz", "uz_Cyrl", "ru", "en"])
@pytest.mark.parametrize("way", [spoken_numbers.digits, spoken_numbers.pairs, spoken_numbers.fours])
def test_a_dictated_card_is_found(language: str, way: Callable[[str, str], str]) -> None:
    dice = random.Random(7)
    for _ in range(50):
        number = dice.choice(["8600", "5614", "9860"]) + f"{dice.randrange(10**12):012}"
        text = f"kartam {way(number, language)} shu"
        assert mask(text).text == f"kartam {number[:4]} **** **** {number[-4:]} shu", text


def test_masking_twice_changes_nothing() -> None:
    for text in (*DISGUISES.values(), f"{CARD} 05/27 123", "kod keldi 482913"):
        once = mask(text).text
        assert mask(once).text == once


@pytest.mark.parametrize(
    ("text", "left", "kinds"),
    [
        ("kod keldi 482913", "kod keldi ****", {"code"}),
        ("Код 1234", "Код ****", {"code"}),
        ("код келди 482913", "код келди ****", {"code"}),
        ("482913 kod keldi", "**** kod keldi", {"code"}),
        ("SMS kod: 48 29 13", "SMS kod: ****", {"code"}),
        ("смс пришла 123456", "смс пришла ****", {"code"}),
        ("Ваш код 4821, никому не говорите", "Ваш код ****, никому не говорите", {"code"}),
        ("your code is 482913", "your code is ****", {"code"}),
        ("tasdiqlash kodi 55231", "tasdiqlash kodi ****", {"code"}),
        ("cvv 123", "cvv ****", {"cvv"}),
        ("CVC2: 9 8 7", "CVC2: ****", {"cvv"}),
        ("цвв код 123", "цвв код ****", {"cvv"}),
        ("123 cvv", "**** cvv", {"cvv"}),
        ("orqasidagi 3 ta raqam 321", "orqasidagi 3 ta raqam ****", {"cvv"}),
        ("05/27 cvv", "**/** cvv", {"expiry"}),
        ("05/27 cvv 123", "**/** cvv ****", {"expiry", "cvv"}),
        ("srok 05/27", "srok **/**", {"expiry"}),
        ("срок действия 05.2027", "срок действия **/**", {"expiry"}),
        ("amal qilish muddati 11/28", "amal qilish muddati **/**", {"expiry"}),
        ("pin kod 1234", "pin kod ****", {"pin"}),
        ("pin 1 2 3 4", "pin ****", {"pin"}),
        ("kod keldi to'rt sakkiz ikki to'qqiz bir uch", "kod keldi ****", {"code"}),
        ("код из смс сорок восемь двадцать девять тринадцать", "код из смс ****", {"code"}),
        ("my code is four eight two nine one three", "my code is ****", {"code"}),
        ("cvv bir ikki uch", "cvv ****", {"cvv"}),
        ("cvv сто двадцать три", "cvv ****", {"cvv"}),
        ("muddati nol besh yigirma yetti", "muddati **/**", {"expiry"}),
        ("пин-код 1234", "пин-код ****", {"pin"}),
        (f"{CARD} 05/27 123", f"{SHOWN} **/** ****", {"card", "expiry", "cvv"}),
        (f"{CARD} 0527", f"{SHOWN} **/**", {"card", "expiry"}),
        (f"{CARD}, tel 90 123 45 67, 12-uy, 3 dona", f"{SHOWN}, tel 90 123 45 67, 12-uy, 3 dona", {"card"}),
    ],
)
def test_codes_and_dates_are_found(text: str, left: str, kinds: set[str]) -> None:
    masked = mask(text)
    assert (masked.text, set(masked.kinds)) == (left, kinds)


@pytest.mark.parametrize(
    "text",
    [
        "90 123 45 67, 998 90 765 43 21",
        "+998 (90) 123-45-67 yoki +998 93 765 43 21",
        "998901234567 901234568",
        "telefonlarim 901234567 va 935554433",
        "Chilonzor 9-kvartal, 14-uy, 52-xonadon, 3-qavat",
        "40 42 44 46 48 50 52 54 razmerlar bormi",
        "narxlari 4500 3000 2500 1000",
        "1763712345678",
        "1763712345678123",
        "buyurtma 1024, 3 dona, 250000 so'm",
        "tovar kodi 1024",
        "kod 1024 bormi",
        "1024 kod qancha turadi",
        "domofon kodi 4521",
        "код домофона 4521, 3 подъезд",
        "pochta indeksi 100011",
        "promokod 2026",
        "kod 90 123 45 67",
        "sms keldi 250000 so'm tushdi",
        "смс пришла, 1 250 000 сум",
        "08.12 da kerak, soat 14:30 da",
        "2 ta 46 razmer, 1 ta 48 razmer",
        "41.311081, 69.240562",
        "https://t.me/shop/4512",
        "INN 301234567, MFO 00444",
        "maktab orqasidagi 125-uy",
        "yetkazib berish muddati 3 kun",
        "12.05.2026 dan 15.05.2026 gacha",
        "karta oxiri 4417",
        "****4417 ga o'tkazdim",
        "telefonim to'qson bir yuz yigirma uch qirq besh oltmish yetti, o'n to'rtinchi uy",
        "девяносто четыре четыреста семьдесят два двадцать пять ноль пять, девяносто девять сто сорок один ноль два"
        " девяносто восемь",
        "uch yuz ellik mingdan ikki dona, jami yetti yuz ming so'm",
        "tovar kodi bir ikki uch to'rt",
        "6235762447:735670",
        "chek id 5470964208842272",
        "8e91b2347106305839894aa832c88c036965f4c9b6df99faa455110d467c12e8.jpg",
        "dcb735c1-4128-6557-4769-5138c53be28e",
    ],
)
def test_ordinary_numbers_stay(text: str) -> None:
    assert mask(text).text == text


def test_a_card_in_two_messages_is_found_in_the_burst() -> None:
    first, second, third = mask_many(["karta 8600 1234", "5678 9012", "tel 901234567"])
    assert (first.text, second.text, third.text) == ("karta 8600 ****", "**** 9012", "tel 901234567")
    assert first.kinds == second.kinds == {"card"} and not third.kinds


def test_a_code_in_the_next_message_is_found_in_the_burst() -> None:
    assert [masked.text for masked in mask_many(["kod keldi", "482913"])] == ["kod keldi", "****"]


# ---- a thousand messages of everyday trade ---------------------------------------------------------------------------

PHONES = (
    "+998{o} {a} {b} {c}",
    "{o} {a} {b} {c}",
    "998{o}{a}{b}{c}",
    "{o}{a}{b}{c}",
    "+998({o}){a}-{b}-{c}",
    "{o}-{a}-{b}-{c}",
)
LINES = (
    "{qty} ta {size} razmer, tel {phone}",
    "Manzil: {street} ko'chasi {house}-uy {flat}-xonadon, {phone}",
    "{phone}, qo'shimcha {phone2}, {house} uy {flat} kv",
    "адрес: {street} {house}, кв {flat}, тел {phone}",
    "{price} so'm dan {qty} dona, jami {total} so'm",
    "заказ №{order}, {qty} шт по {price}, мой номер {phone}",
    "Order {order}: {qty} pcs, size {size}, call {phone} or {phone2}",
    "{size} {size2} {size3} razmerlar bormi, narxi {price}mi",
    "{date} kuni soat {hour}:30 da {phone}",
    "{street} {house}/{flat}, {qty} dona {size}, {price}",
    "ismim Aziz, {phone} , {house} {flat} {qty}",
    "kod {order} bormi, {size} razmer",
    "{id} raqamli chek, {total} so'm",
    "{qty} ta {price} dan, {qty2} ta {price2} dan, {phone}",
)


def ordinary(dice: random.Random) -> str:
    def phone() -> str:
        operator = dice.choice(["90", "91", "93", "94", "95", "97", "98", "99", "88", "33", "77", "50", "20", "71"])
        digits = {"o": operator, "a": f"{dice.randrange(1000):03}", "b": f"{dice.randrange(100):02}"}
        return dice.choice(PHONES).format(**digits, c=f"{dice.randrange(100):02}")

    return dice.choice(LINES).format(
        phone=phone(),
        phone2=phone(),
        qty=dice.randint(1, 20),
        qty2=dice.randint(1, 20),
        size=dice.randint(36, 56),
        size2=dice.randint(36, 56),
        size3=dice.randint(36, 56),
        house=dice.randint(1, 200),
        flat=dice.randint(1, 120),
        street=dice.choice(["Navoiy", "Bobur", "Чехова", "Mustaqillik"]),
        price=dice.choice([15000, 250000, 89000, "1 250 000", "45.000", 8600, 9860]),
        price2=dice.choice([15000, 250000, 99000, "120 000"]),
        total=dice.choice([560000, "1 120 000", 8600000, "9 860 000"]),
        order=dice.randint(1000, 9999),
        id=dice.randint(1_700_000_000_000, 1_800_000_000_000),
        date=f"{dice.randint(1, 28):02}.{dice.randint(1, 12):02}",
        hour=dice.randint(9, 21),
    )


def test_a_thousand_ordinary_messages_keep_their_numbers() -> None:
    dice = random.Random(20261121)
    touched = [text for text in (ordinary(dice) for _ in range(1000)) if mask(text).text != text]
    assert touched == []


def test_our_own_ids_keep_their_numbers() -> None:
    dice = random.Random(20261121)
    for _ in range(400):
        number = dice.randrange(10**9, 10**10)
        for text in (
            f"{hashlib.sha256(dice.randbytes(8)).hexdigest()}.jpg",
            str(uuid.UUID(int=dice.getrandbits(128))),
            f"aWdf{base64.b64encode(dice.randbytes(60)).decode()}",
            f"telegram:{number}:{dice.randrange(10**6)}",
            f"{number}:{dice.randrange(10**6)}",
            f"-100{number}:{dice.randrange(10**5)}",
            str(dice.randrange(1_700_000_000_000_000, 1_900_000_000_000_000)),
        ):
            assert mask(text).text == text


def test_a_thousand_messages_with_numbers_in_words_keep_them() -> None:
    dice = random.Random(20261121)
    ways = (spoken_numbers.digits, spoken_numbers.pairs)
    for _ in range(1000):
        language = dice.choice(["uz", "uz_Cyrl", "ru", "en"])
        phones = [
            dice.choice(["90", "91", "93", "94", "97", "98", "99", "33"]) + f"{dice.randrange(10**7):07}"
            for _ in range(2)
        ]
        said = [
            f"{spoken_numbers.pairs(phone[:2], language)} {spoken_numbers.hundreds(phone[2:5], language)}"
            f" {dice.choice(ways)(phone[5:], language)}"
            for phone in phones
        ]
        house = dice.choice(ways)(f"{dice.randrange(10, 100)}", language)
        text = dice.choice(["{} yoki {}, {} uy", "{} {} дом {}", "{}, {}. {} 3 dona"]).format(*said, house)
        assert mask(text).text == text


def test_a_thousand_cards_are_all_found() -> None:
    dice = random.Random(20261121)
    joints = ["", " ", "-", ".", "\u00a0", " - ", "\n", "\u200b", "–"]
    for _ in range(1000):
        head = dice.choice(
            ["8600", "5614", "9860", "4" + f"{dice.randrange(1000):03}", "5" + f"{dice.randrange(100, 600)}"]
        )
        rest = f"{dice.randrange(10**12):012}"
        joint = dice.choice(joints)
        typed = joint.join([head, rest[:4], rest[4:8], rest[8:]])
        text = f"{ordinary(dice)}\n{typed}" if dice.random() < 0.5 else f"karta {typed}"
        assert rest[:8] not in "".join(char for char in mask(text).text if char.isdigit()), text


def test_long_and_hostile_texts_take_no_time() -> None:
    texts = [
        "8 " * 2000,
        "kod " * 1000,
        "1" * 4000,
        "cvv " * 1000 + "1",
        "8600 a " * 600,
        "+998 " * 800,
        "o" * 4000 + "11",
        "8600 1234 5678 9012 " * 200,
        "sakkiz ming olti yuz " * 200,
        "bir " * 1000,
        "a1" * 2000,
    ]
    start = time.perf_counter()
    for text in texts:
        mask(text)
    assert time.perf_counter() - start < 2.0


def test_luhn() -> None:
    assert luhn("4111111111111111") and not luhn("4111111111111112")
