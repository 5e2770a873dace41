"""The search index of one shop, in memory, rebuilt when the catalogue changes.

Each unit of a query (a thing, a trait, a name) gives a vector over products: how well each product has it, by the word
itself, by a synonym, or by a near spelling. Rare units weigh more (idf). Sizes, colours and numbers only break ties.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import compress, islice, takewhile
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shop.catalogue.product import Product
from shop.fold import fold, made_from, owned, singular, stem, words
from shop.lexicon import Lexicon, load
from shop.places import is_place
from shop.search import compounds, containers, heads, titles
from shop.search.audiences import FAMILY, suits
from shop.search.beside import beside_goods, called
from shop.search.codes import skus_in, with_models
from shop.search.fuzzy import Fuzzy, is_verb, of_lexicon
from shop.search.grams import Grams
from shop.search.learned import BESIDE, ENGLISH, OF_SIZE, PACKED, TOLD, UMBRELLA, learned
from shop.search.units import KINDS, Unit, child_meant, parts, spellings, tells_how, units
from shop.search.whole import Whole
from shop.verbs import Verbs

Vector = NDArray[np.float32]
_BELIEVED, _LONG = 0.75, 5  # letters of a word that a description is believed for
_SLIPPED = 7  # letters of a word for how a thing is, in which a slip is believed
_SYNONYM = 0.96  # блокнот and ежедневник are one kind of thing, the very word is better
_HOW_IT_IS = 0.88  # толстый is qalin; alone it names a thing less surely than a thing does, or it is a street's name
_BEGUN, _BEGINS, _LEFT = 0.85, 6, 3  # letters of the beginning of a word, and how many may be missing
_OWN = 0.06  # a typo is rather of the shop's own word than of the language's
_WEIGHT = {"goods": 1.0, "word": 1.0, "name": 1.0, "trait": 0.6, "audience": 0.5}
_ASIDE = 0.5  # of the weight: what the thing that is asked for goes with
_HOW, _HOW_TOLD = 0.7, 0.3  # of the weight: how a thing is to be, by titles, or by a description at best: "soft yarn"
_ASIDE_ELSE = 0.25  # where that is not sold here
_NOT_HERE = {"goods": 1.0, "word": 0.35, "name": 0.6, "trait": 0.3, "audience": 0.3}  # weight of what no product has
_GOODS_FLOOR = 0.4  # in a shop of one kind of goods its name has no idf left, yet it is what was asked for
_MADE_FOR = 0.9
_LEAST = 0.25  # hits below are noise
_MENTIONED = 0.35  # a word of the description tells two products apart when no title does


class Hit(NamedTuple):
    """A product that a text may mean. `score` 0..1: how well it fits what was understood.

    `matched` 0..1: how much of the text's content this product explains; `spans`: the places that named it.
    """

    sku: str
    score: float
    matched: float
    spans: tuple[tuple[int, int], ...] = ()


class Search:
    """An index of `products`; building 2 000 takes half a second at first, after a change 0.04; a query under 1 ms."""

    def __init__(self, products: Iterable[Product], lexicon: Lexicon | None = None) -> None:
        self.products = list(products)
        self._lexicon = lexicon or load()
        known = learned(self.products, self._lexicon)
        self._by_key, self._by_concept, self._made_for = known.by_key, known.by_concept, known.made_for
        self._attributes, self._audiences, self._extras = known.attributes, known.audiences, known.extras
        self._lengths = known.lengths
        self._served = sorted(set(map(frozenset, self._audiences)), key=sorted)  # few, and each of many products
        self._serves = np.array([self._served.index(frozenset(one)) for one in self._audiences], dtype=np.int64)
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        self._by_form: dict[str, list[str]] = defaultdict(list)
        for key in self._by_key:
            self._by_stem[stem(key)].append(key)
            for form in owned(key) if key not in self._lexicon.filler else ():  # solar is no plural of "со"
                self._by_form[form].append(key)
        self._keys = sorted(key for key in self._by_key if key.isalpha())
        self._sold = frozenset(key for key, holders in self._by_key.items() if max(holders.values()) >= BESIDE)
        self._verbs = Verbs(key for key in self._keys if max(self._by_key[key].values()) >= BESIDE)
        self._fuzzy = Fuzzy([key for key, holders in self._by_key.items() if max(holders.values()) > 0.5])
        self._heads = heads.everyday(self.products, self._lexicon)
        self._called = frozenset(name for one in self.products for name in called(one.title_uz, one.title_ru))
        self._colors = {word.key for product in self.products for name in product.colors for word in words(name)}
        self._places = {product.sku: at for at, product in enumerate(self.products)}
        self._skus = {fold(product.sku).replace(" ", ""): at for at, product in enumerate(self.products)}

    @cached_property
    def grams(self) -> Grams:
        """The same products as vectors, made when first wanted."""
        return Grams(self.products)

    @cached_property
    def whole(self) -> Whole:
        """The same products by their whole titles and articles, made when first wanted."""
        return Whole(self.products)

    # ---- asking ------------------------------------------------------------------------------------------------------

    def find(self, text: str, limit: int = 5, *, described: bool = False) -> list[Hit]:
        """The products `text` may mean, best first; [] when it names nothing that the shop sells.

        `described`: unknown words that no title has are believed where a description has them.
        """
        if by_sku := skus_in(text, self._skus):
            return [Hit(self.products[at].sku, 1.0, 1.0, (span,)) for at, span in by_sku[:limit]]
        asked, content, vectors = self._read(text)
        if not content or not self.products:
            return []
        # a slip may mean a sister and a single thing: "singlga"
        audiences = {one for unit in content if unit.kind == "audience" for one in unit.concepts if one in FAMILY}
        for at in containers.put_into(text, content):
            vectors[at] = np.minimum(vectors[at], PACKED)  # "qutida bering" asks for no box
        containers.told_apart(content, vectors, TOLD)
        if not vectors.any() or (len(content) == 1 and vectors.max() == np.float32(OF_SIZE)):  # "50x70" is no thing
            return []
        if described:
            beside = (vectors > 0).sum(axis=0) > 1  # a short word is believed beside another
            for unit, vector in zip(content, vectors, strict=True):
                unknown = unit.kind == "word" and not containers.only_of(unit)
                if unknown and 0 < vector.max() <= ENGLISH:  # музыка is no Music stand
                    exact = (vector == np.float32(TOLD)) | (vector == np.float32(TOLD * _HOW_IT_IS))
                    told = exact & (beside | (len(unit.words[0].text) >= _LONG))
                    told |= beside & (vector >= np.float32(TOLD * _HOW_IT_IS)) & (vector <= np.float32(TOLD))
                    vector *= np.where(told, np.float32(_BELIEVED / TOLD), vector > TOLD)
        extras = [spellings(unit) for unit in asked if unit.kind in ("number", "color")]
        audiences |= {"kids"} if child_meant(text) else set()
        beside = self._beside(text, content, vectors)
        return self._rank(content, vectors, extras, audiences, beside, limit)

    def core(self, text: str) -> list[tuple[int, int]]:
        """Where `text` says what a thing goes with or what no title has; [] where the rest names no thing sold here."""
        _, content, vectors = self._read(text)
        if not content or not self.products:
            return []
        beside, known = self._beside(text, content, vectors), (vectors.max(axis=1) >= heads.NAMED).tolist()
        rest = [unit for unit, has in zip(content, known, strict=True) if has and unit.start not in beside]
        foreign = [unit for unit, has in zip(content, known, strict=True) if not has and unit.start not in beside]
        if any(unit.kind == "goods" for unit in foreign) or not any(self._is_called(unit) for unit in rest):
            return []
        return [(unit.start, unit.end) for unit in content if unit not in rest]

    def _read(self, text: str) -> tuple[list[Unit], list[Unit], Vector]:
        """The units of `text`, those of them that say what is asked for, and how well each product has these."""
        said = compounds.turned(text, units(text, self._lexicon, self._sold, self._heads), self._lexicon)
        said = compounds.apart(said, self._lexicon, self._sold, self._vector)
        guessed = [self._guess(self._as_color(unit)) for unit in said]
        asked = with_models(text, guessed, self._by_key)
        content = self._telling([self._patterned(unit, asked) for unit in asked if unit.kind in _WEIGHT])
        vectors = np.stack([self._vector(unit) for unit in content]) if content else np.zeros((0, 0), np.float32)
        return asked, content, vectors

    def _beside(self, text: str, content: list[Unit], vectors: Vector) -> set[int]:
        titled = [self._is_called(unit) for unit in content]
        return beside_goods(text, content, titled, (vectors.max(axis=1) >= heads.NAMED).tolist())

    def _is_called(self, unit: Unit) -> bool:
        """Whether some title is called by a word of this unit."""
        return any(stem(word.key) in self._called for word in unit.words)

    def _patterned(self, unit: Unit, asked: list[Unit]) -> Unit:
        """`mashinali`, beside another word: with cars on it, and no car where none is sold; `замороженные манты`."""
        own, how = unit.kind == "goods" and not self._vector(unit).any(), titles.describes(unit)
        named = (own or how) and any(one.kind == "goods" and self._vector(one).any() for one in asked)
        if how and named:
            return replace(unit, kind="trait")
        return compounds.not_sold(unit, named=named) if own and len(asked) > 1 else unit

    def _telling(self, content: list[Unit]) -> list[Unit]:
        """`content` without whom it is for where no such thing is for anybody: all dutors are for a child too."""
        things = [unit for unit in content if unit.kind == "goods"]
        if not things or all(unit.kind != "audience" for unit in content):
            return content
        fit = np.max([self._vector(unit) for unit in things], axis=0) >= UMBRELLA * _SYNONYM
        told = any(self._audiences[at] for at in np.flatnonzero(fit))
        return content if told or not fit.any() else [unit for unit in content if unit.kind != "audience"]

    def find_each(self, text: str, limit: int = 5) -> list[list[Hit]]:
        """Like `find`, for a text that may name several things: one list of hits for each, spans in the whole text."""
        found: list[list[Hit]] = []
        for start, end in parts(text, self._lexicon):
            hits = self.find(text[start:end], limit)
            moved = [hit._replace(spans=tuple((a + start, b + start) for a, b in hit.spans)) for hit in hits]
            if moved:
                found.append(moved)
        return found

    def knows(self, code: str) -> bool:
        """Whether a word or the name of a model (`2x1.5`) stands in some title, as a key."""
        return code in self._by_key

    def tell_apart(self, text: str, skus: Sequence[str]) -> tuple[list[str], list[tuple[int, int]]]:
        """Of a few products those that words of `text` tell from the others ("the leather one"), and these words.

        ([], []) when nothing in the text is true of only some of them.
        """
        places = sorted({self._places[sku] for sku in skus if sku in self._places})
        scores: Vector = np.zeros(len(places), dtype=np.float32)
        spans: list[tuple[int, int]] = []
        for asked in units(text, self._lexicon, self._sold, self._heads):
            titled = np.array([titles.has_word(self.products[at], asked.words[0].key) for at in places])
            unit = asked if titled.any() else self._guess(asked)
            if unit is None:
                continue
            have = self._have(unit, places, titled)
            if have.any() and not have.all():
                scores += have * (_WEIGHT.get(unit.kind) or _WEIGHT["trait"])
                spans.append((unit.start, unit.end))
        for word in words(text):  # Pro and Mini are names in a title, though "про" is also a word that says nothing
            if word.key not in self._lexicon.filler:
                continue
            have = np.array([word.key in titles.names(self.products[at]) for at in places])
            if have.any() and not have.all():
                scores += have
                spans.append((word.start, word.end))
        best = {self.products[at].sku for at, score in zip(places, scores, strict=True) if score == scores.max()}
        return ([sku for sku in skus if sku in best], spans) if spans else ([], [])

    def _have(self, unit: Unit, places: list[int], titled: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which of a few products have `unit` clearly more than the others do. `titled`: those whose title has it."""
        if unit.kind in ("number", "color"):
            return np.array([bool(spellings(unit) & self._extras[at]) for at in places])
        if titled.any():  # "prosi" is of the short word Pro, which no index of endings believes
            return titled if unit.kind != "audience" else titled | (self._vector(unit)[places] >= _MENTIONED)
        fits = self._vector(unit)[places]
        return np.asarray(fits >= max(_MENTIONED, 0.6 * float(fits.max())))

    def _as_color(self, unit: Unit) -> Unit:
        """A word that this shop calls a colour by, and no thing: venge, marengo."""
        own = unit.kind == "word" and unit.words[0].key in self._colors and unit.words[0].key not in self._sold
        return Unit(unit.words, "color") if own else unit

    def _guess(self, unit: Unit) -> Unit | None:
        """A word the lexicon does not know may be a typo of one it does; None when it is a typo of filler."""
        word = unit.words[0]
        if word.key in self._by_key or len(unit.words) > 1 or (word.key,) in self._lexicon.by_keys:
            return unit
        if unit.kind not in ("number", "color") and is_place(word):
            return None  # Sergeli is no earring (серьги)
        if unit.kind != "word" or unit.concepts or self._has_form(word.key):
            return unit
        if word.key not in self._lexicon.everyday and self._begun(word.key):
            return unit
        if is_verb(word.key) or stem(word.key) in self._lexicon.everyday_stems:
            return None  # beraman is no slip in "bayramona", nor javob of javon
        for base in made_from(word.key):
            if base in self._by_stem or (base,) in self._lexicon.by_stems:
                made = self._made_of(unit, base)
                return made if made.kind != "goods" or not word.key.endswith("lik") else unit  # "tortlik" is for cakes
        near = self._near(word.key) or compounds.tail(word.key, self._lexicon, self._rare)
        own = self._fuzzy.near(word.key)
        if not near or (own and own[0][1] + _OWN > near[0][1]):
            return unit
        meant, trust = near[0]
        concepts = self._lexicon.meanings((meant,))
        if not concepts:
            return None
        kind = self._kind(concepts)
        if kind == "word" and len(word.key) < _SLIPPED:
            return unit  # kunda, in so many days, is no slip of qo'lda
        return Unit(unit.words, kind, frozenset(concepts), trust * 0.95)

    def _kind(self, concepts: set[str]) -> str:
        """What a word of several meanings counts as."""
        kinds = {self._lexicon.concepts[name].kind for name in concepts}
        return next(kind for kind in KINDS if kind in kinds)

    def _has_form(self, key: str) -> bool:
        """Whether a word of a title stands behind `key` with another ending."""
        found = stem(key) in self._by_stem or key in self._by_form or singular(key) in self._by_key
        return found or bool(self._verbs.near(key))

    def _made_of(self, unit: Unit, base: str) -> Unit:
        """A word made from another one, as that one: a плащик is a плащ."""
        key = next(iter(self._by_stem.get(base, ())), base)
        of_base = Unit((unit.words[0]._replace(key=key),), unit.kind)
        if concepts := self._lexicon.meanings((key,)):
            return replace(of_base, kind=self._kind(concepts), concepts=frozenset(concepts))
        return of_base

    def _near(self, key: str) -> list[tuple[str, float]]:
        """(word of the lexicon, similarity) that `key` may be a slip of, best first."""
        found = of_lexicon(self._lexicon).near(key) + self._rare.near(key)
        return sorted(found, key=lambda pair: -pair[1])

    @cached_property
    def _rare(self) -> Fuzzy:
        """The lexicon's rare words for what this shop sells."""
        lexicon = self._lexicon
        return Fuzzy([key for key in sorted(lexicon.rare) if lexicon.by_keys[key,] & self._by_concept.keys()])

    def _vector(self, unit: Unit) -> Vector:
        """How well each product has `unit`, 0..1."""
        vector: Vector = np.zeros(len(self.products), dtype=np.float32)
        for concept in unit.concepts:
            worth = _HOW_IT_IS if unit.kind == "word" else _SYNONYM
            _raise(vector, self._by_concept.get(concept, {}), unit.trust * worth)
        if unit.kind == "audience":
            served = np.array([bool(one & unit.concepts) for one in self._served], dtype=np.bool_)[self._serves]
            vector = np.maximum(vector, served * np.float32(unit.trust))
        direct = [self._word_vector(word.key, fuzzy=not unit.concepts) for word in unit.words]
        shares = np.float32(1.0 if len(direct) == 1 else 0.9)
        return np.asarray(np.maximum(vector, np.mean(direct, axis=0) * shares), np.float32)

    def _word_vector(self, key: str, *, fuzzy: bool) -> Vector:
        """How well each product has one word: itself, with other endings, as part of a longer word, or misspelled."""
        vector: Vector = np.zeros(len(self.products), dtype=np.float32)
        _raise(vector, self._by_key.get(key, {}), 1.0)
        same = [*self._by_stem.get(stem(key), ()), *self._by_form.get(key, ())]
        same += [one] if (one := singular(key)) in self._by_key else []
        for other in same:
            _raise(vector, self._by_key[other], BESIDE if other in self._attributes else 0.97)
        if not same and key not in self._by_key and (made := self._verbs.near(key)):
            for other, likeness in made:
                _raise(vector, self._by_key[other], likeness)
        elif fuzzy and not same and key not in self._by_key:
            for other, likeness in [*self._fuzzy.near(key), *self._begun(key)]:
                _raise(vector, self._by_key[other], likeness)
        return vector

    def _begun(self, key: str) -> list[tuple[str, float]]:
        """The shop's words that a long one is the beginning of: `brazil` of Braziliya."""
        if len(key) < _BEGINS:
            return []
        first = bisect_left(self._keys, key)
        near = takewhile(lambda other: other.startswith(key), islice(self._keys, first, None))
        return [(other, _BEGUN) for other in near if len(other) - len(key) <= _LEFT]

    def _fits(self, unit: Unit, vector: Vector) -> Vector:
        """As `vector`, and what comes in sizes of that name: it tells products apart, and is no name of any."""
        fits = vector.copy()
        if unit.kind in ("name", "word", "goods"):
            for name in (*unit.concepts, *(word.key for word in unit.words)):
                _raise(fits, dict.fromkeys(self._made_for.get(name, ()), _MADE_FOR), unit.trust)
        return fits

    def _rank(
        self,
        content: list[Unit],
        vectors: Vector,
        extras: list[set[str]],
        audiences: set[str],
        beside: set[int],
        limit: int,
    ) -> list[Hit]:
        weights = np.array([self._weight(unit, vector) for unit, vector in zip(content, vectors, strict=True)])
        sold = any(unit.kind == "goods" and vector.any() for unit, vector in zip(content, vectors, strict=True))
        weights *= containers.weights(content, vectors)
        how = [sold and tells_how(unit) for unit in content]
        weights *= np.where(how, np.where(vectors.max(axis=1) >= 0.5, _HOW, _HOW_TOLD), 1.0)
        apart = np.array([unit.start in beside for unit in content])
        weights *= np.where(apart, np.where(vectors.any(axis=1), _ASIDE, _ASIDE_ELSE), 1.0)
        unknown = np.array(
            [unit.kind == "word" and not vector.any() for unit, vector in zip(content, vectors, strict=True)]
        )
        fits = np.stack([self._fits(unit, vector) for unit, vector in zip(content, vectors, strict=True)])
        have = weights @ fits
        understood = np.where(unknown, weights * 0.4, weights)  # what means nothing here says little against a fit
        base = have / max(float(understood.sum()), 1e-6)
        base *= heads.gate([unit for unit in content if unit.start not in beside], vectors[~apart])
        base *= heads.not_for_itself(vectors, apart)
        if audiences:
            base *= np.array([suits(own, audiences) for own in self._served])[self._serves]
        near = np.flatnonzero(base >= _LEAST)  # few of many: only these are put in order
        best = near[np.argsort(-base[near], kind="stable")[: max(50, limit)]]
        named = (vectors[:, best] >= 0.5).T.tolist()
        matched = (have[best] / weights.sum()).tolist()
        places = [(unit.start, unit.end) for unit in content]
        found: list[Hit] = []
        for at, fit, own, share in zip(best.tolist(), base[best].tolist(), named, matched, strict=True):
            spans = tuple(compress(places, own))
            coverage = min(1.0, len(spans) / max(1, self._lengths[at]))
            score = fit * (0.86 + 0.07 * coverage + 0.07 * self._extra(at, extras))
            found.append(Hit(self.products[at].sku, round(min(1.0, score), 4), share, spans))
        return sorted(found, key=lambda hit: -hit.score)[:limit]

    def _weight(self, unit: Unit, vector: Vector) -> float:
        """How much a unit says: rare ones more; what no product has by its kind."""
        spread = float(vector.sum())
        if spread <= 0:
            return _NOT_HERE[unit.kind]
        count = len(self.products)
        idf = float(np.log(1 + count / spread) / np.log(1 + count)) if count > 1 else 1.0
        floor = _GOODS_FLOOR if unit.kind == "goods" else 0.1
        return _WEIGHT[unit.kind] * min(1.0, max(floor, idf))

    def _extra(self, at: int, extras: list[set[str]]) -> float:
        """The share of named sizes, colours and numbers that this product has."""
        return sum(bool(one & self._extras[at]) for one in extras) / len(extras) if extras else 1.0


def _raise(vector: Vector, holders: dict[int, float], by: float) -> None:
    for at, worth in holders.items():
        vector[at] = max(vector[at], worth * by)
