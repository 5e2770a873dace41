"""Money is a whole number of the smallest unit in use and a currency: so'm for UZS, cents for USD.

So'm, tenge and rouble amounts are written without cents in shops, so their smallest unit in use is the main unit;
payment providers that count in tiyin multiply by 100 at their own edge.
"""

from __future__ import annotations

# digits after the point that people use in shops (not ISO 4217, which says 2 for all of these)
EXPONENT = {"UZS": 0, "KZT": 0, "KGS": 0, "RUB": 0, "KRW": 0, "TRY": 2, "USD": 2, "EUR": 2}
_SYMBOL = {
    "UZS": {"uz": "soʻm", "uz_Cyrl": "сўм", "ru": "сум", "en": "soʻm"},
    "KZT": {"uz": "tenge", "uz_Cyrl": "тенге", "ru": "тенге", "en": "tenge"},
    "RUB": {"uz": "rubl", "uz_Cyrl": "рубл", "ru": "руб.", "en": "RUB"},
}
_NBSP = "\u00a0"  # a sum never breaks across lines


def show(amount: int, currency: str, language: str) -> str:
    """`amount` as people read it: `250 000 soʻm` (no-break spaces between groups and before the unit)."""
    exponent = EXPONENT.get(currency, 2)
    whole, cents = divmod(abs(amount), 10**exponent)
    text = f"{whole:,}".replace(",", _NBSP)
    if exponent:
        text += f".{cents:0{exponent}d}"
    unit = _SYMBOL.get(currency, {}).get(language, currency)
    return f"{'-' if amount < 0 else ''}{text}{_NBSP}{unit}"
