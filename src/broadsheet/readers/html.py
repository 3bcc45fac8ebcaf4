"""HTML pages: a page as a reader sees it, with marks that say where its structure stood, and what it states.

The parser (turbohtml, the WHATWG's rules) makes the tree, what no reader sees is taken out of it, and the rest, written
as HTML again, is read once by native/render.c, with a fixed amount of work for each element and word. What names of
elements and classes mean is said here and in class_names; the module looks them up.

Text: a line for each block element, a blank line around those that browsers set apart (paragraphs,
headings, lists, tables), a line break for `br`, `pre` as it is, the cells of a row side by side with a tab
between unless they hold blocks or prose. Elements that no reader sees are no text.

Marks: elements by their names (`a`, `p`, `h1`, `li`, `article`, `nav` …; containers such as `div` only where
they hold several lines and another set of them than the container inside), `hint:…` for what class names say
(see class_names), and `path:…` with a checksum of the names and classes of all elements around a run of lines:
lines with equal ones are made alike.
"""

import re

import numpy as np
import turbohtml

from broadsheet.readers.elements import TAGS
from broadsheet.readers.page_facts import facts_of
from broadsheet.readers.walk import Found, walk
from broadsheet.records import Marks, Rendered

# What nobody sees and what states nothing: half of most pages.
_REMOVED = 'script:not([type*="ld+json" i]), style, svg, math, template, noscript, iframe, noembed'
_CHARSET = re.compile(rb"<meta\s[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"\s*<\?xml\s[^>]{0,80}?encoding\s*=\s*[\"']([\w.:-]{2,40})")
# Names under which pages of another, larger encoding go: WHATWG's table of labels.
_SPOKEN_AS = {
    "iso-8859-1": "windows-1252", "latin1": "windows-1252", "ascii": "windows-1252", "us-ascii": "windows-1252",
    "iso-8859-9": "windows-1254", "tis-620": "windows-874", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
}  # fmt: skip


def declared_encoding(content: bytes) -> str | None:
    """The encoding that a page names in its first 1,024 bytes (WHATWG's prescan) or its XML declaration."""
    match = _CHARSET.search(content[:1024]) or _XML_ENCODING.match(content[:100])
    if match is None:
        return None
    name = match[1].decode("ascii", "replace")
    # A page that is read byte by byte up to here is no UTF-16, whatever it says.
    return "utf-8" if name.lower().startswith("utf-16") else _SPOKEN_AS.get(name.lower(), name)


def _seen(html: str) -> bytes:
    """A page without most of what nobody sees, in HTML that has one meaning only."""
    document = turbohtml.parse(html, positions=False)
    # What follows <plaintext> is text to the end, which cannot be written as HTML.
    seen = document.remove(_REMOVED).strip_tags("plaintext")
    return "".join(seen.serialize_iter()).encode("utf-8", "replace")


def _path_marks(found: Found) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Start, end and path of each run of lines with one path."""
    begins, before, paths = found.lines[np.argsort(found.lines[:, 0])].T
    is_first = np.ones(len(paths), bool)
    np.not_equal(paths[1:], paths[:-1], out=is_first[1:])
    ends = np.append(before[1:], np.int32(found.length))[np.roll(is_first, -1)] if len(paths) else before
    return begins[is_first], ends, paths[is_first]


def _marks(found: Found) -> Marks:
    """Marks in order of their starts, of those that begin at one place the outermost first."""
    starts, ends, codes = found.marks[::-1].T  # elements end from the inside out
    # An element before whose text something was put begins behind that.
    positions, lengths = found.separators.T
    places = np.searchsorted(positions, starts)
    places[places == len(positions)] = 0
    if len(positions):
        starts = starts + np.where(positions[places] == starts, lengths[places], 0).astype(np.int32)
    path_starts, path_ends, paths = _path_marks(found)
    start = np.concatenate([starts, path_starts])
    order = np.argsort(start, kind="stable")
    end = np.concatenate([ends, path_ends])
    known, places = np.unique(paths.view(np.uint32), return_inverse=True)
    code = np.concatenate([codes, len(TAGS) + places.astype(np.int32)])
    names = [*TAGS, *[f"path:{path:08x}" for path in known.tolist()]]
    return Marks(start[order], end[order], code[order], names)


def render(html: str) -> Rendered:
    """The text of a page, marks on it and what the page states of itself. Never raises on what a page holds."""
    page = _seen(html)
    found = walk(page)
    return Rendered(found.text, _marks(found), facts_of(found, page))
