"""What a made-up receipt says, and the many ways in which apps write the same: sums, dates, masks, words of status.

Drawn from a seed; nothing here looks like the app of any company, and nobody named in it exists.
"""

from __future__ import annotations

import random
import string
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

LANGUAGES = ("uz", "uz_Cyrl", "ru", "en")
APPS = ("Payme", "Click", "Uzum Bank", "Paynet", "Humo", "Uzcard", "TBC UZ", "Anorbank", "Alif", "Hamkorbank")
KINDS = ("success", "failed", "pending")
_BINS = ("8600", "9860", "5614", "6262", "4400")
# several phrasings each, so that no single one decides the figure
_STATUS = {
    "uz": (
        ("Toʻlov muvaffaqiyatli amalga oshirildi", "Oʻtkazma bajarildi", "Muvaffaqiyatli oʻtkazildi", "Pul yuborildi"),
        ("Toʻlov amalga oshmadi", "Oʻtkazma rad etildi", "Oʻtkazma bekor qilindi", "Toʻlov bajarilmadi"),
        ("Toʻlov kutilmoqda", "Oʻtkazma jarayonda", "Toʻlov qayta ishlanmoqda", "Tasdiqlanishi kutilmoqda"),
    ),
    "uz_Cyrl": (
        ("Тўлов муваффақиятли амалга оширилди", "Ўтказма бажарилди", "Муваффақиятли ўтказилди", "Пул юборилди"),
        ("Тўлов амалга ошмади", "Ўтказма рад этилди", "Ўтказма бекор қилинди", "Тўлов бажарилмади"),
        ("Тўлов кутилмоқда", "Ўтказма жараёнда", "Тўлов қайта ишланмоқда", "Тасдиқланиши кутилмоқда"),
    ),
    "ru": (
        ("Платёж успешно выполнен", "Перевод выполнен", "Успешно переведено", "Деньги отправлены"),
        ("Платёж не выполнен", "Перевод отклонён", "Операция отменена", "Платёж не прошёл"),
        ("Платёж в обработке", "Перевод обрабатывается", "Ожидает подтверждения", "Операция в процессе"),
    ),
    "en": (
        ("Payment successful", "Transfer completed", "Money sent", "Successfully transferred"),
        ("Payment failed", "Transfer declined", "Transaction cancelled", "Payment was not completed"),
        ("Payment is pending", "Transfer is processing", "Awaiting confirmation", "Transaction in progress"),
    ),
}
_LABELS = ("amount", "fee", "total", "card", "sender", "name", "date", "id", "status", "thanks", "title", "balance")
_WORDS = {
    "uz": "Summa|Komissiya|Jami|Qabul qiluvchi karta|Yuboruvchi karta|Qabul qiluvchi|Sana|Tranzaksiya ID|Holat"
    "|Rahmat!|Toʻlov cheki|Balans",
    "uz_Cyrl": "Сумма|Комиссия|Жами|Қабул қилувчи карта|Юборувчи карта|Қабул қилувчи|Сана|Транзакция рақами|Ҳолат"
    "|Раҳмат!|Тўлов чеки|Баланс",
    "ru": "Сумма|Комиссия|Итого|Карта получателя|Карта отправителя|Получатель|Дата и время|Номер транзакции|Статус"
    "|Спасибо!|Чек по операции|Баланс",
    "en": "Amount|Fee|Total|Receiver card|Sender card|Recipient|Date|Transaction ID|Status|Thank you!"
    "|Payment receipt|Balance",
}
_OTHERWISE = {
    "uz": "Oʻtkazma summasi|Xizmat haqi|Jami yechildi|Kimga|Kimdan|Oluvchi|Sana va vaqt|Chek raqami|Holati"
    "|Bosh sahifa|Kvitansiya|Qoldiq",
    "uz_Cyrl": "Ўтказма суммаси|Хизмат ҳақи|Жами ечилди|Кимга|Кимдан|Олувчи|Сана ва вақт|Чек рақами|Ҳолати"
    "|Бош саҳифа|Квитанция|Қолдиқ",
    "ru": "Сумма перевода|Комиссия банка|Списано|Куда|Откуда|Кому|Дата операции|Номер чека|Состояние"
    "|На главную|Квитанция|Остаток",
    "en": "Transfer amount|Service fee|Total debited|To card|From card|Beneficiary|Date and time|Receipt number"
    "|State|Back to main|Receipt|Available balance",
}
_UNITS = {
    "uz": ("soʻm", "so'm", "UZS", "so‘m"),
    "uz_Cyrl": ("сўм", "UZS", "сум"),
    "ru": ("сум", "UZS", "сум"),
    "en": ("UZS", "soum", "UZS"),
}
_MONTHS = {
    "uz": "yanvar fevral mart aprel may iyun iyul avgust sentabr oktabr noyabr dekabr",
    "uz_Cyrl": "январ феврал март апрел май июн июл август сентабр октабр ноябр декабр",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "en": "January February March April May June July August September October November December",
}
_NAMES = {
    False: ("NODIRA SALIMOVA", "SALIMOVA N.", "Jasur Ergashev", "ERGASHEV J", "M. QODIROVA", "DILSHOD U."),
    True: ("НОДИРА САЛИМОВА", "САЛИМОВА Н.", "Жасур Эргашев", "ЭРГАШЕВ Ж", "М. ҚОДИРОВА", "ДИЛШОД У."),
}


@dataclass(frozen=True)
class Sheet:
    """The truth of one receipt, and how this one writes it. Sums are whole units of its currency."""

    language: str
    app: str
    amount: int
    fee: int
    last4: str
    sender_last4: str
    name: str
    at: datetime
    transaction_id: str
    status: str
    words: dict[str, str]
    phrase: str
    unit: str
    currency: str = "UZS"
    grouping: str = " "
    cents: str = ""
    mask: str = "{bin} **** **** {tail}"
    first_four: str = "8600"
    day: str = "{d:02d}.{m:02d}.{y} {clock}"
    minus: str = ""
    balance: int = 0
    head: int | None = None  # the sum in large letters, where it is another

    @property
    def total(self) -> int:
        """What left the payer's card."""
        return self.amount + self.fee

    @property
    def cyrillic(self) -> bool:
        """Whether its words can only be read by an engine that knows the alphabet."""
        return self.language in ("uz_Cyrl", "ru")

    def money(self, amount: int) -> str:
        """A sum as this receipt writes it."""
        return f"{f'{amount:,}'.replace(',', self.grouping)}{self.cents} {self.unit}".strip()

    def card(self, tail: str) -> str:
        """A masked card as this receipt writes it."""
        return self.mask.format(bin=self.first_four, tail=tail)

    def when(self) -> str:
        """Date and time as this receipt writes them."""
        months = _MONTHS[self.language].split()
        return self.day.format(
            d=self.at.day, m=self.at.month, y=self.at.year, month=months[self.at.month - 1], clock=f"{self.at:%H:%M}"
        )


def sheet(r: random.Random, language: str, now: datetime, **fixed: Any) -> Sheet:
    """A receipt of the last hours before `now` (the shop's time, without a zone); `fixed` fields are as given.

    A phrase or words given stand; else they follow the status and the language.
    """
    status = fixed.get("status") or r.choices(KINDS, (0.7, 0.15, 0.15))[0]
    small, large, odd, round_ = (
        r.randint(15, 990),
        r.randint(1000, 9900),
        r.randint(15_000, 2_500_000),
        r.randint(1, 20),
    )
    amount = r.choice((small * 1000, large * 1000, odd, round_ * 50_000))
    made = Sheet(
        language=language,
        app=r.choice(APPS),
        amount=amount,
        fee=r.choice((0, 0, 0, max(100, amount // 100))),
        last4=f"{r.randint(0, 9999):04d}",
        sender_last4=f"{r.randint(0, 9999):04d}",
        name=r.choice(_NAMES[language in ("uz_Cyrl", "ru")]),
        at=(now - timedelta(minutes=r.randint(1, 180))).replace(second=0, microsecond=0),
        transaction_id=_transaction(r),
        status=status,
        words=dict(zip(_LABELS, (_WORDS, _OTHERWISE)[r.random() < 0.4][language].split("|"), strict=True)),
        phrase=r.choice(_STATUS[language][KINDS.index(status)]),
        unit=r.choice(_UNITS[language]),
        **_style(r),
    )
    return replace(made, **fixed)


def _style(r: random.Random) -> dict[str, Any]:
    plain = ((" ", ""), (" ", ""), (" ", ""), (",", ""), (".", ""))
    grouping, cents = r.choice((*plain, (",", ".00"), (" ", ",00"), ("\u00a0", ".00"), (" ", ".00")))
    return {
        "grouping": grouping,
        "cents": cents,
        "mask": r.choice(
            (
                "{bin} **** **** {tail}",
                "{bin}********{tail}",
                "{bin} •••• •••• {tail}",
                "•••• {tail}",
                "*{tail}",
                "**** {tail}",
                "{bin} 12** **** {tail}",
                "{bin}12******{tail}",
            )
        ),
        "first_four": r.choice(_BINS),
        "day": r.choice(
            (
                "{d:02d}.{m:02d}.{y} {clock}",
                "{y}-{m:02d}-{d:02d} {clock}:07",
                "{d} {month} {y}, {clock}",
                "{d:02d}/{m:02d}/{y} {clock}",
                "{clock}, {d:02d}.{m:02d}.{y}",
                "{d:02d}.{m:02d}.{y}, {clock}:41",
            )
        ),
        "minus": r.choice(("", "", "", "- ", "−")),
        "balance": r.choice((0, 0, 0, r.randint(10_000, 9_000_000))),
    }


def _transaction(r: random.Random) -> str:
    return r.choice(
        (
            str(r.randint(10**9, 10**10 - 1)),
            str(r.randint(10**11, 10**12 - 1)),
            "".join(r.choice("0123456789abcdef") for _ in range(24)),
            str(r.randint(10**7, 10**8 - 1)),
            "P2P" + str(r.randint(10**8, 10**9 - 1)),
            "".join(r.choice(string.ascii_uppercase) for _ in range(2)) + str(r.randint(10**9, 10**10 - 1)),
        )
    )
