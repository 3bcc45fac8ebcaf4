"""Which line is the headline: a linear rule over what a line looks like and where it stands.

Each line that could be the headline is described by features, weighed by `data/headline.json` (learnt by
`training/train_headline.py`), and the heaviest is taken where it outweighs the chance that the page prints none.
"""

import json
import math
import re
from bisect import bisect_left
from collections.abc import Collection
from functools import cache, cached_property
from importlib import resources
from itertools import compress, count, islice, repeat
from operator import mul
from typing import NamedTuple

from broadsheet.labelling.names import is_byline, person_name
from broadsheet.labelling.state import PageState

_SHORTEST, _LONGEST = 3, 300
# Lines above the body and below the candidate that are looked at; characters of the body that are compared with.
WINDOW, _MARGIN, _COMPARED, _COMPARED_FIRST = 60, 4, 2500, 800
# Lines of the body that can be the headline, taken for body by the model, and their largest number of words.
_INSIDE, _LONGEST_INSIDE = 3, 30
# Lines of the body that are looked at.
_MOST_OF_RUN = 40
LEFT_OUT = frozenset(("survey_furniture", "phrase_navigation"))
NEVER = frozenset(("read_time", "byline", "date_published", "date_modified"))
_BULLETS = "•●▪‣◦·*–—-▶►→"
_CROSSING = ("|", "»", "›", " > ", " / ")
# A word keeps the marks that combine with its letters (Devanagari's vowels), which are not \w.
_WORD = re.compile(r"[^\W_][\w\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0dff]*")
_SPACELESS = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_NUMBERED = re.compile(r"\d{1,2}\. ")
_NUMBER = re.compile(r"(\d{1,2})\.(?: |$)")
# How long a video or a recording plays: "(1:39)", "(2 Min)", "00:42".
_PLAYED = re.compile(r"\((?:\d{1,2}:\d{2}|\d{1,3} ?min\.?)\)$|\b0\d:\d{2}$", re.IGNORECASE)
# The longest credit behind a full stop, which is perhaps glued to it: "… leaves the quay.AFP".
_LONGEST_CREDIT = 41
_NEAR, _SHORTEST_TITLE, _SHORTEST_CONTAINED = 8, 8, 20
# Lines from the body beyond which one or two words are an entry of a menu.
_FARTHEST_SHORT = 8
# Features of a candidate by what they are of: its place, shape and neighbours, each of which holds or not, and numbers
# of them; of the words that it shares with the body, and of where else its text stands.
_PLACE = ("distance 2 to 4", "below prose", "inside the body", "above the first body line")
_SHAPE = (
    "1 word", "2 words", "4 words", "5 to 6 words", "7 to 16 words", "over 22 words", "under 20 characters",
    "ends as a sentence", "is cut", "opens with a number", "crosses", "quotation", "colon",
)  # fmt: skip
_NEIGHBOURS = (
    "landmark right below", "landmark two below", "landmark further below", "landmark above", "share below",
    "shaped two above", "short above", "prose above", "shorter than shaped above", "deck below", "body below",
    "caption below",
)  # fmt: skip
_STANDING = (*_PLACE, *_SHAPE, *_NEIGHBOURS)
_NUMBERS = (
    "distance", "far", "words of prose between", "shaped lines between", "bullets between", "score", "characters",
    "capital words",
)  # fmt: skip
_SHARED = ("shared with the body", "shared with the opening", "shared stems")
_COPIES = (
    "repeated", "repeated often", "in a longer line", "in a longer line at the top", "ends a longer line",
    "ends with a shorter line", "labelled caption", "worded as furniture",
)  # fmt: skip
_FEATURES = (*_STANDING, *_NUMBERS, *_SHARED, *_COPIES)
# Words of the shortest line that is taken for prose.
_SHORTEST_PROSE = 8
_STEM, _HANGUL_STEM = 6, 2


def content_stems(text: str) -> set[str]:
    """What a text is about: its longer words, each cut to a stem; pairs of letters in scripts without spaces."""
    folded = text.replace("\xad", "").casefold()
    if _SPACELESS.search(folded, 0, 60):
        return {folded[index : index + 2] for index in range(len(folded) - 1) if folded[index].isalnum()}
    stem, shortest = (_HANGUL_STEM, 2) if _HANGUL.search(folded, 0, 60) else (_STEM, 4 if folded.isascii() else 3)
    return {word[:stem] for word in _WORD.findall(folded) if len(word) >= shortest or word.isdigit()}


class HeadView:
    """The lines around the head of a page, and features of those that could be its headline.

    `main` is the index of the line that begins the main run, `dated` are those of lines that are dates, or
    short and hold one.
    """

    def __init__(self, page: PageState, main: int, dated: Collection[int]) -> None:
        self.page, self.main, self.dated = page, main, dated
        body = page.body
        self.first = body.index(True) if True in body else main
        # The first lines of the main run.
        self.opening = list(islice(compress(count(main), body[main:]), _INSIDE))
        self.top = max(0, main - WINDOW)
        self.past = min(page.count, max([main, *self.opening]) + 1 + _MARGIN)
        self.start = max(0, self.top - _MARGIN)
        lines, labels = page.lines, page.labels
        self.named = {index for index in self._within(page.glance.places.byline) if is_byline(lines[index])}
        read_times = {index for index in page.read_times if labels[index] == "read_time"}
        self.landmarks = self.named.union(dated, read_times).intersection(range(self.start, self.past))
        self.stems: dict[int, set[str]] = {}

    def _within(self, places: list[int]) -> list[int]:
        """Those of places, in order, that are looked at."""
        return places[bisect_left(places, self.start) : bisect_left(places, self.past)]

    @cached_property
    def run(self) -> list[int]:
        """Lines of the main run that are looked at."""
        return list(islice(compress(count(self.main), self.page.body[self.main :]), _MOST_OF_RUN))

    @cached_property
    def bullets(self) -> set[int]:
        """Entries of lists, by a bullet or a number."""
        lines, listed = self.page.lines, self._within(self.page.glance.places.listed)
        numbered = (index for index in listed if index and lines[index][0].isdigit())
        bullets = {index for index in listed if lines[index][0] in _BULLETS and _has_bullet(lines[index])}
        return bullets.union(index for index in numbered if _is_numbered_on(lines[index - 1], lines[index]))

    @cached_property
    def shaped(self) -> set[int]:
        """Lines of the length of a headline, and neither list item nor phrase nor landmark."""
        shaped = self._within(self.page.glance.places.shaped)
        return {index for index in shaped if self.page.labels[index] is None} - self.landmarks - self.bullets

    def candidates(self) -> list[int]:
        """Lines that could be the headline: above the main run, or its first lines where they are short."""
        page, words = self.page, self.page.words
        inside = [index for index in self.opening if words[index] <= _LONGEST_INSIDE]
        others = self.bullets.union(self.named, self.dated)
        return [
            index
            for index in (*range(self.top, self.main), *inside)
            if index not in others
            and page.labels[index] not in NEVER
            and page.methods[index] not in LEFT_OUT
            and (words[index] > 2 or abs(self.main - index) <= _FARTHEST_SHORT)
            and _SHORTEST <= len(page.lines[index]) <= _LONGEST
            and not is_of_picture(page.lines[index])
            and any(map(str.isalpha, page.lines[index]))
        ]

    def stems_of(self, index: int) -> set[str]:
        """Content stems of a line, computed once."""
        if index not in self.stems:
            self.stems[index] = content_stems(self.page.lines[index])
        return self.stems[index]

    @cached_property
    def prose(self) -> int:
        """Index of the first line that surely is body: the main run may begin later."""
        scores = self.page.scores
        sure = (
            index
            for index in range(self.first, self.main)
            if self.page.body[index] and scores[index] >= 0.6 and self.page.words[index] >= 10
        )
        return next(sure, self.main)

    @cached_property
    def furniture(self) -> str:
        """All lines of the page but those of the body, which lists of key points repeat."""
        return "\n".join(line for line, is_body in zip(self.page.lines, self.page.body, strict=True) if not is_body)

    @cached_property
    def body_stems(self) -> tuple[set[str], set[str]]:
        """Content stems of the body and of its first two lines."""
        lines = [self.page.lines[index] for index in self.run]
        body, opening = " ".join(lines)[:_COMPARED], " ".join(lines[:2])[:_COMPARED_FIRST]
        return content_stems(body), content_stems(opening)

    @cached_property
    def between(self) -> dict[int, tuple[int, int, int]]:
        """For each line above the main run: words of prose, shaped lines and list items between them."""
        sums, prose, shaped, bullets, words = {}, 0, 0, 0, self.page.words
        for index in range(self.main - 1, self.top - 1, -1):
            sums[index] = (prose, shaped, bullets)
            if words[index] >= _SHORTEST_PROSE:
                prose += words[index]
            shaped += index in self.shaped
            bullets += index in self.bullets
        return sums

    def features(self, index: int) -> dict[str, float]:
        """Features of a candidate by name."""
        values = (*self.standing(index), *self.numbers(index), *self.shared(index), *self.copies(index))
        return dict(zip(_FEATURES, values, strict=True))

    def standing(self, index: int) -> tuple[bool, ...]:
        """Features of a candidate's place, shape and neighbours that hold or not, as `_STANDING` names them."""
        return self._place(index) + self._shape(index) + self._neighbours(index)

    def numbers(self, index: int) -> tuple[float, ...]:
        """Numbers of a candidate's place and shape, as `_NUMBERS` names them."""
        line, distance = self.page.lines[index], self.main - index
        prose, shaped, bullets = self.between.get(index, (0, 0, 0))
        tokens = line.split()
        return (
            math.log1p(max(distance, 0)),
            max(0, distance - 12) / 10,
            math.log1p(prose) / 3,
            math.log1p(shaped),
            math.log1p(bullets),
            float(self.page.page.scores[index]),
            min(len(line), 150) / 50,
            sum([token[0].isupper() for token in tokens]) / len(tokens),
        )

    def _place(self, index: int) -> tuple[bool, ...]:
        """Features as `_PLACE` names them."""
        return 2 <= self.main - index <= 4, index > self.prose, self.page.body[index], index < self.first

    def _shape(self, index: int) -> tuple[bool, ...]:
        """Features as `_SHAPE` names them."""
        line, words = self.page.lines[index], self.page.words[index]
        first = line[0]
        return (
            words == 1,
            words == 2,
            words == 4,
            5 <= words <= 6,
            7 <= words <= 16,
            words > 22,
            len(line) < 20,
            line[-1] in ".।。",
            line.endswith(("…", "...")),
            first.isdecimal() and _NUMBERED.match(line) is not None,
            any(map(line.__contains__, _CROSSING)),
            first in "\"“”„«‘'「",
            ": " in line,
        )

    def _neighbours(self, index: int) -> tuple[bool, ...]:
        """Features as `_NEIGHBOURS` names them."""
        lines, words, labels, body = self.page.lines, self.page.words, self.page.labels, self.page.body
        above, below = index - 1, index + 1
        following = range(below, min(index + 5, self.past))
        landmark = _steps_to(self.landmarks, index, following)
        before = _steps_to(self.landmarks, index, range(above, max(index - 4, self.start - 1), -1))
        has_above, has_below = above >= self.start, below < self.past
        return (
            landmark == 1,
            landmark == 2,
            3 <= landmark <= 4,
            2 <= before <= 3,
            "share" in labels[following.start : following.stop],
            has_above and index - 2 in self.shaped,
            has_above and words[above] <= 3,
            has_above and words[above] >= _SHORTEST_PROSE and lines[above][-1] in ".!?",
            has_above and above in self.shaped and 1.25 * len(lines[index]) < len(lines[above]),
            has_below and 8 <= words[below] <= 60 and not body[below],
            has_below and body[below],
            has_below and labels[below] in ("caption", "credit"),
        )

    def shared(self, index: int) -> tuple[float, ...]:
        """Features of the words that a candidate shares with the body, as `_SHARED` names them."""
        own, (body, opening) = self.stems_of(index), self.body_stems
        shared, size = len(own & body), max(3, len(own))
        return shared / size, len(own & opening) / size, math.log1p(shared)

    def copies(self, index: int) -> tuple[bool, ...]:
        """Features of where else a candidate's text stands, as `_COPIES` names them."""
        page, line = self.page, self.page.lines[index]
        own, times = self.stems_of(index), page.lines.count(line)
        # One that is as long as the shortest title, and no copy, for a title to end with or to end.
        near = [
            other
            for other in page.lines[max(0, index - _NEAR) : index + _NEAR + 1]
            if len(other) >= _SHORTEST_TITLE and other != line
        ]
        first_lines = [self.stems_of(k) for k in range(min(3, page.count)) if k != index]
        return (
            times > 1,
            times > 2,
            len(line) >= _SHORTEST_CONTAINED and self.furniture.count(line) > times,
            len(own) >= 2 and any(own < longer for longer in first_lines),
            _ends_one_of(line, near),
            line.endswith(tuple(near)),
            page.labels[index] in ("caption", "credit"),
            page.phrases[index] is not None,
        )


def _steps_to(landmarks: Collection[int], index: int, lines: range) -> int:
    """How far the first of the lines that is a landmark stands from `index`, 9 where none is."""
    for other in lines:
        if other in landmarks:
            return abs(other - index)
    return 9


def _has_bullet(line: str) -> bool:
    return line[0] in _BULLETS and not line[1:2].strip()


def _is_numbered_on(above: str, line: str) -> bool:
    """Whether a line is an entry of a numbered list, the one above it being the entry before."""
    own, before = _NUMBER.match(line), _NUMBER.match(above)
    return own is not None and before is not None and int(own[1]) == int(before[1]) + 1


def is_of_picture(line: str) -> bool:
    """Whether a line ends as what stands under a picture does: in a credit behind a sentence, or in a running time."""
    if line[-1].isdigit() or line[-1] == ")":
        return _PLAYED.search(line) is not None
    stop = line.rfind(".", -_LONGEST_CREDIT - 2)
    # Behind initials and short words such as "No." a headline goes on.
    if stop < _SHORTEST or not line[stop - 3 : stop].isalnum():
        return False
    credit = line[stop + 1 :].removeprefix(" ")
    if not 2 <= len(credit) <= _LONGEST_CREDIT or not credit[0].isalpha() or "!" in credit or "?" in credit:
        return False
    return credit.isupper() or person_name(credit) is not None


def _ends_one_of(line: str, others: list[str]) -> bool:
    """Whether one of the others ends with all of a line, as a trail of links ends with the title of the page."""
    return len(line) >= _SHORTEST_TITLE and any(map(str.endswith, others, repeat(line)))


class _Weights(NamedTuple):
    """Weights of features by what they are of, that of a page that prints no headline, and the most of copies."""

    standing: tuple[float, ...]
    numbers: tuple[float, ...]
    shared: tuple[float, ...]
    copies: tuple[float, ...]
    none: float
    most_copied: float


@cache
def shipped_weights() -> _Weights:
    content = json.loads((resources.files(__package__) / "data" / "headline.json").read_text(encoding="utf-8"))
    weights = content["weights"]
    standing, numbers, shared, copies = (
        tuple(weights[name] for name in names) for names in (_STANDING, _NUMBERS, _SHARED, _COPIES)
    )
    # A little more than that, for sums in another order.
    most_copied = 1e-6 + sum(max(0.0, weight) for weight in copies)
    return _Weights(standing, numbers, shared, copies, content["none"], most_copied)


def _weight_without_copies(view: HeadView, index: int, weights: _Weights) -> float:
    of_numbers = sum(map(mul, weights.numbers, view.numbers(index)))
    of_standing = sum(compress(weights.standing, view.standing(index)), of_numbers)
    return of_standing + sum(map(mul, weights.shared, view.shared(index)))


def heaviest(view: HeadView) -> int | None:
    """Index of the headline, or None where none is likely.

    Of lines that weigh the same the one closest to the main run is taken.
    """
    weights = shipped_weights()
    weighed = [
        (_weight_without_copies(view, index, weights), -abs(view.main - index), index) for index in view.candidates()
    ]
    best, found = (weights.none, 1), None
    # The heaviest first: most others need no look at their copies then.
    for weight, closeness, index in sorted(weighed, reverse=True):
        if weight + weights.most_copied < best[0]:
            break
        own = (sum(compress(weights.copies, view.copies(index)), weight), closeness)
        if own > best:
            best, found = own, index
    return found
