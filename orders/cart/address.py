"""Whether an address is enough for a courier. In the city: a house, a landmark or a pin; a district alone is not.

The words are those of addresses anywhere in the region, in both Uzbek scripts, Russian and English; no list of places
is needed, because what is asked is only whether there is more than the name of a place.
"""

from __future__ import annotations

import re

NONE, AREA, STREET, FULL = "none", "area", "street", "full"

_APOSTROPHES = re.compile("[\u2018\u2019\u02bb\u02bc`\u00b4ʹ]")
# a number that names a block of flats' quarter, not a house
_BLOCK = re.compile(
    r"\b\d+\s*[a-zа-я]?\s*[-–]?\s*(?:chi\s+|чи\s+|й\s+|ой\s+|th\s+|nd\s+|rd\s+|st\s+)?"
    r"(?:kvartal\w*|квартал\w*|kv-l|кв-л|mavze\w*|мавзе\w*|massiv\w*|массив\w*|daha\w*|даха\w*|mikrorayon\w*|микрорайон\w*"
    r"|mkr\b|мкр\b|block\b|district\b|blok\b)"
    r"|\b(?:kvartal|квартал|mavze|мавзе|massiv|массив|mikrorayon|микрорайон|mkr|мкр|block)\s*\d+\b",
)
_HOUSE = re.compile(
    r"\b(?:uy|uyi|uyda|dom|dom\w{0,3}|xonadon\w*|kvartira\w*|podyezd\w*|podez\w*|уй|уйи|хонадон\w*|дом|дома|корпус\w*|квартира\w*|подъезд\w*"
    r"|house|apt|apartment|flat|building)\b|\b(?:кв|kv|д|d)\.?\s*\d|\d+\s*[-–]?\s*(?:uy|уй|dom|дом|xonadon|хонадон|(?:kv|кв)\b(?!-))",
)
_STREET = re.compile(
    r"\b(?:ko'cha\w*|kocha\w*|kucha\w*|кўча\w*|куча\w*|ул|улица\w*|проезд\w*|переулок\w*|пер|проспект\w*|пр-т|tor|tori|тор|guzar\w*|гузар\w*"
    r"|yo'li|yoli|йўли|street|str|avenue|road|lane|mahalla\w*|маҳалла\w*|махалл\w*)\b",
)
_LANDMARK = re.compile(
    r"\b(?:yon\w{0,6}|old(?:i|ida|idagi)|ro'para\w*|ropara\w*|orqa(?:si\w*|da)|ichida|tagida|burchagi\w*|mo'ljal\w*|moljal\w*|qarshisi\w*"
    r"|ён(?:ида\w*|и)|олди(?:да\w*)?|рўпара\w*|рупара\w*|орқа(?:си\w*)?|орка(?:си\w*)|мўлжал\w*|қаршиси\w*|ичида|ёнбоши\w*"
    r"|рядом|напротив|возле|около|позади|внутри|ориентир\w*|за\s+\w{4,}"
    r"|near|next to|opposite|behind|landmark|across)\b",
)
_BRANCH = re.compile(
    r"\b(?:filial\w*|филиал\w*|pochta\w*|почта\w*|почтомат\w*|отделени\w*|bo'lim\w*|бўлим\w*|пункт\w*|punkt\w*"
    r"|bts|emu|uzpost|бтс|эму|узпост|branch|post office)\b",
)
# words that say what kind of place the name beside them is
_KIND = re.compile(
    r"\b(?:shahr\w*|shahar\w*|шаҳ\w*|шах\w*|tuman\w*|туман\w*|rayon\w*|район\w*|viloyat\w*|вилоят\w*|област\w*|город\w*|region|city|district"
    r"|г|р-н|sh|ш|respublika\w*|республика\w*|uzbekistan|o'zbekiston|узбекистан|ўзбекистон)\b",
)
# when to come is no number of a house: "к 7 вечера на Юнусабад", "Sergeli, after 18:00"
_HOUR = re.compile(
    r"\b(?:после|after|before|until|till|soat|соат)\s+\d{1,2}(?::\d\d)?(?:\s*[ap]\.?m|-?\s*(?:da|да))?(?!\w)"
    r"|\b\d{1,2}(?::\d\d)?\s*(?:вечера|утра|дня|часам|часов|часа|p\.?m|a\.?m|o'clock)(?!\w)"
    r"|\b\d{1,2}:\d\d\b",
)
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_][\w'-]*")
_CAPITAL = ("toshkent", "tashkent", "тошкент", "ташкент")  # its districts have numbered quarters, hence "Sergeli 5"
_MANY_WORDS = 5  # a place is named in at most four words; whoever writes more describes a way


def grade(text: str) -> str:
    """How much an address says: NONE, AREA (a place's name alone), STREET (no house yet) or FULL."""
    said = _HOUR.sub(" ", _APOSTROPHES.sub("'", text).casefold()).strip()
    if not re.search(r"\w", said):
        return NONE
    if _LANDMARK.search(said) or _BRANCH.search(said) or _HOUSE.search(said):
        return FULL
    rest, blocks = _BLOCK.subn(" ", said)
    numbers = len(_NUMBER.findall(rest))
    words = _WORD.findall(_KIND.sub(" ", rest))
    street = bool(_STREET.search(rest))
    if numbers and (street or blocks or numbers > 1 or (len(words) > 1 and not _lone_quarter(rest))):
        return FULL
    if street or numbers or blocks:
        return STREET
    return FULL if len(words) >= _MANY_WORDS else AREA


def _lone_quarter(rest: str) -> bool:
    """Whether the one number is a quarter of a district: "Toshkent, Chilonzor 5", but not "Yakkasaroy, Bobur 58"."""
    parts = [_KIND.sub(" ", part) for part in re.split("[,;\n]", rest)]
    other = [word for part in parts if not _NUMBER.search(part) for word in _WORD.findall(part)]
    here = [word for part in parts if _NUMBER.search(part) for word in _WORD.findall(part)]
    return len([word for word in here if word not in _CAPITAL]) <= 1 and all(word in _CAPITAL for word in other)
