"""Bylines: which line names the authors, and their names without "By", titles, desks and agencies.

What the languages write there is data: tables `[names]` of the language files, with `lead` (words that open a
byline), `joiners` (words between two names), `titles` (words of a person's work), `organisations` (words of
desks, agencies and papers), `outlets` (those of them that end an outlet's name: "Tidal Wire Media"), `places`
(words before the place from which somebody reports), `honorifics` (before a name) and `never` (words that stand
in no name).
"""

import re
from collections.abc import Collection
from functools import cache, lru_cache
from itertools import chain

from broadsheet.dates.lexicon import lexicon
from broadsheet.labelling.phrases import REMEMBERED
from broadsheet.languages import language_tables

_LONGEST_BYLINE = 200
_WORD = re.compile(r"[^\W\d_][\w'’.\-‐·]*")
_SHOUTED = re.compile(r"[A-Z]{3,}[a-z]")
# Particles that stand in lower case inside names.
_PARTICLES = frozenset(
    (
        "de", "da", "do", "dos", "das", "del", "della", "di", "du", "des", "la", "le", "las", "los", "van", "von",
        "der", "den", "ter", "ten", "zu", "zur", "zum", "af", "av", "y", "e", "i", "bin", "ibn", "al", "el", "ben",
        "abu", "dal", "d'", "o'",
    )
)  # fmt: skip
_ARTICLES = frozenset(("the", "der", "die", "das", "le", "les", "los", "el", "a", "an"))
_MOST_WORDS = 5
_WORDS_WITH_TITLE = 10
_SPACELESS = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_HIRAGANA = re.compile(r"[\u3041-\u309f]")
_UNCASED = re.compile(r"[\u0590-\u06ff\u0900-\u0dff\u0e00-\u0eff]")
_PARENTHESES = re.compile(r"\([^()]{0,60}\)|\[[^\[\]]{0,60}\]|<[^<>]{0,60}>")
_ADDRESS = re.compile(
    r"[^\s@]+@[^\s@.]+\.\S+|https?://\S+|www\.\S+|@+\w+|\b[\w-]+\.(?:com|org|net|de|co\.uk)\b", re.IGNORECASE
)
_FIELD = re.compile(r"\s*[|•·]\s*|\s+[-–—]+\s*|\s{2,}")
_BLANKS = re.compile(r"\s{2,}")
_SEPARATOR = re.compile(r"\s*[,;/&、，；:：]\s*")
_DIGIT = re.compile(r"\d")
_FOOTNOTE = re.compile(r"(?<=[^\W\d_])\d\b")
_SPACED_KANJI_NAME = re.compile(r"[\u4e00-\u9fff]{1,3}[ 　][\u3041-\u30ff\u4e00-\u9fff]{1,4}")
# Converters lose the blank between two fields: "Ann LeeStaff Writer", "ByAnn Lee".
_GLUED = re.compile(r"(?<=[a-zß-ÿ]{3})(?=[A-Z][A-Za-z])")
_INNER_BY = re.compile(r"\s+(?=[Bb]y\s+[A-Z])")
_GLUED_BY = re.compile(r"^[Bb]y(?=[A-Z][a-z])")
_DEGREE = re.compile(r"(?!I+V?$|VI*$)[A-Z]{2,4}|Ph\.?D\.?|M\.?D\.?")
_NOTHING = "(?!)"
_TOKEN = re.compile(r"\w+")
_NOT_NAMES = ("titles", "organisations")
_BEFORE_LEAD = " \t\u00a0•·*–—-"
_EDGES = ' \t\u00a0.:;,-–—|*•·/"“”„«»'


@cache
def _words(key: str) -> frozenset[str]:
    return frozenset(word for table in language_tables("names").values() for word in table.get(key, ()))


def _longest_first(words: frozenset[str]) -> list[str]:
    return sorted(words, key=lambda text: (-len(text), text))


def _stands_apart(lead: str) -> bool:
    """Whether a blank or a colon comes behind a lead."""
    return lead[-1].isalnum() and not _SPACELESS.search(lead)


def _lead_pattern(leads: Collection[str]) -> re.Pattern[str]:
    spaced = [re.escape(lead) for lead in leads if _stands_apart(lead)]
    joined = [re.escape(lead) for lead in leads if not _stands_apart(lead)]
    apart, glued = ("|".join(each) or _NOTHING for each in (spaced, joined))
    return re.compile(rf"[\s•·*–—-]*(?:(?:{apart})(?:\s*[:：]\s*|\s+|$)|(?:{glued})\s*)", re.IGNORECASE)


@cache
def _lead() -> re.Pattern[str]:
    return _lead_pattern(_longest_first(_words("lead")))


@lru_cache(1024)
def _lead_that_opens(pair: str) -> re.Pattern[str]:
    """The pattern of the leads that can open with two letters of ASCII, in small letters."""
    words = _longest_first(_words("lead"))
    return _lead_pattern([word for word in words if pair.startswith(word.casefold().replace("\u0131", "i")[:2])])


@cache
def _lead_openings() -> tuple[frozenset[str], frozenset[str]]:
    """First letters of leads, and their first two: most lines begin with others and need no closer look."""
    leads = [lead.casefold() for lead in _words("lead")]
    pairs = {lead[:2] for lead in leads if len(lead) > 1}
    # A lead of one letter goes before any other; i without its dot is i to a pattern that ignores case.
    pairs |= {lead + chr(code) for lead in leads if len(lead) == 1 for code in range(128)}
    return frozenset(lead[0] for lead in leads), frozenset(pairs | {pair.replace("\u0131", "i") for pair in pairs})


@cache
def _joiner() -> re.Pattern[str]:
    words = [word for word in _words("joiners") if not _SPACELESS.search(word) and word.isalpha()]
    # Arabic and Hebrew write their "and" together with the next word.
    apart = sorted(re.escape(word) for word in words if not _UNCASED.search(word))
    return re.compile(rf"\s+(?:{'|'.join(apart)})\s+", re.IGNORECASE)


@cache
def _not_a_name(*keys: str) -> re.Pattern[str]:
    """Words of the tables `keys`, of titles and organisations by default."""
    words = _longest_first(frozenset().union(*(_words(key) for key in keys or _NOT_NAMES)))
    spaced = "|".join(re.escape(word) for word in words if not _SPACELESS.search(word))
    joined = "|".join(re.escape(word) for word in words if _SPACELESS.search(word))
    return re.compile(rf"(?<!\w)(?:{spaced})(?!\w)|(?:{joined})", re.IGNORECASE)


@cache
def _first_words(*keys: str) -> frozenset[str]:
    """The first word of each entry of the tables as it stands in a text of ASCII in small letters."""
    # To a pattern that ignores case i is the same with and without its dot.
    entries = (word.replace("\u0130", "i").casefold().replace("\u0131", "i") for word in chain(*map(_words, keys)))
    return frozenset(found[0] for entry in entries if (found := _TOKEN.search(entry)))


def _other_than_name(text: str, *keys: str) -> re.Match[str] | None:
    """The first of the words of the tables `keys`, of titles and organisations by default, that stands in a text."""
    # Most texts have none of their first words, which takes a tenth of the time to tell.
    if text.isascii() and _first_words(*keys or _NOT_NAMES).isdisjoint(_TOKEN.findall(text.lower())):
        return None
    return _not_a_name(*keys).search(text)


@cache
def _place() -> re.Pattern[str]:
    """A place from which somebody reports, up to the end of a line or of a name in a list."""
    before = "|".join(map(re.escape, _longest_first(_words("places"))))
    ends = "|".join(sorted(re.escape(word) for word in _words("joiners") if word.isalpha()))
    word = r"[^\W\d_a-z][\w.'’-]+"
    return re.compile(rf"\s+(?:{before})\s+{word}(?:\s{word}){{0,2}}(?=\s*(?:$|[,;&]|\s(?:{ends})\s))")


@cache
def _age() -> re.Pattern[str]:
    """How long ago somebody wrote, at the end of a line, where only its unit is printed: "Ada Quill 7 hours"."""
    units = "|".join(map(re.escape, _longest_first(frozenset(unit for unit in lexicon().units if len(unit) > 2))))
    return re.compile(rf"\s+\d{{1,2}}\s+(?:{units})$", re.IGNORECASE)


@cache
def _honorific() -> re.Pattern[str]:
    words = "|".join(map(re.escape, _longest_first(_words("honorifics"))))
    return re.compile(rf"(?:(?:{words})\.?\s+)+", re.IGNORECASE)


def _may_open_lead(line: str) -> bool:
    """Whether a line may open with a lead: a cheap test, no more."""
    opening = line.lstrip(_BEFORE_LEAD)[:2]
    letters, pairs = _lead_openings()
    if opening[:1].casefold() not in letters:
        return False
    return len(opening) < 2 or not opening.isascii() or opening.lower() in pairs


def byline_leads() -> tuple[frozenset[str], frozenset[str]]:
    """Words such as "By" that open a byline, case-folded: those that stand apart, and those that do not."""
    apart = frozenset(lead.casefold() for lead in _words("lead") if _stands_apart(lead))
    return apart, frozenset(lead.casefold() for lead in _words("lead")) - apart | {"by"}


def byline_lead(line: str) -> int:
    """Length of the words such as "By" that open a byline, 0 where there are none."""
    return _lead_of_short(line) if len(line) <= _LONGEST_BYLINE else 0


# Each line is asked several times. Only short ones are remembered, as there may be thousands.
@lru_cache(REMEMBERED)
def _lead_of_short(line: str) -> int:
    if not _may_open_lead(line):
        return 0
    opening = line.lstrip(_BEFORE_LEAD)[:2]
    lead = _lead_that_opens(opening.lower()) if len(opening) == 2 and opening.isascii() else _lead()
    match = lead.match(line) or _GLUED_BY.match(line)
    return match.end() if match else 0


def is_lead_alone(line: str) -> bool:
    """Whether a line is nothing but the words that open a byline: the names stand on the next."""
    return len(line) < 40 and bool(byline_lead(line)) and not line[byline_lead(line) :].strip(_EDGES)


def _spaceless_name(text: str) -> str | None:
    if _other_than_name(text, "organisations"):
        return None
    name = _not_a_name("titles").sub("", text).strip(" 　：:・／/()（）【】[]〔〕")
    characters = name.replace(" ", "").replace("　", "").replace("・", "")
    if not 2 <= len(characters) <= 12 or not all(_SPACELESS.match(letter) or letter in "ー々" for letter in characters):
        return None
    # Four hiragana in a row and verb endings are words, not names.
    if len(_HIRAGANA.findall(characters)) > 3 or characters.endswith("する"):
        return None
    return name if len(characters) <= 5 or "・" in name else None


def _is_name_word(word: str, uncased: bool) -> bool:
    """Whether a word can stand in a name: with a capital, or a particle, or in a script without capitals."""
    folded = word.casefold()
    if folded in _PARTICLES or folded.startswith(("d'", "d’", "al-", "el-")):
        return True
    if folded in _words("never") or _SHOUTED.match(word):
        return False
    return _WORD.fullmatch(word) is not None and (word[0].isupper() or uncased)


@lru_cache(REMEMBERED)
def person_name(text: str) -> str | None:
    """A person's name, trimmed and without title, or None where `text` does not look like one.

    Two to five words, each with a capital but for particles ("van der"); in scripts without capitals any
    words; in Chinese, Japanese and Korean two to five characters.
    """
    text = text.strip(_EDGES)
    if match := _honorific().match(text):
        text = text[match.end() :]
    if not text or len(text) > 60 or any(map(str.isdigit, text)):
        return None
    if _SPACELESS.search(text):
        return _spaceless_name(text)
    words = text.split()
    while len(words) > 2 and _DEGREE.fullmatch(words[-1]) and not " ".join(words[:-1]).isupper():
        words.pop()
    if not 2 <= len(words) <= _MOST_WORDS or _other_than_name(text) or words[0].casefold() in _ARTICLES:
        return None
    uncased = _UNCASED.search(text) is not None
    if words[-1].casefold() in _PARTICLES and words[-1].islower():
        return None
    return " ".join(words) if all(_is_name_word(word, uncased) for word in words) else None


def _opening_name(text: str, has_lead: bool) -> str | None:
    """The name with which `text` opens: before a title ("Ann Lee Staff Writer") or, after "By", a place."""
    text = text.strip(_EDGES)
    if match := _honorific().match(text):
        text = text[match.end() :]
    other = _other_than_name(text)
    if other is None and not has_lead:
        return None
    words = text[: other.start()].split() if other else text.split()
    if other and len(words) == 2 and other[0].casefold() in _words("outlets") and other.end() == len(text):
        return None
    length = 0
    while length < len(words) and _is_name_word(words[length], False) and words[length].casefold() not in _ARTICLES:
        length += 1
    if other and length == len(words) > 2:
        # What stands between a name and a title mostly belongs to the title: "Ann Lee Political Editor".
        is_longer = len(words[1].strip(".")) == 1 or words[1].casefold() in _PARTICLES
        length = 3 if is_longer else 2
    return person_name(" ".join(words[:length])) if length < len(words) or other else None


def _names_of_field(field: str, has_lead: bool, names: list[str]) -> None:
    """Adds the names of one field of a byline to `names`, up to the first piece that is none."""
    for piece in _SEPARATOR.split(field):
        for part in _joiner().split(piece):
            part = part[byline_lead(part) :]
            if names and (other := _other_than_name(part, "organisations")) and other.end() < len(part.rstrip()):
                return  # "…, Coastal Institute of Tides"
            name = person_name(part)
            if name is None and not _SPACELESS.search(part) and (has_lead or not names):
                name = _opening_name(part, has_lead)
            if name is None:
                break
            # After a name in small letters one in capitals is a paper's or a station's.
            if name not in names and not (names and name.isupper() and not names[0].isupper()):
                names.append(name)


def _without_addresses(text: str, for_brackets: str, for_address: str) -> str:
    """A text with other text for what stands in brackets, and for each address."""
    if "(" in text or "[" in text or "<" in text:
        text = _PARENTHESES.sub(for_brackets, text)
    return _ADDRESS.sub(for_address, text) if "." in text or "@" in text or "://" in text else text


def _without_age(line: str) -> str:
    """A line of names without how long ago they wrote."""
    line = line.rstrip()
    return _age().sub("", line) if _DIGIT.search(line) else line


@lru_cache(REMEMBERED)
def author_names(byline: str) -> tuple[str, ...]:
    """Names in a byline, in order, each once: "By Ann Lee and Bo Ek, Staff Writers" gives two.

    After "By" only the first field names authors, what follows a stroke or a dash is their paper, unless it
    opens with "By" itself: converters put bylines on one line.
    """
    lead = byline_lead(byline)
    text = _without_addresses(byline[lead:], " ", " | ")
    if not lead:
        text = without_place(_without_age(text))
    if _DIGIT.search(text):
        text = _FOOTNOTE.sub("", text)
    text = _GLUED.sub(" | ", text)
    if "By" in text or "by" in text:
        text = _INNER_BY.sub(" | ", text)
    names: list[str] = []
    for field in _FIELD.split(text.strip(_EDGES)):
        is_outlet = bool(names) and _other_than_name(field, "organisations") is not None
        if not (is_outlet or (lead and names)) or byline_lead(field):
            _names_of_field(field, lead > 0, names)
    return tuple(names)


def is_byline(line: str) -> bool:
    """Whether a line opens as a byline does and names somebody."""
    lead = byline_lead(line)
    return lead > 0 and _names_somebody(line, lead)


@lru_cache(REMEMBERED)
def _names_somebody(line: str, lead: int) -> bool:
    """Whether somebody is named behind the words that open a byline."""
    rest = line[lead:].strip()
    if not rest:
        return False
    return bool(author_names(line)) or (
        len(rest) < 60 and _other_than_name(rest) is not None and not rest.endswith(".")
    )


def without_place(line: str) -> str:
    """A line of names without the places from which they report: "Ada Quill in Lisbon" is "Ada Quill"."""
    return _place().sub("", line.rstrip())


@lru_cache(REMEMBERED)
def has_title(line: str) -> bool:
    """Whether words of a person's work stand in the line: "Senior Reporter"."""
    return _other_than_name(line, "titles") is not None


@lru_cache(REMEMBERED)
def is_name_line(line: str) -> bool:
    """Whether a line without "By" is little but names, each perhaps with a title or a paper behind it."""
    if len(line) > 100 or line.startswith(("—", "–", "-")):
        return False
    if line.endswith((":", "?", "!", ".")) and not _DEGREE.fullmatch(line.split()[-1]):
        return False
    names = author_names(line)
    if not names:
        return False
    line = _without_age(line)
    if _SPACELESS.search(line):
        is_titled = _other_than_name(line) is not None and not re.search("[:：]", line)
        return is_titled or _SPACED_KANJI_NAME.fullmatch(line.strip(_EDGES)) is not None
    kept = _without_addresses(line, "", "")
    if _other_than_name(kept):
        kept = _not_a_name().sub("", kept)
    others = [word for word in _GLUED.sub(" ", kept).split() if word.strip(_EDGES).casefold() not in _words("never")]
    letters = sum(map(str.isalpha, " ".join(others)))
    named = sum(sum(map(str.isalpha, name)) for name in names)
    titled = len(line.split()) <= _WORDS_WITH_TITLE and has_title(line)
    # Ada Quill   Valley Courier: two fields, the first of them the name.
    is_field = _BLANKS.split(line.strip())[0] == names[0] != line.strip()
    return named >= 0.6 * letters or is_field or (titled and line.strip(_EDGES).startswith(names[0]))
