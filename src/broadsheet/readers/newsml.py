"""NewsML-G2: a newsItem with text is a record. Alone in its file its payload are the file's bytes, in a newsMessage
the item's canonical XML (C14N 2.0)."""

import html
from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, canonicalize, tostring

from broadsheet.readers import nitf
from broadsheet.readers.payloads import Failure, Found, Payload, Reading, Unreadable
from broadsheet.readers.streams import read_all
from broadsheet.readers.xml_tree import parse, text_of, to_html

_ITEMS = ("newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem")
_UNSEEN = ("head", "script", "style", "template")


def _tag(element: Element) -> str | None:
    if element.tag in _UNSEEN:
        return None
    return element.tag if element.tag.isalnum() else ""


def _body_html(item: Element) -> str:
    """The text of an item as HTML, from its inline XML (NITF or XHTML) or its inline data."""
    for inline in item.iter("inlineXML"):
        if (story := inline.find(".//nitf")) is not None or inline.find(".//body.content") is not None:
            return nitf.body_html(inline if story is None else story)
        if text_of(inline):
            return _with_headline(item, to_html(inline, _tag))
    for inline in item.iter("inlineData"):
        kind = inline.get("contenttype", "text/plain")
        if kind.startswith("text/") and (inline.text or "").strip():
            if "html" in kind:
                return _with_headline(item, inline.text or "")
            lines = "</p><p>".join(html.escape(line) for line in (inline.text or "").splitlines() if line.strip())
            return _with_headline(item, f"<p>{lines}</p>")
    raise Unreadable("unsupported", "an item without text in it")


def _with_headline(item: Element, body: str) -> str:
    headline = text_of(item.find(".//contentMeta/headline"))
    shown = "" if not headline or "<h1" in body else f"<h1>{html.escape(headline)}</h1>"
    line = "".join(
        f"<p>{html.escape(text)}</p>" for name in ("by", "dateline")
        if (text := text_of(item.find(f".//contentMeta/{name}"))) and text not in html.unescape(body)
    )  # fmt: skip
    return f"<html><body><article>{shown}{line}{body}</article></body></html>"


def _name(element: Element | None) -> str:
    if element is None:
        return ""
    return text_of(element.find("name")) or element.get("literal", "")


def _stated(item: Element) -> dict[str, Any]:
    language = item.find(".//contentMeta/language")
    authors = [name for creator in item.findall(".//contentMeta/creator") if (name := _name(creator))]
    by = text_of(item.find(".//contentMeta/by"))
    found = {
        "headline": text_of(item.find(".//contentMeta/headline")),
        "description": text_of(item.find(".//contentMeta/description")),
        "date_published": text_of(item.find("./itemMeta/firstCreated"))
        or text_of(item.find(".//contentMeta/contentCreated")) or text_of(item.find("./itemMeta/versionCreated")),
        "date_modified": text_of(item.find(".//contentMeta/contentModified")),
        "authors": authors or ([by] if by else []),
        "in_language": language.get("tag", "") if language is not None else item.get("lang", ""),
        "publisher": _name(item.find("./itemMeta/provider")),
        "keywords": [text_of(keyword) for keyword in item.findall(".//contentMeta/keyword") if text_of(keyword)],
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _read_item(item: Element, content: bytes, encoding: str, reading: Reading) -> Found:
    try:
        if item.tag != "newsItem":
            raise Unreadable("unsupported", f"a {item.tag} has no text of its own")
        return Payload(
            content, reading.member, "text/html", encoding, None, None, _body_html(item), _stated(item)
        )  # fmt: skip
    except Unreadable as error:
        return Failure(error.reason, error.detail, content, reading.member)


def read(stream: BinaryIO, reading: Reading) -> Iterator[Found]:
    """The records of a newsMessage, or the one of an item."""
    content = read_all(stream, reading.maximum_bytes)
    root, encoding = parse(content, reading)
    if root.tag in _ITEMS:
        yield _read_item(root, content, encoding, reading)
        return
    for item in (child for items in root.iter("itemSet") for child in items):
        item.tail = None
        yield _read_item(item, canonicalize(tostring(item, "unicode")).encode(), encoding, reading)
