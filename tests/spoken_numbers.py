"""Numbers as people say them, digit by digit, in pairs or in fours: for tests of what is found in dictated text."""

from __future__ import annotations

# language -> 0..9; 10, 20 .. 90; 10..19 where they have words of their own
_TEXTS = {
    "uz": "nol bir ikki uch to'rt besh olti yetti sakkiz to'qqiz;"
    "o'n yigirma o'ttiz qirq ellik oltmish yetmish sakson to'qson;",
    "uz_Cyrl": "нол бир икки уч тўрт беш олти етти саккиз тўққиз;"
    "ўн йигирма ўттиз қирқ эллик олтмиш етмиш саксон тўқсон;",
    "ru": "ноль один два три четыре пять шесть семь восемь девять;"
    "десять двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто;"
    "десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать",
    "en": "zero one two three four five six seven eight nine;"
    "ten twenty thirty forty fifty sixty seventy eighty ninety;"
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
}
_WORDS = {language: [part.split() for part in text.split(";")] for language, text in _TEXTS.items()}
_HUNDREDS = {"uz": "{} yuz", "uz_Cyrl": "{} юз", "en": "{} hundred"}
_THOUSANDS = {"uz": "ming", "uz_Cyrl": "минг", "ru": "тысяч", "en": "thousand"}
_RUSSIAN = ["сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот"]


def digits(number: str, language: str) -> str:
    """`8600` as `sakkiz olti nol nol`."""
    return " ".join(_WORDS[language][0][int(digit)] for digit in number)


def pairs(number: str, language: str) -> str:
    """`8600` as `sakson olti nol nol`, `1234` as `двенадцать тридцать четыре`."""
    return " ".join(_pair(number[at : at + 2], language) for at in range(0, len(number), 2))


def fours(number: str, language: str) -> str:
    """`8600 1234` as `sakkiz ming olti yuz, bir ming ikki yuz o'ttiz to'rt`; zeros in front are said one by one."""
    return ", ".join(_four(number[at : at + 4], language) for at in range(0, len(number), 4))


def _pair(two: str, language: str) -> str:
    units, tens, teens = _WORDS[language]
    if two[0] == "0":
        return f"{units[0]} {units[int(two[1])]}"
    if two[0] == "1" and teens:
        return teens[int(two[1])]
    return f"{tens[int(two[0]) - 1]} {units[int(two[1])]}" if two[1] != "0" else tens[int(two[0]) - 1]


def hundreds(three: str, language: str) -> str:
    """`123` as `bir yuz yigirma uch`; zeros in front are said one by one."""
    units = _WORDS[language][0]
    if three[0] == "0":
        return digits(three, language)
    head = _RUSSIAN[int(three[0]) - 1] if language == "ru" else _HUNDREDS[language].format(units[int(three[0])])
    return f"{head} {_rest(three[1:], language)}".strip()


def _rest(two: str, language: str) -> str:
    return "" if two == "00" else _WORDS[language][0][int(two[1])] if two[0] == "0" else _pair(two, language)


def _four(four: str, language: str) -> str:
    if four[0] == "0":
        return digits(four, language)
    three = hundreds(four[1:], language) if four[1] != "0" else _rest(four[2:], language)
    return f"{_WORDS[language][0][int(four[0])]} {_THOUSANDS[language]} {three}".strip()
