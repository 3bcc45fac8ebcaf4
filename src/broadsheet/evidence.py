"""Where the values of an article stand in its dump, and what else stood there.

The values are looked up again in the lines and hints of the page, whatever rule chose them: evidence says where a
reader can see a value, and holds for a new rule without a change here.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any

from broadsheet.dates import resolve_date
from broadsheet.labelling.phrases import read_time
from broadsheet.labelling.state import Labels
from broadsheet.lines import Units
from broadsheet.records import Article, Document, EvidenceColumns, Metadata, Source

LONGEST_VALUE = 500
_MOST_HINTS = 500
_MOST_NAMES = 4_000
_MOST_FOLDED = 1_000
_MOST_LINES = 3
# Labels whose lines state a field; other lines are asked where none of these has the value.
_LABELS = {
    "headline": ("headline",), "description": ("description",), "byline": ("byline",), "authors": ("byline",),
    "article_section": ("kicker",), "keywords": ("tags",), "images": ("caption", "credit"),
    "dateline": ("body",), "publisher": (), "url": (),
}  # fmt: skip
# Names under which a page states a field of itself, in small letters: schema.org, Open Graph, meta, Dublin Core.
_HINTS = {
    "headline": ("headline", "og:title", "twitter:title", "title"),
    "description": ("description", "og:description"),
    "date_published": ("datepublished", "article:published_time", "date", "dc.date", "pubdate", "publishdate"),
    "date_modified": ("datemodified", "article:modified_time", "last-modified"),
    "authors": ("author", "name", "article:author", "creator", "dc.creator"),
    "byline": ("author", "byl", "name"),
    "article_section": ("articlesection", "article:section", "section"),
    "keywords": ("keywords", "article:tag", "news_keywords"),
    "publisher": ("publisher", "og:site_name", "name"),
    "url": ("url", "og:url", "canonical", "warc-target-uri"),
    "images": ("caption", "credittext"),
    "dateline": ("dateline", "locationcreated"),
}


# A page states most of its values in several places.
@lru_cache(_MOST_FOLDED)
def _folded(text: str) -> str:
    return " ".join(text.split())


@lru_cache(_MOST_NAMES)
def _fields_of(key: str) -> tuple[str, ...]:
    """The fields that a key of a JSON object states; the pages of a source have the same few hundred keys."""
    name = key.rpartition(".")[2].lower()
    return tuple(field for field, names in _HINTS.items() if name in names)


def _path_to(path: str, name: str) -> str:
    """The path of what has a name within what has a path, cut so that it does not grow with the depth."""
    return f"{path}.{name}"[:LONGEST_VALUE] if path else name


def _hints_by_field(hints: Any) -> dict[str, list[tuple[str, str]]]:
    """Path and text of the texts and numbers in a JSON value that state a field, by field and in the value's order;
    no more than `_MOST_HINTS` texts are looked at.

    With an explicit stack, as pages nest without end.
    """
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    looked_at = 0
    # Of each list and object that is open its path, and what of it is still to come.
    stack: list[tuple[str, Iterator[tuple[str, Any]]]] = [("", iter([("", hints)]))]
    while stack:
        path, entries = stack[-1]
        for name, value in entries:
            while isinstance(value, list) and len(value) == 1:
                value = value[0]
            if isinstance(value, str):
                if not value or value.isspace():
                    continue
            elif isinstance(value, list):
                stack.append((path, zip(repeat(name), value)))
                break
            elif isinstance(value, dict):
                stack.append((_path_to(path, name), iter(value.items())))
                break
            elif value is None or isinstance(value, bool):
                continue
            looked_at += 1
            if looked_at > _MOST_HINTS:
                return found
            if fields := _fields_of(name):
                hint = (_path_to(path, name), _folded(str(value)))
                for field in fields:
                    found[field].append(hint)
        else:
            stack.pop()
    return found


def _holds(text: str, value: str) -> bool:
    """Whether a line has a folded value; of those that do not have it as it is few have so much as its words."""
    if value in text:
        return True
    if " " not in value or value.partition(" ")[0] not in text:
        return False
    return all(map(text.__contains__, value.split(" "))) and value in _folded(text)


class _Page:
    """What values are looked up in: lines with their labels, and what the page states of itself."""

    def __init__(self, text: str, units: Units, texts: Sequence[str], labels: Labels, hints: Any) -> None:
        self.first_lines: list[int] = units.first.tolist()
        self._ends: list[int] = units.end.tolist()  # in the text
        self.text, self.texts, self.labels = text, texts, labels
        self._lines: dict[str, list[int]] = {}  # of each field that was asked for
        self.hints = _hints_by_field(hints)

    def lines(self, field: str) -> list[int]:
        found = self._lines.get(field)
        if found is None:
            found = self._lines[field] = self.labels.places_of(*_LABELS[field])
        return found

    def holding(self, field: str, value: str) -> list[int]:
        """Lines that have a folded value: those of the field's labels, else the first of any label."""
        lines = self.lines(field)
        found = [index for index in lines if _holds(self.texts[index], value)][:_MOST_LINES] if lines else []
        if field == "dateline" or not found:
            found = found[:1] or self._first_holding(value)
        return found

    def _first_holding(self, value: str) -> list[int]:
        """The first line that has a folded value, if there is one."""
        # Its longest word is seldom one that many lines have.
        word = max(value.split(" "), key=len) if " " in value else value
        place = self.text.find(word)
        while place >= 0:
            index = bisect_right(self._ends, place)
            if _holds(self.texts[index], value):
                return [index]
            place = self.text.find(word, self._ends[index])
        return []

    def hints_of(self, field: str) -> list[tuple[str, str]]:
        return self.hints.get(field, [])


# Whether a value is the chosen one, and what has it.
_Source = tuple[bool, str]
_LINE, _HINT, _SEVERAL, _OTHER_LINE, _OTHER_HINT = (
    (True, "line"), (True, "hint"), (True, "several"), (False, "line"), (False, "hint"),
)  # fmt: skip


class _Rows:
    """The rows of one article in their order, each place of a field's value once."""

    def __init__(self, page: _Page) -> None:
        self.page = page
        # By field, value, block and hint.
        self.found: dict[tuple[str, str, int | None, str | None], _Source] = {}

    def add(self, field: str, value: str, source: _Source, unit: int | None = None, hint: str | None = None) -> None:
        if value:
            block = None if unit is None else self.page.first_lines[unit]
            self.found.setdefault((field, value[:LONGEST_VALUE], block, hint), source)

    def value(self, field: str, value: str, stated: str | None = None, origin: str = "source") -> None:
        """A chosen value: the lines and hints that have it, else `origin` where that states it."""
        before, folded = len(self.found), _folded(value)
        for unit in self.page.holding(field, folded):
            self.add(field, value, _LINE, unit)
        for path, text in self.page.hints_of(field):
            if folded in text:
                self.add(field, value, _HINT, hint=path)
        if stated == value:
            self.add(field, value, (True, origin))
        if len(self.found) == before:
            self.add(field, value, _SEVERAL)

    def others(self, field: str, taken: str | None) -> None:
        """What lines and hints of a field have in place of the value that was taken, if one was."""
        folded = _folded(taken) if taken else None
        for unit in self.page.lines(field):
            text = self.page.texts[unit]
            if folded is None or not _holds(text, folded):
                self.add(field, text, _OTHER_LINE, unit)
        for path, text in self.page.hints_of(field):
            if folded is None or folded not in text:
                self.add(field, text, _OTHER_HINT, hint=path)


def _dates(rows: _Rows, document: Document, source: Source, metadata: Metadata) -> None:
    """The dates of the page: those chosen, those not, and those that cannot be told for sure."""
    page, chosen = rows.page, {"date_published": metadata.date_published, "date_modified": metadata.date_modified}
    for unit in sorted(page.labels.dates):
        for date in page.labels.dates[unit]:
            value = resolve_date(
                date, page.texts[unit], date_order=source.date_order, timezone=source.timezone,
                retrieved_at=document.retrieved_at,
            )  # fmt: skip
            field = "date_modified" if date.role == "modified" else "date_published"
            is_chosen = value is not None and value.local == chosen[field]
            if is_chosen and field == "date_published":
                is_chosen = value is not None and value.text == metadata.date_published_text
            rows.add(field, page.texts[unit][date.start : date.end], (is_chosen, "line"), unit)
    for field, local in chosen.items():
        day = None if local is None else local.date().isoformat()
        for path, text in page.hints_of(field):
            rows.add(field, text, (day is not None and text.startswith(day), "hint"), hint=path)
        if local is not None and not any(has for place, (has, _) in rows.found.items() if place[0] == field):
            printed = metadata.date_published_text if field == "date_published" else None
            rows.add(field, printed or local.isoformat(), _SEVERAL)


def _read_times(rows: _Rows, minutes: int | None) -> None:
    taken = False
    for unit in rows.page.labels.places_of("read_time"):
        is_it = not taken and minutes is not None and read_time(rows.page.texts[unit]) == minutes
        taken = taken or is_it
        rows.add("time_required_minutes", rows.page.texts[unit], (is_it, "line"), unit)
    if minutes is not None and not taken:
        rows.add("time_required_minutes", str(minutes), _SEVERAL)


def evidence_of(
    document: Document,
    hints: Any,
    units: Units,
    texts: Sequence[str],
    labels: Labels,
    source: Source,
    article: Article,
    metadata: Metadata,
) -> EvidenceColumns:
    """Rows of evidence of one article; `hints` is the value of the document's JSON.

    `texts` are the units' texts, those of hard-wrapped paragraphs as one line.
    """
    rows = _Rows(_Page(document.text, units, texts, labels, hints))
    for field, value in (("headline", article.headline), ("description", article.description)):
        if value is not None:
            rows.value(field, value)
        rows.others(field, value)
    _dates(rows, document, source, metadata)
    if metadata.byline is not None:
        rows.value("byline", metadata.byline)
    rows.others("byline", metadata.byline)
    for name in metadata.authors:
        rows.value("authors", name)
    if metadata.article_section is not None:
        rows.value("article_section", metadata.article_section)
    for word in metadata.keywords:
        rows.value("keywords", word)
    if metadata.publisher is not None:
        rows.value("publisher", metadata.publisher, source.publisher)
    if metadata.url is not None:
        rows.value("url", metadata.url, document.url, "record")
    _read_times(rows, metadata.time_required_minutes)
    for image in metadata.images:
        for part in ("caption", "credit"):
            if text := image[part]:
                rows.value("images", text)
    if metadata.dateline is not None:
        rows.value("dateline", metadata.dateline)
    fields, values, blocks, paths = zip(*rows.found, strict=True) if rows.found else ((), (), (), ())
    chosen, origins = zip(*rows.found.values(), strict=True) if rows.found else ((), ())
    return EvidenceColumns(article.article_id, range(len(fields)), fields, values, chosen, origins, blocks, paths)
