"""Bylines: which line names the authors, and their names without "By", titles, desks and agencies."""

import re
from functools import cache

from broadsheet.languages import language_tables

_LONGEST_BYLINE = 200
_WORD = r"[^\W\d_][\w'’.\-‐·]*"
# Particles that stand in lower case inside names.
_PARTICLES = frozenset(
    ["de", "da", "do", "dos", "das", "del", "della", "di", "du", "des", "la", "le", "las", "los", "van", "von", "der", "den", "ter", "ten", "zu", "zur", "zum", "af", "av", "y", "e", "i", "bin", "ibn", "al", "el", "ben", "abu", "dal", "d'", "o'"]
)
_SPACELESS = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_UNCASED = re.compile(r"[\u0590-\u06ff\u0900-\u0dff\u0e00-\u0eff]")
_PARENTHESES = re.compile(r"\([^()]{0,60}\)|\[[^\[\]]{0,60}\]|<[^<>]{0,60}>")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|(?<!\w)@\w+")
_SEPARATOR = re.compile(r"\s*[,;|/&•·、，；]\s*|\s+[-–—]\s+|\t+| {3,}|\n")


@cache
def _words(key: str) -> frozenset[str]:
    return frozenset(word for table in language_tables("names").values() for word in table.get(key, ()))


@cache
def _lead() -> re.Pattern[str]:
    leads = sorted(_words("lead"), key=lambda text: (-len(text), text))
    spaced = [re.escape(lead) for lead in leads if lead[-1].isalnum() and not _SPACELESS.search(lead)]
    joined = [re.escape(lead) for lead in leads if not (lead[-1].isalnum() and not _SPACELESS.search(lead))]
    return re.compile(rf"\s*(?:(?:{'|'.join(spaced)})(?:\s*:\s*|\s+)|(?:{'|'.join(joined)})\s*)", re.IGNORECASE)


@cache
def _joiner() -> re.Pattern[str]:
    words = sorted(word for word in _words("joiners") if (word.isalpha() and not _SPACELESS.search(word) and len(word) > 1) or word in ("y", "e", "i", "и", "і"))
    return re.compile(rf"\s+(?:{'|'.join(words)})\s+", re.IGNORECASE)


@cache
def _not_a_name() -> re.Pattern[str]:
    words = sorted(_words("titles") | _words("organisations"), key=lambda text: (-len(text), text))
    spaced = "|".join(re.escape(word) for word in words if not _SPACELESS.search(word))
    joined = "|".join(re.escape(word) for word in words if _SPACELESS.search(word))
    return re.compile(rf"(?<!\w)(?:{spaced})(?!\w)|(?:{joined})", re.IGNORECASE)


def byline_lead(line: str) -> int:
    """Length of the words such as "By" that open a byline, 0 where there are none."""
    if len(line) > _LONGEST_BYLINE:
        return 0
    match = _lead().match(line)
    return match.end() if match else 0


def _spaceless_name(text: str) -> str | None:
    name = _not_a_name().sub("", text).strip(" 　：:・／/()（）【】[]〔〕")
    characters = name.replace(" ", "").replace("　", "").replace("・", "")
    is_name = 2 <= len(characters) <= 12 and all(_SPACELESS.match(character) or character in "ー々" for character in characters)
    return name if is_name and (len(characters) <= 5 or "・" in name) else None


def person_name(text: str) -> str | None:
    """A person's name, trimmed, or None where `text` does not look like one.

    Two to five words, each with a capital but for particles ("van der"); in scripts without capitals any
    words; in Chinese, Japanese and Korean two to five characters.
    """
    text = text.strip(" \t\u00a0.:;,-–—|*•\"“”„«»")
    if not text or len(text) > 60 or any(character.isdigit() for character in text):
        return None
    if _SPACELESS.search(text):
        return _spaceless_name(text)
    if _not_a_name().search(text):
        return None
    words = text.split()
    if not 2 <= len(words) <= 5:
        return None
    uncased = _UNCASED.search(text)
    for word in words:
        if word.casefold() in _PARTICLES or word.lower().startswith(("d'", "d’", "al-", "el-")):
            continue
        if re.fullmatch(_WORD, word) is None or not (word[0].isupper() or uncased):
            return None
    return text if words[0].casefold() not in ("the", "der", "die", "das", "le", "les", "los", "el") else None


def author_names(byline: str) -> tuple[str, ...]:
    """Names in a byline, in order, each once: "By Ann Lee and Bo Ek, Staff Writers" gives two."""
    text = byline[byline_lead(byline) :]
    # "By Ann Lee By Bo Ek": converters put bylines on one line.
    text = _ADDRESS.sub(" ", _PARENTHESES.sub(" ", text))
    names: list[str] = []
    for piece in _SEPARATOR.split(text):
        for part in _joiner().split(piece):
            name = person_name(part[byline_lead(part) :])
            if name is None:
                break
            if name not in names:
                names.append(name)
    return tuple(names)


def is_byline(line: str) -> bool:
    """Whether a line opens as a byline does and names somebody."""
    lead = byline_lead(line)
    if not lead:
        return False
    rest = line[lead:].strip()
    if not rest:
        return False
    return bool(author_names(line)) or (len(rest) < 60 and _not_a_name().search(rest) is not None and not rest.endswith("."))
