"""The lines of a page, and their labels while rules fill them in."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, chain, pairwise

import numpy as np

from broadsheet.dates import DateFound
from broadsheet.labelling.glance import Glance, glance_at
from broadsheet.labelling.phrases import spaceless_words, wording_of

BODY_LABELS = ("body", "subheading", "list_item")


@dataclass(frozen=True, slots=True)
class PageLines:
    """The lines of a page to be labelled, hard-wrapped paragraphs as one line.

    `scores` are the body model's probabilities and `chosen` its decision; `furniture` marks lines
    that the source repeats. All have the length of `lines`. `glance` is what was seen of them, `rounded` the scores
    as rules compare them, and `main` the line with which the main run of body begins, all worked out among other pages;
    without them the page is looked at by itself.
    """

    lines: Sequence[str]
    scores: np.ndarray
    chosen: np.ndarray
    furniture: np.ndarray
    glance: Glance | None = None
    rounded: list[float] | None = None
    main: int | None = None


def rounded_scores(pages: Sequence[np.ndarray]) -> list[list[float]]:
    """Scores (float32[lines]) of one or more pages, to the places that the model gives: as numbers that rules have."""
    rounded: list[float] = np.round(np.concatenate(pages, dtype=np.float64), 3).tolist()
    return [rounded[first:past] for first, past in pairwise(accumulate(map(len, pages), initial=0))]


@dataclass(frozen=True)
class Labels:
    """Label, method and words of each line, what its wording says, and dates of lines that can hold the article's."""

    labels: list[str]
    methods: list[str]
    phrases: list[str | None]
    words: list[int]
    dates: dict[int, list[DateFound]] = field(default_factory=dict)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Indices of the lines of each label that there is, in order, once all lines have theirs."""
        found: dict[str, list[int]] = defaultdict(list)
        for index, label in enumerate(self.labels):
            found[label].append(index)
        return found

    def places_of(self, *wanted: str) -> list[int]:
        """Indices of the lines that have one of the labels, in order."""
        found = [self.places[label] for label in wanted if label in self.places]
        return found[0] if len(found) == 1 else sorted(chain.from_iterable(found))


def words_of(line: str) -> int:
    """Number of words separated by blanks; each two characters of Chinese or Japanese count as one."""
    return len(line.split()) + spaceless_words(line)


def places_of(labels: Sequence[str | None], *wanted: str) -> list[int]:
    """Indices of the lines that have one of the labels, in order: of most labels a page has none."""
    found = []
    for label in wanted:
        place = -1
        for _ in range(labels.count(label)):
            place = labels.index(label, place + 1)
            found.append(place)
    return sorted(found)


class PageState:
    """The labels of one page while rules fill them in; the first rule that speaks for a line is heard."""

    def __init__(self, page: PageLines) -> None:
        self.page = page
        self.lines = page.lines
        self.count = len(page.lines)
        self.labels: list[str | None] = [None] * self.count
        self.methods = [""] * self.count
        self.glance = page.glance or glance_at([page.lines])[0]
        self.words = self.glance.words
        self.phrases = [*self.glance.phrases]
        # Lines that may open as a byline does.
        self.leads = set(self.glance.places.byline)
        self.read_times: list[int] = []
        for index in self.glance.places.phrase:
            self.phrases[index], is_read_time = wording_of(page.lines[index])
            if is_read_time:
                self.read_times.append(index)
        self.scores = page.rounded or rounded_scores([page.scores])[0]
        self.body: list[bool] = page.chosen.tolist()
        self.dates: dict[int, list[DateFound]] = {}

    def give(self, index: int, label: str, method: str) -> None:
        if self.labels[index] is None:
            self.labels[index], self.methods[index] = label, method
            if label not in BODY_LABELS:
                self.body[index] = False

    def first_and_last(self) -> tuple[int, int] | None:
        if True not in self.body:
            return None
        return self.body.index(True), self.count - 1 - self.body[::-1].index(True)
