"""What an HTML page states of itself: JSON-LD, meta elements, microdata, `time`, links, title.

Read where the rendering of the page found it, as a dict that JSON can hold; what it means is decided elsewhere
(see broadsheet.stated):

    title, language, canonical   strings
    meta        name (lower case) → its values in order
    json_ld     objects, cut down to the terms below; numbers as strings
    items       microdata: itemprop (lower case) → its values; `rel_author`: texts of links with rel=author
    times       [datetime attribute, place in the text] of each `time`
"""

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from broadsheet.readers.walk import AUTHOR, ITEM, JSON, LANGUAGE, META, SPAN, TIME, TITLE, Found

_LONGEST, _LONGEST_JSON = 2_000, 2_000_000
_MOST, _MOST_META, _DEEPEST = 40, 200, 6
_ITEMS = frozenset(
    (
        "headline", "name", "alternativeheadline", "datepublished", "datecreated", "datemodified", "author", "creator",
        "description", "articlesection", "keywords", "inlanguage", "publisher",
    )
)  # fmt: skip
# Terms of schema.org that say something of an article, its authors and its publisher.
_TERMS = frozenset(
    (
        "@type", "@id", "@graph", "headline", "alternativeHeadline", "name", "givenName", "familyName", "description",
        "datePublished", "dateCreated", "dateModified", "uploadDate", "author", "creator", "publisher",
        "articleSection", "keywords", "url", "mainEntityOfPage", "mainEntity", "inLanguage", "liveBlogUpdate",
    )
)  # fmt: skip
# Around JSON that pages write: comments of HTML and of scripts, CDATA. Most have none, which is seen at the ends.
_OPENINGS, _CLOSINGS = ("<!--", "//", "/*", "<![CDATA["), ("-->", "]]>")
_WRAPPER = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")
_LAST_COMMA = re.compile(r",(?=\s*[\]}])")
# Out of JSON that stays broken: single terms, each as a string of its own.
_STRING = r'"((?:[^"\\]|\\.){1,1000})"'
_LONE_TERM = re.compile(rf'"(@type|headline|datePublished|dateModified|articleSection)"\s{{0,9}}:\s{{0,9}}{_STRING}')
_COLON = r"\s{0,9}:\s{0,9}"
_LONE_AUTHOR = re.compile(
    rf'"author"{_COLON}[\s\[{{]{{0,40}}(?:"@type"{_COLON}"Person",\s{{0,20}})?"name"{_COLON}{_STRING}'
)


_LENIENT = json.JSONDecoder(strict=False)


def _wanted(names: str) -> list[str]:
    """Those of an element's itemprops that are read."""
    return [name for name in names.lower().split()[:4] if name in _ITEMS]


def _value(text: str, start: int, end: int) -> str:
    """What stands in a span of the text, with single blanks."""
    return " ".join(text[start : min(end, start + _LONGEST)].split())


class _Facts:
    """The facts of one page, filled in as its elements come."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {}
        self.meta: dict[str, list[str]] = {}
        self.json_ld: list[Any] = []
        self.times: list[tuple[str, int]] = []
        self.items: dict[str, list[str]] = {}
        self.spans: list[tuple[str, int, int]] = []

    def add_meta(self, value: str, names: Iterable[str]) -> None:
        """The content of a meta element under each of its names."""
        if len(self.meta) >= _MOST_META:
            return
        for name in names:
            key = name.strip().lower()[:100]
            if (values := self.meta.get(key)) is None:
                self.meta[key] = [value]
            elif len(values) < _MOST:
                values.append(value)

    def add_time(self, value: str, start: int) -> None:
        """The date of a `time` element, and where it begins in the text."""
        if len(self.times) < _MOST:
            self.times.append((value, start))

    def add_item(self, names: Iterable[str], value: str) -> None:
        """A value of each of these itemprops."""
        for name in names:
            if len(values := self.items.setdefault(name, [])) < _MOST:
                values.append(value)

    def add_json(self, text: str) -> None:
        """The text of a script with JSON-LD."""
        if len(text) <= _LONGEST_JSON and len(self.json_ld) < _MOST:
            found = cut_down(read_json(text))
            self.json_ld += found if isinstance(found, list) else [found] if found else []

    def gathered(self, text: str) -> dict[str, Any]:
        """The facts, each under the name of where it stood."""
        authors = [(start, end) for names, start, end in self.spans if names in ("author", "creator")]
        for names, start, end in self.spans:
            is_name = "name" in names.split()
            if names == "rel_author":
                self.items.setdefault(names, []).append(_value(text, start, end))
            elif is_name and any(first <= start and end <= last for first, last in authors):
                self.items.setdefault("author_name", []).append(_value(text, start, end))
            elif not is_name and (wanted := _wanted(names)):
                self.add_item(wanted, _value(text, start, end))
        lists = {"meta": self.meta, "json_ld": self.json_ld, "items": self.items, "times": [*map(list, self.times)]}
        return self.found | {name: found for name, found in lists.items() if found}


def _add(facts: _Facts, kind: int, start: int, end: int, values: list[str]) -> None:
    """Add what one row states; which values a kind has is said by native/render.c. Empty ones are left out: of names
    of an element some, of a title its only value."""
    if kind in (TIME, ITEM):
        if kind == TIME:
            facts.add_time(values[0], start)
        if len(values) > 1:
            facts.add_item(_wanted(values[1]), values[0])
    elif kind in (SPAN, AUTHOR):
        facts.spans.append((values[0][:100] if kind == SPAN else "rel_author", start, end))
    elif kind == JSON:
        facts.add_json("".join(values))
    elif kind == TITLE:
        facts.found.setdefault("title", " ".join("".join(values).split()))
    else:
        facts.found.setdefault("language" if kind == LANGUAGE else "canonical", values[0])


def facts_of(found: Found) -> dict[str, Any]:
    """What a page states of itself."""
    facts, at = _Facts(), 0
    for kind, start, end, count in found.facts:
        values = found.values[at : at + count]
        at += count
        if kind == META:
            facts.add_meta(values[0], values[1:])
        else:
            _add(facts, kind, start, end, values)
    return facts.gathered(found.text)


def _attempts(text: str) -> Iterator[str]:
    """What JSON may have been meant by a text, each made when the one before was none."""
    yield text
    yield _LAST_COMMA.sub("", text)
    yield html.unescape(text)


def read_json(text: str) -> Any:
    """JSON as pages write it: in comments, with a comma too much or line breaks in strings; of what stays broken
    an object of the terms that can be read. None where there is nothing."""
    text = text.strip()
    if text.startswith(_OPENINGS) or text.endswith(_CLOSINGS):
        text = _WRAPPER.sub("", _WRAPPER.sub("", text)).strip()
    text = text.rstrip(";")
    for attempt in _attempts(text):
        try:
            return _LENIENT.decode(attempt)
        except (ValueError, RecursionError):
            continue
    found: dict[str, Any] = {}
    for name, value in _LONE_TERM.findall(text):
        found.setdefault(name, _unescaped(value))
    if authors := _LONE_AUTHOR.findall(text):
        found["author"] = [_unescaped(name) for name in authors]
    return found or None


def _unescaped(string: str) -> str:
    try:
        return str(json.loads(f'"{string}"', strict=False))
    except ValueError:
        return string


def cut_down(value: Any, depth: int = 0) -> Any:
    """JSON-LD without the terms that say nothing of an article's metadata; None where nothing is left."""
    if isinstance(value, str):
        return value[:_LONGEST].strip() or None
    if isinstance(value, bool) or value is None or depth > _DEEPEST:
        return None
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return [kept for each in value[:_MOST] if (kept := cut_down(each, depth + 1))]
    graph = value.get("@graph")
    if depth == 0 and isinstance(graph, list) and len(value) <= 3:
        return cut_down(graph, depth)
    kept = {name: cut for name, each in value.items() if name in _TERMS and (cut := cut_down(each, depth + 1))}
    return kept or None
