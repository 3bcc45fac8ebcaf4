"""Which language a text is in, by py3langid (its model lies in its wheel).

Its classifier is the one with the best accuracy on news among those that work offline.
"""

from functools import cache
from typing import Any

# Fewer characters than this, blanks aside, tell too little; Chinese and Japanese say more with each.
_SHORTEST, _SHORTEST_SPACELESS = 80, 30
# The classifier reads no more of a text than this; more changes nothing.
_LONGEST = 600
_LEAST_CONFIDENCE = 0.9
# Codes of the model that BCP 47 writes otherwise.
_TAGS = {"no": "nb"}


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def identify_language(text: str) -> tuple[str, float] | None:
    """BCP 47 language and confidence (0 to 1, to 3 places), or None where the text is too short or unclear."""
    sample = text[:_LONGEST]
    characters = len("".join(sample.split()))
    spaceless = sum(1 for character in sample if "\u3040" <= character <= "\u9fff")
    if characters < (_SHORTEST_SPACELESS if spaceless * 3 > characters else _SHORTEST):
        return None
    language, confidence = _identifier().classify(sample)
    score = round(float(confidence), 3)
    return (_TAGS.get(language, language), score) if score >= _LEAST_CONFIDENCE else None
