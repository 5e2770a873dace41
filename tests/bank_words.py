"""What banks write, in the forms their messages have: CardXabar, HUMO Card and SMS in the languages of the country."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

TASHKENT = timezone(timedelta(hours=5))
FORMATS = ("cardxabar", "cardxabar_uz", "humo", "humo_sms", "sms_uz", "sms_cyrl", "sms_ru", "sms_en")


def spaced(amount: int, by: str = " ") -> str:
    """150000 -> 150 000."""
    return f"{amount:,}".replace(",", by)


def credit(
    form: str, amount: int, at: datetime, *, last4: str = "1234", sender4: str = "", balance: int = 2_350_120
) -> str:
    """Money that came in, as one of the senders tells it. A sender's card only where the form has a place for it."""
    day, clock = at.astimezone(TASHKENT).strftime("%d.%m.%Y"), at.astimezone(TASHKENT).strftime("%H:%M")
    short = at.astimezone(TASHKENT).strftime("%d.%m.%y")
    payer = f" 8600 12** **** {sender4}" if sender4 else ""
    sum_, rest = spaced(amount), spaced(balance)
    return {
        "cardxabar": f"💳 *{last4}\n🟢 Пополнение\n➕ {sum_},00 UZS\n📍 UZCARD P2P{payer}\n"
        f"🕓 {day} {clock}\n💰 {rest},55 UZS",
        "cardxabar_uz": f"CardXabar\n🟢 To'ldirish\n➕ {sum_}.00 UZS\n💳 ***{last4}\n"
        f"🕓 {day} {clock}\n💵 {rest}.55 UZS",
        "humo": (
            f"🎉 Пополнение\n➕ {spaced(amount, '.')},00 UZS\n📍 HUMO P2P{payer}\n💳 HUMOCARD *{last4}\n"
            f"🕓 {clock} {day}\n💰 {spaced(balance, '.')},20 UZS"
        ),
        "humo_sms": f"HUMO-{last4}: popolnenie {amount}.00 UZS; P2P TASHKENT{payer}; {short} {clock}; "
        f"Dostupno: {balance}.00 UZS",
        "sms_uz": f"Kartangizga *{last4} {sum_} so'm tushdi. {day} {clock}. Balans: {rest} so'm",
        "sms_cyrl": f"Картангизга *{last4} {sum_} сўм келиб тушди. {day} {clock}. Қолдиқ: {rest} сўм",
        "sms_ru": f"Зачисление на карту *{last4}: {sum_} сум. {day} {clock}. Остаток: {rest} сум",
        "sms_en": f"Card *{last4}: credited {amount:,}.00 UZS on {day} {clock}. Available balance {balance:,}.00 UZS",
    }[form]


def debit(form: str, amount: int, at: datetime, *, last4: str = "1234") -> str:
    """Money that went out: the same forms with the other word."""
    day, clock = at.astimezone(TASHKENT).strftime("%d.%m.%Y"), at.astimezone(TASHKENT).strftime("%H:%M")
    return {
        "cardxabar": f"💳 *{last4}\n🔴 Списание\n➖ {spaced(amount)},00 UZS\n📍 KORZINKA\n"
        f"🕓 {day} {clock}\n💰 5 000,55 UZS",
        "humo": f"💸 Оплата\n➖ {amount}.00 UZS\n📍 POPOLNENIE BEELINE\n"
        f"💳 HUMOCARD *{last4}\n🕓 {clock} {day}\n💰 9.000,20 UZS",
        "sms_uz": f"Karta *{last4} dan {spaced(amount)} so'm yechildi. {day} {clock}. Balans: 70 000 so'm",
        "sms_ru": f"Покупка: {spaced(amount)} сум, карта *{last4}. {day} {clock}. Остаток: 5 000 сум",
        "failed": f"Пополнение отклонено: {spaced(amount)} сум, карта *{last4}. {day} {clock}. Остаток: 5 000 сум",
    }[form]
