"""Which language a text is in, by py3langid (its model lies in its wheel).

Its classifier is the one with the best accuracy on news among those that work offline. Languages that are
nearly alike are told apart by words of one that the others do not write: the table `identification` of a
language's file, key `words`.
"""

import re
from collections.abc import Sequence
from functools import cache

from broadsheet.identifier import languages, probabilities
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


@cache
def _tags_and_groups() -> tuple[list[str], dict[tuple[str, ...], list[int]]]:
    """The model's languages as BCP 47 has them, and where those of each group of relatives are among them."""
    tags = [_TAGS.get(code, code) for code in languages()]
    return tags, {group: [index for index, tag in enumerate(tags) if tag in group] for group in _RELATIVES}


def _classified(texts: Sequence[str]) -> list[tuple[str, float]]:
    """Of each text the likeliest language and its probability, or where that is small the one of its relatives too."""
    tags, members = _tags_and_groups()
    found = []
    for row in probabilities(texts):
        language = tags[best := int(row.argmax())]
        confidence = float(row[best])
        group = _GROUPS.get(language)
        if group is not None and confidence < _LEAST_CONFIDENCE:
            confidence = sum(sorted(row[members[group]].tolist(), reverse=True))
        found.append((language, confidence))
    return found


def _tells_enough(sample: str) -> bool:
    characters = len("".join(sample.split()))
    if not _SHORTEST_SPACELESS <= characters < _SHORTEST:
        return characters >= _SHORTEST
    return len(_SPACELESS.findall(sample)) * 3 > characters


def _identified(text: str, first: tuple[str, float], last: tuple[str, float]) -> tuple[str, float] | None:
    """The language of a text whose beginning and end were classified."""
    language, confidence = first
    if confidence < _LEAST_CONFIDENCE:
        return None
    if last[1] >= _LEAST_CONFIDENCE and _GROUPS.get(last[0], last[0]) != _GROUPS.get(language, language):
        return None
    if language in _GROUPS:
        found = _among_relatives(text, _GROUPS[language])
        if found is None:
            return None
        language = found
    return language, round(min(confidence, 1.0), 3)


def identify_languages(texts: Sequence[str]) -> list[tuple[str, float] | None]:
    """BCP 47 language and confidence (0 to 1, to 3 places) of each text; many at once are much faster than each alone.

    None where the text is too short or unclear, begins and ends in different languages, or is in one of several
    that are nearly alike without the words that tell which.
    """
    # Of an empty sample no language is likely.
    heads = [sample if _tells_enough(sample := text[:_LONGEST]) else "" for text in texts]
    ends = [
        text[-_LONGEST_END:] if head and len(text) >= 2 * _LONGEST else ""
        for text, head in zip(texts, heads, strict=True)
    ]
    found = _classified([*heads, *ends])
    return list(map(_identified, texts, found[: len(texts)], found[len(texts) :]))


def identify_language(text: str) -> tuple[str, float] | None:
    """As `identify_languages`, of one text."""
    return identify_languages([text])[0]
