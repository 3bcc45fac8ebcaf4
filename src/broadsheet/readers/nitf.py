"""NITF, the markup of agencies: a file is one record, its bytes the payload, its story as HTML the visible part."""

import html
from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element

from broadsheet.readers.payloads import Payload, Reading, Unreadable
from broadsheet.readers.streams import read_all
from broadsheet.readers.xml_tree import parse, text_of, to_html

_TAGS = {
    "p": "p", "hl1": "h1", "hl2": "h2", "block": "div", "media": "figure", "media-caption": "figcaption",
    "ul": "ul", "ol": "ol", "li": "li", "dl": "dl", "dt": "dt", "dd": "dd", "table": "table", "tr": "tr", "td": "td",
    "th": "th", "caption": "caption", "bq": "blockquote", "blockquote": "blockquote", "pre": "pre", "br": "br",
    "hr": "hr", "note": "aside", "fn": "aside", "a": "a", "credit": "cite", "media-producer": "cite", "em": "em",
    "q": "q",
}  # fmt: skip
_LEFT_OUT = ("media-metadata", "media-reference", "media-object", "tobject", "nitf-table-metadata")


def _tag(element: Element) -> str | None:
    return None if element.tag in _LEFT_OUT else _TAGS.get(element.tag, "")


def _first(root: Element, *names: str) -> str:
    for name in names:
        for element in root.iter(name):
            if text := text_of(element):
                return text
    return ""


def _attribute(root: Element, element_name: str, *names: str) -> str:
    return next(
        (value for element in root.iter(element_name) for name in names if (value := element.get(name, "").strip())), ""
    )


def body_html(root: Element) -> str:
    """The story as HTML: headlines, byline, dateline, then body.content. Raises Unreadable where there is none."""
    parts = []
    for name, tag in (("hl1", "h1"), ("hl2", "h2")):
        parts += [f"<{tag}>{html.escape(text_of(line))}</{tag}>" for head in root.iter("hedline") for line in head
                  if line.tag == name and text_of(line)]  # fmt: skip
    head = root.find(".//body.head")
    for name in ("byline", "dateline"):
        parts += [f"<p>{html.escape(text_of(line))}</p>" for line in (head if head is not None else ())
                  if line.tag == name and text_of(line)]  # fmt: skip
    contents = list(root.iter("body.content"))
    if not any(text_of(content) for content in contents):
        raise Unreadable("empty", "a story without text")
    parts += [to_html(content, _tag) for content in contents]
    parts += [to_html(end, _tag) for end in root.iter("body.end")]
    return f"<html><body><article>{''.join(parts)}</article></body></html>"


def stated(root: Element) -> dict[str, Any]:
    """What a story says of itself, as it says it."""
    byline = root.find(".//byline")
    people = [text_of(person) for person in byline.iter("person")] if byline is not None else []
    authors = [name for name in people if name] or ([text_of(byline)] if text_of(byline) else [])
    found = {
        "headline": _first(root, "hl1") or _first(root, "title"),
        "description": _first(root, "abstract"),
        "date_published": _attribute(root, "date.release", "norm") or _attribute(root, "date.issue", "norm")
        or _attribute(root, "pubdata", "date.publication"),
        "authors": authors,
        "in_language": root.get("lang", ""),
        "url": _attribute(root, "pubdata", "ex-ref"),
        "publisher": _attribute(root, "pubdata", "name") or _attribute(root, "doc.copyright", "holder"),
        "article_section": _attribute(root, "pubdata", "position.section"),
        "keywords": [key for element in root.iter("keyword") if (key := element.get("key", "").strip())],
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def read(stream: BinaryIO, reading: Reading) -> Iterator[Payload]:
    """The one record of a file."""
    content = read_all(stream, reading.maximum_bytes)
    root, encoding = parse(content, reading)
    states = stated(root)
    yield Payload(
        content, reading.member, "text/html", encoding, states.get("url"), None, body_html(root), states
    )  # fmt: skip
