"""XML as a tree, with nothing expanded and nothing fetched: entities of a document type are refused, external ones
are never looked for, and depth is bounded."""

import html
import html.entities
import re
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from broadsheet.encodings import NotText, decode
from broadsheet.readers.payloads import Reading, Unreadable

_DEEPEST = 200
_DECLARED = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
# Prefixes by which the news trade knows these; names of all others lose theirs.
_PREFIXES = {
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://wellformedweb.org/CommentAPI/": "wfw:",
    "http://purl.org/rss/1.0/modules/slash/": "slash:",
}


def local_name(name: str) -> str:
    """An element's name, with the prefix that is usual for its namespace where that matters."""
    namespace, _, local = name.rpartition("}")
    return _PREFIXES.get(namespace, "") + local


class _Builder:
    """expat's events as elements, whose names are local names and attributes' too."""

    def __init__(self) -> None:
        self.tree = TreeBuilder()
        self.depth = 0
        self.parser = expat.ParserCreate(encoding="utf-8", namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self.tree.data
        self.parser.EntityDeclHandler = self._entity
        # With a document type that is elsewhere, HTML's names of characters are skipped and not an error.
        self.parser.UseForeignDTD(True)
        self.parser.ExternalEntityRefHandler = self._external
        self.parser.SkippedEntityHandler = self._skipped

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Unreadable("malformed", f"XML nested more than {_DEEPEST} deep")
        self.tree.start(local_name(name), {key.rpartition("}")[2]: value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        self.depth -= 1
        self.tree.end(local_name(name))

    def _entity(self, name: str, *_: Any) -> None:
        raise Unreadable("malformed", f"XML that declares an entity of its own, {name[:40]!r}, which is not expanded")

    def _external(self, *_: Any) -> int:
        return 1  # taken as read; nothing is opened

    def _skipped(self, name: str, is_parameter: bool) -> None:
        if not is_parameter and (character := html.entities.html5.get(name + ";")):
            self.tree.data(character)


def parse(content: bytes, reading: Reading) -> tuple[Element, str]:
    """The root of an XML document and its encoding. Raises Unreadable."""
    declared = _DECLARED.match(content.lstrip()[:200])
    decoded = decode(content, declared.group(1).decode() if declared else reading.encoding, reading.encoding_confidence)
    if isinstance(decoded, NotText):
        raise Unreadable(decoded.reason, decoded.detail)
    builder = _Builder()
    text = _DECLARATION.sub("", decoded.text, count=1).lstrip()
    try:
        builder.parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        raise Unreadable("malformed", f"no XML: {error}") from error
    return builder.tree.close(), decoded.encoding


def text_of(element: Element | None) -> str:
    """All text in an element, runs of blanks as one."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def to_html(element: Element, tag: Callable[[Element], str | None]) -> str:
    """The content of an element as HTML; `tag` names HTML's element for one, "" for its content alone, None to
    leave it out."""
    parts = [html.escape(element.text or "", quote=False)]
    for child in element:
        name = tag(child)
        if name is not None:
            inner = to_html(child, tag)
            parts.append(f"<{name}>{inner}</{name}>" if name else inner)
        parts.append(html.escape(child.tail or "", quote=False))
    return "".join(parts)
