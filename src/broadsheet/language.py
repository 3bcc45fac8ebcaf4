"""Which language a text is in, by py3langid (its model lies in its wheel).

Its classifier is the one with the best accuracy on news among those that work offline. Languages that are
nearly alike are told apart by words of one that the others do not write: the table `identification` of a
language's file, key `words`.
"""

import re
from functools import cache
from typing import Any

import numpy as np

from broadsheet.languages import language_table

# Fewer characters than this, blanks aside, tell too little; Chinese and Japanese say more with each.
_SHORTEST, _SHORTEST_SPACELESS = 50, 20
# The classifier reads no more than this of a text's beginning and of its end; more changes nothing.
_LONGEST, _LONGEST_END = 600, 300
_LEAST_CONFIDENCE = 0.9
_SPACELESS = re.compile("[\u3040-\u9fff]")
# Codes of the model that BCP 47 writes otherwise.
_TAGS = {"no": "nb"}
# Languages that the model takes for one another, and how much of a text is searched for their words.
_RELATIVES = (("sr", "hr", "bs"), ("id", "ms"), ("nb", "nn"))
_GROUPS = {language: group for group in _RELATIVES for language in group}
_LONGEST_FOR_WORDS = 3000
# One word may be a name or a quotation.
_FEWEST_WORDS = 2
_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile("[\u0400-\u04ff]")


def _singles(halves: np.ndarray) -> np.ndarray:
    """Finite float16 as float32, which NumPy alone converts number by number.

    Sign, exponent and fraction go to their places in the wider number, then the exponents' bias is made up for.
    """
    bits = halves.view(np.int16).astype(np.int32)
    bits <<= 13
    bits &= ~0x70000000
    singles = bits.view(np.float32)
    singles *= np.float32(2.0**112)
    return singles


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    class Identifier(LanguageIdentifier):
        """The library's, with its table of float16 widened a good deal faster than by its product."""

        __slots__ = ()

        def _sparse_score(self, visits: dict[int, int], table: np.ndarray) -> np.ndarray:
            rows = table[np.fromiter(visits, np.intp, len(visits))]
            counts = np.fromiter(visits.values(), np.float32, len(visits))
            return np.log1p(counts) @ (_singles(rows) if rows.dtype == np.float16 else rows) + self.nb_pc

    return Identifier.from_model_file(MODEL_FILE, norm_probs=True)


@cache
def _words_of(language: str) -> frozenset[str]:
    return frozenset(language_table(language, "identification").get("words", ()))


def _among_relatives(text: str, group: tuple[str, ...]) -> str | None:
    """The one of nearly alike languages whose own words the text has, None where it has too few or of several."""
    sample = text[:_LONGEST_FOR_WORDS]
    if "sr" in group and len(_CYRILLIC.findall(sample)) * 2 > len(sample):
        return "sr"
    words = _WORD.findall(sample.lower())
    counts = sorted(((sum(word in _words_of(code) for word in words), code) for code in group), reverse=True)
    (most, language), (second, _) = counts[:2]
    return language if most >= _FEWEST_WORDS and most > 2 * second else None


def _classified(text: str) -> tuple[str, float]:
    """The most likely language, a group of relatives taken together, and the probability of it or the group."""
    language, confidence = _identifier().classify(text)
    language = _TAGS.get(language, language)
    group = _GROUPS.get(language)
    if group is not None and confidence < _LEAST_CONFIDENCE:
        ranked = _identifier().rank(text)
        confidence = sum(share for code, share in ranked if _TAGS.get(code, code) in group)
    return language, float(confidence)


def identify_language(text: str) -> tuple[str, float] | None:
    """BCP 47 language and confidence (0 to 1, to 3 places).

    None where the text is too short or unclear, begins and ends in different languages, or is in one of several
    that are nearly alike without the words that tell which.
    """
    sample = text[:_LONGEST]
    characters = len("".join(sample.split()))
    spaceless = 0 if sample.isascii() else len(_SPACELESS.findall(sample))
    if characters < (_SHORTEST_SPACELESS if spaceless * 3 > characters else _SHORTEST):
        return None
    language, confidence = _classified(sample)
    if confidence < _LEAST_CONFIDENCE:
        return None
    if len(text) >= 2 * _LONGEST:
        last, sure = _classified(text[-_LONGEST_END:])
        if sure >= _LEAST_CONFIDENCE and _GROUPS.get(last, last) != _GROUPS.get(language, language):
            return None
    if language in _GROUPS:
        found = _among_relatives(text, _GROUPS[language])
        if found is None:
            return None
        language = found
    return language, round(min(confidence, 1.0), 3)
