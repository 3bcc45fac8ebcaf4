"""HTML pages: a page as a reader sees it, with marks that say where its structure stood, and what it states.

The parser (turbohtml, the WHATWG's rules) makes the tree, what no reader sees is taken out of it, and the rest, written
as HTML again, is read once by native/render.c, with a fixed amount of work for each element and word. What names of
elements and classes mean is said in elements and class_names; the module looks them up. For all but few pages
native/straight.c sees the same in the page as it comes, without a tree.

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

from broadsheet.readers.elements import TAGS
from broadsheet.readers.page_facts import facts_of
from broadsheet.readers.walk import Found, walk, walk_straight
from broadsheet.records import Marks, Names, Rendered

# What nobody sees and what states nothing: half of most pages.
_REMOVED = 'script:not([type*="ld+json" i]), style, svg, math, template, noscript, iframe, noembed'
_CHARSET = re.compile(rb"<meta\s[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"\s*<\?xml\s[^>]{0,80}?encoding\s*=\s*[\"']([\w.:-]{2,40})")


def declared_encoding(content: bytes) -> str | None:
    """The encoding that a page names in its first 1,024 bytes (WHATWG's prescan) or its XML declaration."""
    match = _CHARSET.search(content[:1024]) or _XML_ENCODING.match(content[:100])
    if match is None:
        return None
    name = match[1].decode("ascii", "replace")
    # A page that is read byte by byte up to here is no UTF-16, whatever it says.
    return "utf-8" if name.lower().startswith("utf-16") else name


def parsed(html: str) -> bytes:
    """A page without most of what nobody sees, in HTML that has one meaning only, as the parser makes it."""
    import turbohtml

    document = turbohtml.parse(html, positions=False)
    # What follows <plaintext> is text to the end, which cannot be written as HTML.
    return document.remove(_REMOVED).strip_tags("plaintext").html.encode("utf-8", "replace")


def _marks(found: Found) -> Marks:
    """Marks with their names, of which paths come after those that all pages share."""
    start, end, code = found.marks
    paths = dict.fromkeys(found.paths)
    if len(paths) < len(found.paths):
        places = {path: place for place, path in enumerate(paths, len(TAGS))}
        code = np.array([*range(len(TAGS)), *map(places.__getitem__, found.paths)], np.int32)[code]
    # Eight digits for each, in one go.
    digits = np.array([*paths], ">u4").tobytes().hex(" ", 4)
    names = f"path:{digits.replace(' ', ' path:')}".split(" ") if paths else []
    return Marks(start, end, code, Names([*TAGS, *names]))


def _rendered(found: Found) -> Rendered:
    return Rendered(found.text, _marks(found), facts_of(found))


def render_parsed(html: str) -> Rendered:
    """As `render`, of a page that takes the parser."""
    return _rendered(walk(parsed(html)))


def render(html: str) -> Rendered:
    """The text of a page, marks on it and what the page states of itself. Never raises on what a page holds."""
    try:
        rendered = render_bytes(html.encode())
    except UnicodeEncodeError:  # half of a surrogate pair
        rendered = None
    return rendered or render_parsed(html)


def render_bytes(page: bytes) -> Rendered | None:
    """As `render`, of the bytes of a page; None where they are no UTF-8 or it takes the parser.

    To make a string of them first, and bytes again, would take as long as to read them.
    """
    found = walk_straight(page)
    return _rendered(found) if found else None
