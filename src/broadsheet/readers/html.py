"""HTML pages: a page as a reader sees it, with marks that say where its structure stood, and what it states.

The parser (turbohtml, the WHATWG's rules) reports elements and text in order; one pass over these
makes lines and marks, with a fixed amount of work for each.

Text: a line for each block element, a blank line around those that browsers set apart (paragraphs,
headings, lists, tables), a line break for `br`, `pre` as it is, the cells of a row side by side with a tab
between unless they hold blocks or prose. Elements that no reader sees are no text.

Marks: elements by their names (`a`, `p`, `h1`, `li`, `article`, `nav` …; containers such as `div` only where
they hold several lines and another set of them than the container inside), `hint:…` for what class names say
(see class_names), and `path:…` with a checksum of the names and classes of all elements around a run of lines:
lines with equal ones are made alike.
"""

import re
from operator import itemgetter
from typing import Any, NamedTuple
from zlib import crc32

from turbohtml.saxparse import sax_parse

from broadsheet.readers.class_names import UNSEEN, hints_of
from broadsheet.readers.page_facts import Facts
from broadsheet.records import Rendered, marks_of


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


_SET_APART = _names("p h1 h2 h3 h4 h5 h6 blockquote ul ol dl table figure pre hr listing xmp fieldset dir menu")
_BLOCKS = _SET_APART | _names(
    "html body div li dt dd section article main nav aside header footer form address details summary figcaption"
    " caption legend center tr thead tbody tfoot hgroup search dialog frameset noframes marquee"
)
# What is drawn, played, filled in or run, and the fallback inside it.
_NO_TEXT = _names(
    "script style template noscript title svg math canvas iframe object embed applet audio video select datalist"
    " textarea input optgroup option progress meter map rt rp noembed frame"
)
# Of these nearly each has attributes of its own that say nothing here.
_VARIED = _names("a img meta link source area time script svg iframe input option")
_MARKED = _names(
    "a h1 h2 h3 h4 h5 h6 p li dt dd blockquote figure figcaption caption time td th pre article main nav aside header"
    " footer section table ul ol form address button cite q small strong em b i label details summary"
)
_LESS_MARKED = _names("strong em b i small label q cite")
# What the names of a list's entries and links say of the list around them is said once, by the list.
_ENTRIES = frozenset(("li", "a", "span", "button", "td"))
_OF_REGIONS = frozenset(("hint:nav", "hint:footer", "hint:modal", "hint:sidebar", "hint:popular", "hint:paywall"))
_CONTAINERS = _names("div center fieldset tbody dl details")
# A gap that a style sheet draws between these, where the page's text has none.
_APART = _names("a time button span label cite address")
_KEPT = frozenset(("class", "id", "itemprop", "role", "rel", "data-testid", "hidden", "style", "type", "http-equiv"))
_NAMING = ("class", "id", "itemprop", "role", "data-testid")
_SEEN_WHOLE = frozenset(("html", "body", "article", "main", "h1"))
# React sends a page in segments, hidden at its end until a script has moved each to its place.
_STREAMED = re.compile(r"S:[0-9a-f]{1,8}")
_CHARSET = re.compile(rb"<meta\s[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"\s*<\?xml\s[^>]{0,80}?encoding\s*=\s*[\"']([\w.:-]{2,40})")
# Names under which pages of another, larger encoding go: WHATWG's table of labels.
_SPOKEN_AS = {
    "iso-8859-1": "windows-1252", "latin1": "windows-1252", "ascii": "windows-1252", "us-ascii": "windows-1252",
    "iso-8859-9": "windows-1254", "tis-620": "windows-874", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
}  # fmt: skip
_LONGEST_CELL = 80
_MOST_MARKS, _MOST_KINDS, _LONGEST_KEY = 100_000, 20_000, 1_000


class _Kind(NamedTuple):
    """What an element with some name and attributes is to the page."""

    is_text: bool
    gap: int  # newlines around it
    marks: tuple[str, ...]
    container: str  # its mark where it holds several lines, or ""
    token: bytes  # name and classes, for paths
    is_apart: bool
    states: str  # what it states that facts are gathered from, or ""


_UNSEEN_KIND = _Kind(False, 0, (), "", b"", False, "")
_kinds: dict[Any, _Kind] = {}


def _is_hidden(tag: str, attributes: dict[str, str | None]) -> bool:
    """Whether no reader sees the element. The whole page is never hidden: scripts would show it, as they show
    to subscribers what is only for them."""
    names = attributes.get("class")
    classes = names[:300].lower().split() if names else ()
    if tag in _SEEN_WHOLE or "subscriber-only" in classes:
        return False
    if not UNSEEN.isdisjoint(classes):
        return True
    if "hidden" in attributes:
        return _STREAMED.fullmatch(attributes.get("id") or "") is None
    style = attributes.get("style")
    if not style:
        return False
    style = style[:300].replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style


def _states(tag: str, attributes: dict[str, str | None]) -> str:
    """Which of its facts an element may state."""
    if tag in ("meta", "link", "html", "title", "time"):
        return tag
    if tag == "script":
        return "json" if "ld+json" in (attributes.get("type") or "").lower() else ""
    if itemprop := attributes.get("itemprop"):
        return itemprop[:100]
    return "rel_author" if "author" in (attributes.get("rel") or "").lower().split() else ""


def _kind_of(tag: str, attrs: tuple[tuple[str, str | None], ...]) -> _Kind:
    attributes = dict(attrs)
    states = _states(tag, attributes)
    if tag in _NO_TEXT or _is_hidden(tag, attributes):
        return _UNSEEN_KIND if not states else _UNSEEN_KIND._replace(states=states)
    names = " ".join([attributes.get(name) or "" for name in _NAMING])[:300]
    hints = hints_of(names) if names and tag not in ("html", "body") else ()
    own = (tag,) if tag in _MARKED and (hints or tag not in _LESS_MARKED) else ()
    if hints and tag in _ENTRIES:
        hints = tuple(hint for hint in hints if hint not in _OF_REGIONS)
    classes = (attributes.get("class") or "")[:200]
    return _Kind(
        True,
        2 if tag in _SET_APART else int(tag in _BLOCKS),
        own + hints,
        tag if tag in _CONTAINERS else "",
        f"{tag}.{classes}".encode("utf-8", "replace"),
        tag in _APART,
        states,
    )


def _look_up(key: Any, tag: str, attrs: tuple[tuple[str, str | None], ...]) -> _Kind:
    kind = _kind_of(tag, attrs)
    if len(attrs) < 20 and sum([len(value) for _, value in attrs if value]) < _LONGEST_KEY:
        if len(_kinds) >= _MOST_KINDS:
            _kinds.clear()
        _kinds[key] = kind
    return kind


class _Page:
    """A page while the parser reports its elements and text. Positions are code points of the text so far."""

    def __init__(self) -> None:
        self.facts = Facts()
        self.pieces: list[str] = []
        self.length = 0
        self.marks: list[tuple[int, int, str]] = []
        # Open elements: None for those that only style the text, else kind, start, lines and path before.
        self.open: list[tuple[_Kind, int, int, int] | None] = []
        self.hidden = 0
        self.captured: list[str] | None = None
        self.captures = ""
        self.gap, self.is_spaced, self.is_tabbed = 1, False, False
        self.closed_apart = False
        self.preformatted = 0
        self.lines = 0
        self.path = 0
        # Lines: where each begins, where the text before it ends, and its path.
        self.paths: list[tuple[int, int, int]] = []
        # Where the text after a separator begins, and where the tabs between cells stand among the pieces.
        self.begins: dict[int, int] = {}
        self.tabs: dict[int, int] = {}
        self.row = 0
        self.container = (0, 0)

    def start_element(self, tag: str, attrs: tuple[tuple[str, str | None], ...]) -> None:
        if self.hidden:
            self.hidden += 1
            return
        key: Any = tag
        if attrs:
            key = (tag, *[pair for pair in attrs if pair[0] in _KEPT]) if tag in _VARIED else (tag, attrs)
        kind = _kinds.get(key) or _look_up(key, tag, attrs)
        is_text, gap, marks, _, token, is_apart, states = kind
        if states:
            self._state(states, tag, attrs)
        if not is_text:
            self.hidden = 1
            return
        if gap:
            self.open.append((kind, self.length, self.lines, self.path))
            if gap > self.gap:
                self.gap = gap
            self.path = crc32(token, self.path)
            if tag == "tr":
                self.row = self.length
            elif tag == "pre":
                self.preformatted += 1
        elif tag == "br":
            self.open.append(None)
            self.gap = min(self.gap + 1, 2)
        elif marks or states or is_apart:
            if tag in ("td", "th"):
                if self.length > self.row:
                    self.is_tabbed = True
                self.open.append((kind, self.length, self.lines, self.path))
                self.path = crc32(token, self.path)
            else:
                self.open.append((kind, self.length, self.lines, self.path))
                if is_apart and self.closed_apart:
                    self.is_spaced = True
        else:
            self.open.append(None)

    def end_element(self, tag: str) -> None:
        if self.hidden:
            self.hidden -= 1
            if not self.hidden and self.captured is not None:
                self.facts.captured(self.captures, "".join(self.captured))
                self.captured = None
            return
        entry = self.open.pop()
        if entry is None:
            return
        (_, gap, marks, container, _, is_apart, states), start, lines, self.path = entry
        if gap:
            if gap > self.gap:
                self.gap = gap
            if tag == "pre":
                self.preformatted -= 1
        elif tag in ("td", "th"):
            self._end_cell(start, lines)
        else:
            self.closed_apart = is_apart
        length = self.length
        if length > start:
            for mark in marks:
                self.marks.append((start, length, mark))
            if states:
                self.facts.ended(states, start, length)
            if gap:
                if container and self.lines - lines > 1 and self.container != (start, length):
                    self.marks.append((start, length, container))
                self.container = (start, length)

    def characters(self, data: str) -> None:
        if self.hidden:
            if self.captured is not None:
                self.captured.append(data)
            return
        if self.preformatted:
            self._preformatted(data)
            return
        words = data.split()
        if not words:
            self.is_spaced = True
            return
        if self.gap:
            self._open_line()
        elif self.is_tabbed:
            self._separate("\t")
            self.tabs[self.length - 1] = len(self.pieces) - 1
        elif self.is_spaced or data[0].isspace():
            self._separate(" ")
        text = " ".join(words)
        self.pieces.append(text)
        self.length += len(text)
        self.is_spaced = data[-1].isspace()
        self.is_tabbed = self.closed_apart = False

    def comment(self, data: str) -> None:
        """Comments are no text."""

    def doctype(self, name: str, public_id: str | None, system_id: str | None) -> None:
        """A document type is no text."""

    def processing_instruction(self, target: str, data: str) -> None:
        """Instructions are no text."""

    def _state(self, states: str, tag: str, attrs: tuple[tuple[str, str | None], ...]) -> None:
        if states in ("json", "title"):
            self.captures, self.captured = states, []
        else:
            self.facts.element(states, attrs, self.length)

    def _separate(self, separator: str) -> None:
        self.begins[self.length] = self.length + len(separator)
        self.pieces.append(separator)
        self.length += len(separator)

    def _open_line(self) -> None:
        before = self.length
        if before:
            self._separate("\n\n" if self.gap > 1 else "\n")
        self.gap, self.is_spaced, self.is_tabbed = 0, False, False
        self.lines += 1
        self.paths.append((self.length, before, self.path))

    def _preformatted(self, data: str) -> None:
        data = data.replace("\r", "")
        if not data.strip("\n"):
            self.gap = min(2, self.gap + data.count("\n"))
            return
        lead = len(data) - len(data.lstrip("\n"))
        if lead:
            self.gap = min(2, self.gap + lead)
        text = data.strip("\n")
        if self.gap:
            self._open_line()
        self.pieces.append(text)
        self.length += len(text)
        self.lines += text.count("\n")
        self.gap = min(2, len(data) - lead - len(text))

    def _end_cell(self, start: int, lines: int) -> None:
        """A cell with several lines or with prose stands on its own: the tab before it becomes a newline."""
        is_prose = self.length - start > _LONGEST_CELL or self.lines > lines + 1
        place = self.tabs.pop(start, None)
        if is_prose:
            if place is not None:
                self.pieces[place] = "\n"
                self.lines += 1
                self.paths.append((start + 1, start, self.path))
            self.gap = max(self.gap, 1)

    def rendered(self) -> Rendered:
        """Text, marks and what the page states."""
        text = "".join(self.pieces)
        begins = self.begins
        # Elements end from the inside out, so that the last of those that begin at one place is the outermost.
        marks = [(begins.get(start, start), end, tag) for start, end, tag in reversed(self.marks[:_MOST_MARKS])]
        marks += self._path_marks()
        marks.sort(key=itemgetter(0))
        return Rendered(text, marks_of(marks), self.facts.gathered(text))

    def _path_marks(self) -> list[tuple[int, int, str]]:
        """A mark for each run of lines with one path."""
        marks: list[tuple[int, int, str]] = []
        paths = sorted(self.paths)
        first = 0
        for place in range(1, len(paths) + 1):
            if place == len(paths) or paths[place][2] != paths[first][2]:
                end = paths[place][1] if place < len(paths) else self.length
                marks.append((paths[first][0], end, f"path:{paths[first][2]:08x}"))
                first = place
        return marks


def declared_encoding(content: bytes) -> str | None:
    """The encoding that a page names in its first 1,024 bytes (WHATWG's prescan) or its XML declaration."""
    match = _CHARSET.search(content[:1024]) or _XML_ENCODING.match(content[:100])
    if match is None:
        return None
    name = match[1].decode("ascii", "replace")
    # A page that is read byte by byte up to here is no UTF-16, whatever it says.
    return "utf-8" if name.lower().startswith("utf-16") else _SPOKEN_AS.get(name.lower(), name)


def render(html: str) -> Rendered:
    """The text of a page, marks on it and what the page states of itself. Never raises on what a page holds."""
    page = _Page()
    sax_parse(html, page)  # type: ignore[arg-type]
    return page.rendered()
