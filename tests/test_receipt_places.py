"""Where things stand on a payment's screen: the amount and no other sum, frames for staff, two engines on one row."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
from PIL import Image

from tests.drawing import jpeg, opened
from tests.drawn_receipts import receipt_image
from vision import image, receipt
from vision.receipt import Reading
from vision.receipt_fields import parse, parse_lines


def test_an_expected_sum_is_looked_for_where_the_amount_stands() -> None:
    lines = ["Summa 250 000 soʻm", "Komissiya 2 500 soʻm", "Jami 252 500 soʻm", "Balans 900 000 soʻm", "Kimga *1234"]
    for expected, there in ((250_000, True), (2_500, False), (252_500, False), (900_000, False), (25_000, False)):
        assert parse_lines(lines, expect_amount=expected).amount_present is there
    bare = ["250 000 cym", "2 500 cym", "252 500 cym", "*1234"]  # Cyrillic labels, read by the engine of digits alone
    found = parse_lines(bare, expect_amount=250_000)
    assert found.amount_present and found.amount_asked == 250_000
    assert not parse_lines(bare, expect_amount=2_500).amount_present


def test_another_sum_that_claims_to_be_the_amount_is_named() -> None:
    def big(text: str) -> dict[str, Any]:
        return _line(text, top=100, height=60)

    rows = [
        _line(text, top=200 + 60 * i) for i, text in enumerate(("Summa 50 000 soʻm", "Kimga *1234", "Sana 21.11.2026"))
    ]
    assert parse({"lines": [big("500 000 soʻm"), *rows], "codes": []}).amounts == (500_000,)
    assert parse({"lines": [big("50 000 soʻm"), *rows], "codes": []}).amounts == ()
    with_fee = [*rows, _line("Komissiya 500 soʻm", top=500)]
    assert parse({"lines": [big("50 500 soʻm"), *with_fee], "codes": []}).amounts == ()


def _line(text: str, *, top: int, height: int = 30, left: int = 100, source: str = "digits") -> dict[str, Any]:
    right = left + len(text) * height // 2
    return {
        "text": text, "score": 0.98, "left": left, "top": top, "right": right, "bottom": top + height,
        "source": source, "slope": 0.0,
    }  # fmt: skip


def test_each_field_knows_where_it_stands() -> None:
    lines = [
        _line("Toʻlov bajarildi", top=40),
        _line("Summa", top=100),
        _line("250 000 soʻm", top=100, left=500),
        _line("Kimga", top=160),
        _line("8600 **** **** 1234", top=160, left=500),
        _line("Чек рақами 4821907365", top=220, source="words"),
        _line("4821907365", top=220, left=500),
    ]
    reading = parse({"lines": lines, "codes": []})
    assert reading.boxes["amount"] == (500, 100, 680, 130)
    assert reading.boxes["last4"] == (500, 160, 785, 190)
    assert reading.boxes["transaction_id"] == (500, 220, 650, 250)
    assert reading.boxes["status"] == (100, 40, 340, 70)
    assert set(reading.boxes) <= set(reading.fields)
    assert Reading.load(json.loads(json.dumps(reading.dump()))) == reading


def test_dots_before_a_sum_and_a_sign_before_a_number_are_neither() -> None:
    reading = parse_lines(
        ["SUMMA...........5,959,000 soʻm", "OLUVCHI KARTASI......**** 9389", "No4f7b845dc51a19d1cf1890df"]
    )
    assert (reading.amount, reading.last4) == (5_959_000, "9389")
    assert reading.transaction_id == "4f7b845dc51a19d1cf1890df"


def test_a_sum_without_a_label_beside_another_is_in_doubt_unless_they_add_up() -> None:
    doubt = parse_lines(["100 000,00 cym", "2 785 768,00 cym", "8600 **** **** 1234", "21.11.2026 13:36"])
    assert doubt.is_receipt and doubt.fields["amount"] < 0.5
    added = parse_lines(["981 672 cym", "6 415 853 cym", "Комиссия 70 100 cym", "Жами 1 051 772 cym", "*1234"])
    assert (added.amount, added.fields["amount"] > 0.5) == (981_672, True)


def test_letters_that_one_engine_left_out_of_an_id_come_from_the_other() -> None:
    lines = [
        _line("250 000 UZS", top=40, height=60),
        _line("8600********1234", top=140),
        _line("Транзакция рақами dea79ee7388ec56f5e6b7892", top=200, source="words"),
        _line("7973885567892", top=200, left=500),
    ]
    assert parse({"lines": lines, "codes": []}).transaction_id == "dea79ee7388ec56f5e6b7892"


def test_a_card_whose_mask_was_lost_is_no_transaction() -> None:
    lines = ["6 338 000 cm", "44002998", "65892482", "4400.........0467", "21/11/2026 14:57"]
    assert parse_lines(lines).transaction_id == "65892482"


def test_frames_stand_around_what_was_read_in_the_stored_size() -> None:
    screen = receipt_image(250_000, "1234", width=1080)
    picture = image.open_safe(jpeg(screen))
    plain = Image.open(io.BytesIO(image.strip(picture)))
    framed = receipt.marked(picture, Reading(boxes={"amount": (300, 590, 780, 670), "fee": (0, 0, 9, 9)}))
    assert framed is not None
    marked = Image.open(io.BytesIO(framed))
    assert marked.size == plain.size
    scale = marked.height / screen.height
    changed = np.abs(np.asarray(marked, np.int16) - np.asarray(plain, np.int16)).max(axis=2) > 60
    ys, xs = np.nonzero(changed)
    assert 270 * scale < xs.min() < xs.max() < 810 * scale and 560 * scale < ys.min() < ys.max() < 700 * scale
    assert receipt.marked(picture, Reading(boxes={"fee": (0, 0, 9, 9)})) is None


def test_a_picture_saved_anew_looks_the_same_and_another_screen_does_not() -> None:
    first = receipt_image(250_000, "1234")
    again = opened(jpeg(first, 40)).resize((480, 853))
    other = first.rotate(180)
    looks = [receipt.look(image.open_safe(jpeg(one))) for one in (first, again, other)]
    assert (looks[0] ^ looks[1]).bit_count() <= 6 < (looks[0] ^ looks[2]).bit_count()
    assert all(-(2**63) <= look < 2**63 for look in looks)


def test_talk_about_money_is_no_receipt() -> None:
    talk = [
        "Atir doʻkoni",
        "Jami: 456 000 soʻm",
        "21:42",
        "Karta: 8600 8263 7084 5759",
        "20:29",
        "hozir",
        "20:52",
        "ok",
        "20:56",
    ]
    assert not parse_lines(talk).is_receipt
    assert not parse_lines(talk[:4]).is_receipt
    assert not parse_lines([*talk, "*5759 kartaga tashlayman"]).is_receipt
    shown = ["Toʻlov bajarildi", "Summa 456 000 soʻm", "Karta *5759", "21.11.2026 20:57"]
    assert parse_lines([*talk, *shown]).is_receipt


def test_labels_side_by_side_name_the_values_below_them() -> None:
    lines = [
        _line("To'landi", top=60, height=40),
        *(_line(text, top=160, left=left) for text, left in (("Summa", 60), ("Vaqti", 540))),
        *(_line(text, top=220, left=left) for text, left in (("161 000 so'm", 62), ("12:28, 21.11.2026", 541))),
        *(_line(text, top=360, left=left) for text, left in (("Oluvchi kartasi", 60), ("Yuboruvchi kartasi", 540))),
        *(_line(text, top=420, left=left) for text, left in (("8600", 61), ("8670", 190), ("*5710", 540))),
        *(_line(text, top=560, left=left) for text, left in (("Oluvchi", 60), ("Chek raqami", 540))),
        *(_line(text, top=620, left=left) for text, left in (("ERGASHEV J", 60), ("30821786", 540))),
    ]
    reading = parse({"lines": lines, "codes": []})
    assert (reading.amount, reading.date, reading.time) == (161_000, "2026-11-21", "12:28")
    assert (reading.last4, reading.sender_last4, reading.transaction_id) == ("8670", "5710", "30821786")
    assert reading.boxes["transaction_id"] == (540, 620, 660, 650)  # where it stands in the picture


def test_a_name_above_a_date_is_no_grid() -> None:
    lines = [
        *(_line(text, top=160, left=left) for text, left in (("Qabul qiluvchi", 60), ("SALIMOVA N.", 540))),
        *(_line(text, top=220, left=left) for text, left in (("Sana", 60), ("21.11.2026", 540))),
        *(_line(text, top=280, left=left) for text, left in (("Summa", 60), ("161 000 so'm", 540))),
        *(_line(text, top=340, left=left) for text, left in (("Karta", 60), ("*8670", 540))),
    ]
    reading = parse({"lines": lines, "codes": []})
    assert (reading.receiver_name, reading.amount, reading.last4) == ("SALIMOVA N.", 161_000, "8670")


def test_a_speck_is_no_amount() -> None:
    lines = [
        _line("Summa", top=100),
        _line("1", top=140, source="words"),
        _line("2 388 339 so'm", top=180, height=60),
        _line("Kimga *2809", top=280),
        _line("сумма платежа 5614 1277 1930", top=340, source="words"),
        _line("5614 12** **** 1930", top=340),
    ]
    reading = parse({"lines": lines, "codes": []})
    assert (reading.amount, reading.amounts) == (2_388_339, ())


def test_letters_glued_to_a_count_are_no_transaction() -> None:
    page = [_line("807 000 UZS", top=100, height=60), _line("16 000 × 12 mec", top=200)]
    glued = _line("4.1 (405) 2713aa30B", top=260)
    assert not parse({"lines": [*page, glued], "codes": []}).is_receipt
    both = [_line("2713aa30B", top=260), _line("271 заказов", top=260, source="words")]
    assert not parse({"lines": [*page, *both], "codes": []}).is_receipt
    assert parse({"lines": [*page, _line("P2P915409651", top=260)], "codes": []}).is_receipt


def test_cyrillic_labels_read_in_latin_letters_still_name_their_row() -> None:
    lines = ["569 017 cym", "Kumra  8600 **** **** 3022", "9860 **** **** 3889", "21.11.2026 14:59"]
    assert parse_lines(lines).last4 == "3022"
    assert parse_lines(["CyMMa 569 017 cyM", "7 900 000 cyM", "*3022"]).amount == 569_017


def test_of_unnamed_sums_the_first_that_is_no_fee_is_meant_and_doubted() -> None:
    reading = parse_lines(["500 cym", "500 cym", "720 000 UZS", "3 656 108 UZS", "*6101"])
    assert (reading.amount, reading.fields["amount"] < 0.5) == (720_000, True)


def test_a_word_run_into_a_number_is_no_part_of_it() -> None:
    assert parse_lines(["Receipt number58cc14b04259f67be00a35b9"]).transaction_id == "58cc14b04259f67be00a35b9"
    assert parse_lines(["Receipt number dea79ee7388ec56f5e6b7892"]).transaction_id == "dea79ee7388ec56f5e6b7892"


def test_what_one_engine_makes_of_an_id_is_no_sum() -> None:
    id_ = [_line("P2P574440669", top=200), _line("Р2Р574440669", top=200, source="words")]
    reading = parse({"lines": [_line("183 000 cym", top=100, height=60), *id_, _line("*5312", top=260)], "codes": []})
    assert (reading.amount, reading.currency) == (183_000, "")


def test_a_slip_with_a_broken_mask_and_dots_before_the_sum() -> None:
    lines = ["CARD TO....6262 **** ****3 3640", "AMOUNT.  .900 000,00 UZS", "REF NO.  ..P2P509940141"]
    reading = parse_lines(lines, expect_last4="3640")
    assert (reading.amount, reading.last4, reading.last4_present) == (900_000, "3640", True)
    assert parse_lines(["ID 59ae96a7fdf37370299d6361", "*1234"], expect_last4="6361").last4_present is False


def test_the_end_of_a_transaction_is_no_card() -> None:
    for lines in (["Chek raqami  49595451"], ["Транзакция рақами", "49595451"], ["49595451"]):
        assert parse_lines(["700 000 UZS", *lines, "*6929"], expect_last4="5451").last4_present is False
    assert parse_lines(["700 000 UZS", "44005451", "*6929"], expect_last4="5451").last4_present


def test_a_label_whose_value_was_not_read_takes_no_transaction_away() -> None:
    lines = ["7 255 000.00 UZS", "*9576", "2026-11-21 12:31:07", "Komy", "738739192395"]
    assert parse_lines(lines).transaction_id == "738739192395"
    assert parse_lines(["65 281 UZS", "44003757", "44003757", "84489825"]).transaction_id == "84489825"


def test_a_not_in_latin_letters_is_still_a_not() -> None:
    for line in ("Платёж He выполнен", "Перевод HE выполнен", "Платёж не выполнен", "Операция He yспешна"):
        assert parse_lines(["600 000 UZS", line, "*7407"]).status == "failed"
    assert parse_lines(["600 000 UZS", "Платёж успешно выполнен", "*7407"]).status == "success"
    assert parse_lines(["600 000 UZS", "Карта TBC", "*7407"]).app == "TBC UZ"
