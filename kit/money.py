"""Money is a whole number of the smallest unit in use and a currency: so'm for UZS, cents for USD.

So'm, tenge and rouble amounts are written without cents in shops, so their smallest unit in use is the main unit;
payment providers that count in tiyin are spoken to in tiyin at their own edge (`to_minor`).
"""

from __future__ import annotations

# digits after the point that people use in shops (not ISO 4217, which says 2 for all of these)
EXPONENT = {"UZS": 0, "KZT": 0, "KGS": 0, "RUB": 0, "KRW": 0, "TRY": 2, "USD": 2, "EUR": 2}
_PAPER = {"KRW": 0}  # digits after the point in ISO 4217, where they are not 2
_SYMBOL = {
    "UZS": {"uz": "soʻm", "uz_Cyrl": "сўм", "ru": "сум", "en": "soʻm"},
    "KZT": {"uz": "tenge", "uz_Cyrl": "тенге", "ru": "тенге", "en": "tenge"},
    "RUB": {"uz": "rubl", "uz_Cyrl": "рубл", "ru": "руб.", "en": "RUB"},
}
_NBSP = "\u00a0"  # a sum never breaks across lines


def to_minor(amount: int, currency: str) -> int:
    """`amount` in the currency's smallest unit on paper (ISO 4217), as payment providers count: so'm become tiyin."""
    return amount * _minor(currency)


def from_minor(total: int, currency: str) -> int | None:
    """The reverse; None for a sum with a fraction that is not in use: 150 000.01 so'm is nobody's price."""
    whole, rest = divmod(total, _minor(currency))
    return None if rest else whole


def _minor(currency: str) -> int:
    factor: int = 10 ** (_PAPER.get(currency, 2) - EXPONENT[currency])
    return factor


def show(amount: int, currency: str, language: str) -> str:
    """`amount` as people read it: `250 000 soʻm` (no-break spaces between groups and before the unit)."""
    exponent = EXPONENT.get(currency, 2)
    whole, cents = divmod(abs(amount), 10**exponent)
    text = f"{whole:,}".replace(",", _NBSP)
    if exponent:
        text += f".{cents:0{exponent}d}"
    unit = _SYMBOL.get(currency, {}).get(language, currency)
    return f"{'-' if amount < 0 else ''}{text}{_NBSP}{unit}"
