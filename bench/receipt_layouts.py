"""Thirty receipts that look like nothing of `bench.receipt_screen`: slips, tables, tiles, sentences, letters of banks.

Ten arrangements, each in three makes of its own: other words, other fonts, other orders, light and dark. All are of
payments that went through, so whatever is called wrong with one of them is the reader's mistake.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from PIL import Image

from bench.receipt_screen import Pen
from bench.receipt_sheet import Sheet, sheet

_WHITE, _INK, _PALE = (255, 255, 255), (20, 22, 28), (120, 124, 132)
_NIGHT, _SNOW = (16, 18, 24), (236, 236, 240)


@dataclass(frozen=True)
class Make:
    """One of the three makes of an arrangement."""

    language: str
    family: str
    dark: bool
    says: tuple[str, ...]  # the arrangement's own words, in its own order

    @property
    def ground(self) -> tuple[int, int, int]:
        """Paper."""
        return _NIGHT if self.dark else _WHITE

    @property
    def ink(self) -> tuple[int, int, int]:
        """Letters."""
        return _SNOW if self.dark else _INK


Draw: TypeAlias = Callable[[Sheet, Make], Image.Image]


def _pen(make: Make, width: int, height: int) -> Pen:
    return Pen(width, height, width / 720, make.family, make.ground, make.ink)


def _slip(one: Sheet, make: Make) -> Image.Image:
    """A till's slip: one narrow column, dots between label and value."""
    done, amount, fee, card, id_, date = make.says
    pen = _pen(make, 620, 980)
    lines = ["*" * 30, one.app.upper(), done, "*" * 30]
    for label, value in (
        (date, one.when()),
        (id_, one.transaction_id),
        (card, one.card(one.last4)),
        (amount, one.money(one.amount)),
        (fee, one.money(one.fee)),
    ):
        lines += (
            [f"{label}{'.' * max(2, 30 - len(label) - len(value))}{value}"]
            if len(label + value) < 29
            else [
                label,
                f"{value:>30}",
            ]
        )
    for i, line in enumerate([*lines, "-" * 30]):
        pen.text(40, 60 + 58 * i, line, 30)
    return pen.image


def _table(one: Sheet, make: Make) -> Image.Image:
    """A table with ruled cells under a title."""
    title, status, done, amount, card, name, date, id_ = make.says
    pen = _pen(make, 900, 1000)
    pen.text(40, 70, title, 34, bold=True)
    cells = (
        (id_, one.transaction_id),
        (date, one.when()),
        (name, one.name),
        (card, one.card(one.last4)),
        (amount, one.money(one.amount)),
        (status, done),
    )
    for i, (label, value) in enumerate(cells):
        y = 140 + 110 * i
        pen.draw.rectangle((40, y, 400, y + 110), outline=_PALE, width=2)
        pen.draw.rectangle((400, y, 860, y + 110), outline=_PALE, width=2)
        pen.text(60, y + 55, label, 24)
        pen.text(420, y + 55, value, 24, bold=True)
    return pen.image


def _tiles(one: Sheet, make: Make) -> Image.Image:
    """Two cards under each other with an arrow between them: from above, to below."""
    done, source, target, unit = make.says
    pen = _pen(make, 800, 1300)
    pen.text(400, 90, one.app, 34, bold=True, anchor="mm")
    for i, (label, tail, colour) in enumerate(
        ((source, one.sender_last4, (60, 90, 160)), (target, one.last4, (30, 120, 90)))
    ):
        y = 180 + 340 * i
        pen.draw.rounded_rectangle((100, y, 700, y + 260), 30, fill=colour)
        pen.text(140, y + 60, label, 26, fill=_WHITE)
        pen.text(140, y + 180, one.card(tail), 36, bold=True, fill=_WHITE)
    pen.draw.polygon(((370, 460), (430, 460), (400, 500)), fill=_PALE)
    pen.text(400, 880, replace(one, unit=unit).money(one.amount), 50, bold=True, anchor="mm")
    pen.text(400, 960, done, 30, anchor="mm")
    pen.text(400, 1040, one.when(), 24, anchor="mm", fill=_PALE)
    pen.text(400, 1090, f"№ {one.transaction_id}", 24, anchor="mm", fill=_PALE)
    return pen.image


def _sentences(one: Sheet, make: Make) -> Image.Image:
    """A bot's message: lines of speech in a bubble."""
    done, to, at, number, tax = make.says
    pen = _pen(make, 840, 900)
    pen.draw.rectangle((0, 0, 840, 900), fill=(26, 34, 44) if make.dark else (206, 222, 190))
    pen.draw.rounded_rectangle((30, 60, 790, 760), 26, fill=(40, 52, 66) if make.dark else _WHITE)
    lines = (
        done,
        one.money(one.amount),
        f"{to}: {one.card(one.last4)}",
        one.name,
        f"{tax}: {one.money(one.fee)}",
        f"{at}: {one.when()}",
        f"{number}: {one.transaction_id}",
    )
    for i, line in enumerate(lines):
        pen.text(64, 120 + 88 * i, line, 30, bold=i < 2)
    return pen.image


def _grid(one: Sheet, make: Make) -> Image.Image:
    """Cells in two columns, a small label above each value."""
    done, amount, card, date, id_, name, sender = make.says
    pen = _pen(make, 1000, 1200)
    pen.text(60, 90, done, 40, bold=True)
    cells = (
        (amount, one.money(one.amount)),
        (date, one.when()),
        (card, one.card(one.last4)),
        (sender, one.card(one.sender_last4)),
        (name, one.name),
        (id_, one.transaction_id),
    )
    for i, (label, value) in enumerate(cells):
        x, y = 60 + 480 * (i % 2), 240 + 260 * (i // 2)
        pen.text(x, y, label, 21, fill=_PALE)
        size = 28.0
        while size > 13 and pen.draw.textlength(value, font=pen.font(size, True)) > 420:
            size -= 1
        pen.text(x, y + 60, value, size, bold=True)
    return pen.image


def _centred(one: Sheet, make: Make) -> Image.Image:
    """Everything in the middle, labels below their values."""
    done, amount, card, date, id_ = make.says
    pen = _pen(make, 720, 1350)
    pen.text(360, 130, "OK", 80, bold=True, anchor="mm", fill=(40, 150, 90))
    pen.text(360, 260, done, 34, bold=True, anchor="mm")
    for i, (value, label) in enumerate(
        (
            (one.money(one.amount), amount),
            (one.card(one.last4), card),
            (one.when(), date),
            (one.transaction_id, id_),
        )
    ):
        pen.text(360, 400 + 200 * i, value, 38, bold=True, anchor="mm")
        pen.text(360, 460 + 200 * i, label, 22, anchor="mm", fill=_PALE)
    return pen.image


def _letter(one: Sheet, make: Make) -> Image.Image:
    """A bank's page: a head, a paragraph of fields one under the other, a stamp."""
    title, done, amount, fee, total, card, date, id_, sender = make.says
    pen = _pen(make, 1240, 1000)
    pen.text(80, 90, one.app.upper(), 24, bold=True)
    pen.text(620, 180, title, 28, bold=True, anchor="mm")
    fields = (
        (id_, one.transaction_id),
        (date, one.when()),
        (sender, one.card(one.sender_last4)),
        (card, one.card(one.last4)),
        (amount, one.money(one.amount)),
        (fee, one.money(one.fee)),
        (total, one.money(one.total)),
    )
    for i, (label, value) in enumerate(fields):
        pen.text(80, 290 + 72 * i, f"{label}: {value}", 18)
    pen.draw.ellipse((840, 640, 1140, 940), outline=(60, 80, 170), width=6)
    pen.text(990, 790, done.upper(), 15, bold=True, anchor="mm", fill=(60, 80, 170))
    return pen.image


def _history(one: Sheet, make: Make) -> Image.Image:
    """A line of the history opened: a minus before the sum, the label to the right of its value."""
    title, done, card, date, id_, fee = make.says
    pen = _pen(make, 780, 1500)
    pen.text(40, 70, f"‹  {title}", 30, bold=True)
    pen.draw.rectangle((40, 140, 740, 380), outline=_PALE)
    pen.text(70, 220, f"−{one.money(one.amount)}", 46, bold=True)
    pen.text(70, 310, one.name, 28)
    for i, (value, label) in enumerate(
        (
            (done, ""),
            (one.card(one.last4), card),
            (one.when(), date),
            (one.transaction_id, id_),
            (one.money(one.fee), fee),
        )
    ):
        y = 470 + 110 * i
        pen.text(40, y, value, 26, bold=True)
        pen.text(740, y, label, 20, anchor="rm", fill=_PALE)
        pen.draw.line((40, y + 55, 740, y + 55), fill=_PALE)
    return pen.image


def _invoice(one: Sheet, make: Make) -> Image.Image:
    """A page of the web on a wide screen: a large left column, small print to the right."""
    done, amount, card, date, id_, help_ = make.says
    pen = _pen(make, 1366, 768)
    pen.draw.rectangle((0, 0, 1366, 80), fill=(40, 60, 120))
    pen.text(60, 40, one.app, 20, bold=True, fill=_WHITE)
    pen.text(60, 180, done, 22, bold=True)
    for i, (label, value) in enumerate(
        ((amount, one.money(one.amount)), (card, one.card(one.last4)), (date, one.when()), (id_, one.transaction_id))
    ):
        pen.text(60, 280 + 90 * i, label, 15, fill=_PALE)
        pen.text(420, 280 + 90 * i, value, 17, bold=True)
    pen.text(1000, 700, help_, 12, fill=_PALE)
    return pen.image


def _phone(one: Sheet, make: Make) -> Image.Image:
    """A transfer by card with everything in short rows, the sum last and largest, a strip in the brand's colour."""
    done, card, name, id_, amount = make.says
    pen = _pen(make, 720, 1400)
    pen.draw.rectangle((0, 0, 14, 1400), fill=(180, 60, 120))
    pen.text(60, 110, one.when(), 26, fill=_PALE)
    pen.text(60, 190, done, 32, bold=True)
    for i, (label, value) in enumerate(((name, one.name), (card, one.card(one.last4)), (id_, one.transaction_id))):
        pen.text(60, 320 + 160 * i, label, 24, fill=_PALE)
        pen.text(60, 320 + 160 * i + 56, value, 32)
    pen.text(60, 880, amount, 26, fill=_PALE)
    pen.text(60, 980, one.money(one.amount), 64, bold=True)
    return pen.image


_ALL: tuple[tuple[Draw, tuple[tuple[str, str, bool, str], ...]], ...] = (
    (
        _slip,
        (
            ("ru", "mono", False, "ОПЕРАЦИЯ УСПЕШНА|СУММА|КОМИССИЯ|КАРТА ПОЛУЧАТЕЛЯ|ЧЕК N|ДАТА"),
            ("uz", "mono", False, "TOʻLOV BAJARILDI|SUMMA|KOMISSIYA|OLUVCHI KARTASI|CHEK ID|SANA"),
            ("en", "mono", True, "APPROVED|AMOUNT|FEE|CARD TO|REF NO|DATE"),
        ),
    ),
    (
        _table,
        (
            (
                "ru",
                "serif",
                False,
                "Квитанция о переводе|Статус|Исполнен|Сумма перевода|На карту|Получатель|Дата|Операция №",
            ),
            (
                "uz_Cyrl",
                "dejavu",
                False,
                "Ўтказма чеки|Ҳолати|Бажарилди|Миқдори|Қабул қилувчи карта|Олувчи|Сана|Чек рақами",
            ),
            ("en", "roboto", True, "Transfer receipt|Status|Completed|Amount|Recipient card|Recipient|Date|Reference"),
        ),
    ),
    (
        _tiles,
        (
            ("uz", "inter", False, "Pul oʻtkazildi|Qayerdan|Qayerga|soʻm"),
            ("ru", "open", True, "Перевод отправлен|Откуда|Куда|сум"),
            ("en", "noto", False, "Transfer sent|From|To|UZS"),
        ),
    ),
    (
        _sentences,
        (
            ("ru", "noto", False, "Перевод успешно отправлен|На карту|Время|ID операции|Комиссия"),
            ("uz", "liberation", True, "Pul muvaffaqiyatli yuborildi|Kartaga|Vaqti|Operatsiya ID|Xizmat haqi"),
            ("uz_Cyrl", "noto", False, "Пул муваффақиятли ўтказилди|Картага|Вақти|Операция рақами|Комиссия"),
        ),
    ),
    (
        _grid,
        (
            ("ru", "roboto", True, "Оплачено|Сумма|Карта получателя|Когда|Номер операции|Получатель|Карта отправителя"),
            ("uz", "dejavu", False, "Toʻlandi|Summa|Oluvchi kartasi|Vaqti|Chek raqami|Oluvchi|Yuboruvchi kartasi"),
            ("en", "serif", False, "Paid|Amount|Beneficiary card|When|Receipt no|Beneficiary|Payer card"),
        ),
    ),
    (
        _centred,
        (
            (
                "uz_Cyrl",
                "liberation",
                False,
                "Тўлов қабул қилинди|тўлов суммаси|қабул қилувчи карта|сана|транзакция рақами",
            ),
            ("ru", "inter", False, "Платёж проведён|сумма платежа|карта получателя|дата|номер платежа"),
            ("en", "dejavu", True, "Payment accepted|payment amount|recipient card|date|payment number"),
        ),
    ),
    (
        _letter,
        (
            (
                "ru",
                "serif",
                False,
                "КВИТАНЦИЯ|Исполнено|Сумма операции|Комиссия|Итого списано|Карта зачисления|Дата операции"
                "|Номер документа|Карта списания",
            ),
            (
                "uz",
                "liberation",
                False,
                "KVITANSIYA|Bajarildi|Tranzaksiya summasi|Komissiya|Jami yechildi|Qabul qiluvchi karta"
                "|Tranzaksiya sanasi|Hujjat raqami|Yuboruvchi karta",
            ),
            (
                "en",
                "serif",
                False,
                "PAYMENT ORDER|Executed|Transaction amount|Commission|Total|Receiver card|Transaction date"
                "|Transaction number|Sender card",
            ),
        ),
    ),
    (
        _history,
        (
            ("ru", "open", False, "Перевод|Выполнено|карта получателя|дата и время|номер транзакции|комиссия"),
            ("uz", "noto", True, "Oʻtkazma|Bajarildi|qabul qiluvchi karta|sana va vaqt|tranzaksiya raqami|komissiya"),
            (
                "uz_Cyrl",
                "dejavu",
                True,
                "Ўтказма|Бажарилди|қабул қилувчи карта|сана ва вақт|транзакция рақами|комиссия",
            ),
        ),
    ),
    (
        _invoice,
        (
            (
                "en",
                "liberation",
                False,
                "Your payment was successful|Amount|To card|Date and time|Transaction ID|Need help?",
            ),
            ("ru", "roboto", False, "Оплата прошла успешно|Сумма|На карту|Дата и время|ID транзакции|Нужна помощь?"),
            (
                "uz",
                "open",
                True,
                "Toʻlov muvaffaqiyatli oʻtdi|Summa|Kartaga|Sana va vaqt|Tranzaksiya ID|Yordam kerakmi?",
            ),
        ),
    ),
    (
        _phone,
        (
            ("uz", "roboto", False, "Oʻtkazma muvaffaqiyatli|Karta raqami|Kimga|Chek raqami|Summa"),
            ("uz_Cyrl", "inter", True, "Ўтказма муваффақиятли|Карта рақами|Кимга|Чек рақами|Сумма"),
            ("ru", "liberation", True, "Перевод успешен|Номер карты|Кому|Номер чека|Сумма"),
        ),
    ),
)


def layouts(seed: int, now: datetime) -> list[tuple[str, Sheet, Image.Image]]:
    """The thirty, each a name, what it says and its picture; the numbers in them come from the seed."""
    drawn = []
    for draw, makes in _ALL:
        for i, (language, family, dark, says) in enumerate(makes):
            name = f"{draw.__name__.strip('_')}-{i + 1}"
            r = random.Random(f"layout {seed} {name}")
            one = sheet(r, language, now, status="success", minus="")
            drawn.append((name, one, draw(one, Make(language, family, dark, tuple(says.split("|"))))))
    return drawn
