"""The English names that a description tells: the titles are Uzbek and Russian, `Qalin. Чугун. Frying pan, black`.

A sentence counts as English by how its words are spelled, or because it follows a Russian one; never an Uzbek one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

_SENTENCE = re.compile(r"(?:^|[.;!]\s+)([^.;!]+)")
_FRAGMENT = re.compile(r"\s*[,:(+/–—]\s*")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*(?:['’]s|s['’])?")
# what hardly an Uzbek word has: w, c without h, th, vowels in pairs, a silent e, -ing, -ed, -er, -ry, -ss
_ENGLISH = re.compile(
    r"w|c(?!h)|th|ee|oo|ea|ou|oa|oi|ai|ie|eu|tion|[^aeiou]e$|[^aeiou]ing$|..ed$|..ers?$|[^aeiou]y$|ss$|ff$|ght|(?:[eioy]l|mal|bal|wal)l$"
    r"|(?:ru|di|fi|me|re)sh(?:es)?$|[bdgmnpt]s$|[nr]ks$|[^u]ls$|ios$|mp$|esk$|ox$|bag$|irts?$"
)
_SURELY = re.compile(r"w|th|ee|oo|ea|ck|..ing$|ght|ss$")  # a lone "kofe" has a silent e too
_UZBEK = re.compile(
    r"^(?:va|bilan|uchun|yoki|bor|aralash|ichi|yarim|tez)$|q(?!u)|^x|(?<!e)x[tsmlr]|ex[smlr]|..(?:lik|siz|(?<!so)lar|lari|dagi|dan|gan|ydi|adi|ladi|moq|chi|uvchi|shda|sini)$|...(?:li|ga|ni|si|da)$"
)
_MOST = 7  # words of a name
_PARTS = frozenset(("for", "with", "in", "of", "and", "the", "a", "to", "from", "on", "without"))


@lru_cache(maxsize=1024)  # often one of many neighbours
def names(description: str) -> tuple[str, ...]:
    """`("thin gig bag",)` of "Yupqa, 5 mm. Чехол. Thin gig bag, black": the first words of each English sentence."""
    found: list[str] = []
    russian = False
    for sentence in _SENTENCE.findall(description):
        if _CYRILLIC.search(sentence):
            russian = True
            called, colon, _ = sentence.partition(":")  # "Satin ribbon: qizil красный (red)" tells what it comes in
            if colon and not called[:1].islower() and _is_english(called.strip(), sure=False):
                found.append(called.strip())
            continue
        first, *others = _FRAGMENT.split(sentence.strip(" ."))
        if not first[:1].islower() and _is_english(first, sure=russian):
            found += [first, *(one for one in others if one.split()[-1:] == first.split()[-1:])]
        russian = False
    return tuple(found)


def head(name: str) -> int:
    """Where the word begins that says what the thing is: `bag` of "gig bag for a guitar"."""
    own = list(_WORD.finditer(name))
    for one, after in pairwise(own):
        if after[0].lower() in _PARTS:
            return one.start()
    return own[-1].start() if own else 0


def _is_english(said: str, *, sure: bool) -> bool:
    own = said.lower().split()
    if not own or len(own) > _MOST or own[0].isdigit():
        return False
    if not all(((len(one) > 1 or one == "a") and _WORD.fullmatch(one)) or one.isdigit() for one in own):
        return False
    if any(_UZBEK.search(one) and one not in _PARTS for one in own):
        return False
    return sure or any((_SURELY if len(own) == 1 else _ENGLISH).search(one) for one in own)
