"""Which language a text is in, by py3langid (its model lies in its wheel).

Its classifier is the one with the best accuracy on news among those that work offline.
"""

import re
from functools import cache
from typing import Any

import numpy as np

# Fewer characters than this, blanks aside, tell too little; Chinese and Japanese say more with each.
_SHORTEST, _SHORTEST_SPACELESS = 80, 30
# The classifier reads no more of a text than this; more changes nothing.
_LONGEST = 600
_LEAST_CONFIDENCE = 0.9
_SPACELESS = re.compile("[\u3040-\u9fff]")
# Codes of the model that BCP 47 writes otherwise.
_TAGS = {"no": "nb"}


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


def identify_language(text: str) -> tuple[str, float] | None:
    """BCP 47 language and confidence (0 to 1, to 3 places), or None where the text is too short or unclear."""
    sample = text[:_LONGEST]
    characters = len("".join(sample.split()))
    spaceless = 0 if sample.isascii() else len(_SPACELESS.findall(sample))
    if characters < (_SHORTEST_SPACELESS if spaceless * 3 > characters else _SHORTEST):
        return None
    language, confidence = _identifier().classify(sample)
    score = round(float(confidence), 3)
    return (_TAGS.get(language, language), score) if score >= _LEAST_CONFIDENCE else None
