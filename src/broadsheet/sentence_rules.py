"""What a language's words are to its full stops: the table `sentences` of its file.

Keys of the table, all optional; words are written without their final stop, and one in small letters stands
for its capitalised form too:

- `never`: never the last word of a sentence (titles before names, `e.g.`)
- `before_number`: not the last word when a number follows (`No. 5`)
- `abbreviations`: the last word only when one of `starters` follows (`Inc.`, `p.m.`, months)
- `starters`: words, in small letters, that open sentences and seldom stand in names
- `ordinals`: whether a number with a stop is an ordinal (`am 3. Mai`)
- `always_capital`: words that are capital inside a sentence too (`I`)
- `names_with_marks`: names that end in a mark of question or exclamation, without it
- `speech`: verbs of saying that may follow their speaker's name
- `datelines`: whether a single word with a full stop opens reports as their place (`जयपुर. …`)
- `spaces`: false where no space follows a stop
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
from itertools import chain

from broadsheet.languages import language_table


class Kind(Enum):
    """What a word is to the full stop after it."""

    NEVER = "never"
    BEFORE_NUMBER = "before_number"
    BEFORE_STARTER = "abbreviations"


@dataclass(frozen=True)
class Rules:
    """The rules of one language, as `_spans_with_spaces` uses them; patterns are compiled when they are needed."""

    kinds: dict[str, Kind]
    starters: frozenset[str]
    always_capital: frozenset[str]
    names_with_marks: tuple[str, ...]
    speech_verbs: tuple[str, ...]
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    ordinals: bool
    datelines: bool
    has_spaces: bool

    @cached_property
    def speech(self) -> re.Pattern[str] | None:
        """A speaker's name and a verb of saying."""
        verbs = "|".join(self.speech_verbs)
        return re.compile(rf"(?:[^\W\d_a-z]\w*\.?\s){{1,4}}(?:{verbs})\b") if verbs else None

    @cached_property
    def date_line(self) -> re.Pattern[str] | None:
        """A full date with its weekday, as it stands at the head of a report: `Monday, March 4, 2019`."""
        if not self.weekdays or not self.months:
            return None
        weekday, month = (f"(?:{'|'.join(map(re.escape, names))})" for names in (self.weekdays, self.months))
        day = r"\d{1,2}\.?"
        return re.compile(
            rf"{weekday},? (?:{day} (?:de )?{month}|{month} {day}),? (?:de )?\d{{4}}(?=\s|\Z)", re.IGNORECASE
        )

    @property
    def beginnings_of_dates(self) -> list[str]:
        """First words of what `date_line` may find, in small letters."""
        return _FIRST_LETTERS.findall("\n".join(self.weekdays).lower()) if self.months else []

    def kind_of(self, word: str, is_first: bool) -> Kind | None:
        """The kind of what is no plain word of letters; `is_first` says that the sentence begins with it."""
        core = _LAST_PART.search(word)
        if core is None:
            return None
        part = core[0]
        if is_first and _ITEM.fullmatch(word):
            return Kind.NEVER
        kind = self.kinds.get(part)
        if kind is not None:
            return kind
        if part.isdigit():
            return Kind.BEFORE_STARTER if self.ordinals and len(part) <= 2 else None
        # The second is a Hebrew abbreviation with gershayim, whose last letter is no initial.
        is_initial = len(part) == 1 and part.isalpha() and word[-2:-1] not in _GERSHAYIM
        return Kind.BEFORE_STARTER if is_initial or _DOTTED.fullmatch(part) else None


# The end of a word after a bracket, quotation mark, hyphen, apostrophe or no-break space.
_LAST_PART = re.compile(r"[^\s()\[\]{}\"“”„«»'’‘‚\-–—/_*]+\Z")
_FIRST_LETTERS = re.compile(r"^[^\W\d_]+", re.MULTILINE)
# The number or letter before an item of a list.
_ITEM = re.compile(r"[(\[]?(?:\d{1,3}|[^\W\d_]|[IVX]{2,5})[)\]]?")
_GERSHAYIM = ('"', "״", "”")
_DOTTED = re.compile(r"[^\W\d_]{1,4}(?:\.[^\W\d_]{1,4})+")
_ROMAN = re.compile(r"X{0,2}(?:I[XV]|V?I{0,3})")
_ROMANS = tuple(
    tens + ones for tens in ("", "X", "XX") for ones in ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
)[1:]

# The language that a text of unknown language is cut as, by the script of its first letters.
_SCRIPTS = (
    (re.compile("[\u3040-\u30ff]"), "ja"),
    (re.compile("[\u4e00-\u9fff]"), "zh"),
    (re.compile("[\u0600-\u06ff]"), "ar"),
    (re.compile("[\u0590-\u05ff]"), "he"),
    (re.compile("[\u0900-\u097f]"), "hi"),
    (re.compile("[\u0400-\u04ff]"), "ru"),
    (re.compile("[\u0e00-\u0e7f]"), "th"),
)
_SCRIPT_SAMPLE = 1000


def language_of_script(text: str) -> str:
    """The language whose rules fit a text of unknown language: one of its script, English for all others."""
    sample = text[:_SCRIPT_SAMPLE]
    for script, language in _SCRIPTS:
        if len(script.findall(sample)) * 5 > len(sample):
            return language
    return "en"


def _both_cases(words: list[str]) -> list[str]:
    return [*words, *(word[0].upper() + word[1:] for word in words if word[0].islower() and len(word) > 1)]


@cache
def sentence_rules(language: str) -> Rules:
    """The rules of a BCP 47 tag's language; one without a table has initials and dotted abbreviations only."""
    code = language.replace("_", "-").split("-", 1)[0].lower()
    table = language_table(code, "sentences")
    kinds = dict.fromkeys(_ROMANS, Kind.BEFORE_STARTER) if table.get("ordinals") else {}
    for kind in (Kind.BEFORE_STARTER, Kind.BEFORE_NUMBER, Kind.NEVER):
        kinds |= dict.fromkeys(_both_cases(table.get(kind.value, [])), kind)
    # Titles in a line all in capitals.
    kinds |= {word.upper(): Kind.NEVER for word in table.get("never", ()) if word[0].isupper()}
    dates = language_table(code, "dates")
    return Rules(
        kinds=kinds,
        starters=frozenset(table.get("starters", ())),
        always_capital=frozenset(table.get("always_capital", ())),
        names_with_marks=tuple(table.get("names_with_marks", ())),
        speech_verbs=tuple(table.get("speech", ())),
        weekdays=tuple(name for names in dates.get("weekdays", ()) for name in names if len(name) > 3),
        months=tuple(chain.from_iterable(dates.get("months", ()))),
        ordinals=table.get("ordinals", False),
        datelines=table.get("datelines", False),
        has_spaces=table.get("spaces", True),
    )
