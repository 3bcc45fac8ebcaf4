"""RSS and Atom: an item with full text is a record, the canonical JSON of its fields the payload."""

import html
import re
from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element

from broadsheet.readers.payloads import Failure, Found, Reading
from broadsheet.readers.rows import canonical_json, read_row
from broadsheet.readers.streams import read_all
from broadsheet.readers.xml_tree import parse, text_of, to_html

# A description of fewer words is a teaser of the article, not the article.
_FULL_TEXT_WORDS = 100
_SUMMARIES = ("description", "summary")
_FULL_TEXTS = ("content:encoded", "content")
_TAGS = re.compile(r"<[^<>]*>")


def _value(element: Element) -> str:
    """What a field says: an address, the name of a person, the label of a category, text or markup."""
    if element.tag == "link" and not (element.text or "").strip():
        return element.get("href", "") if element.get("rel", "alternate") == "alternate" else ""
    if element.tag == "category":
        return element.get("label") or element.get("term") or text_of(element)
    if element.tag in ("author", "contributor") and (name := element.find("name")) is not None:
        return text_of(name)
    if len(element):  # Atom's XHTML is not escaped
        return to_html(element, lambda child: child.tag if child.tag.isalnum() else "").strip()
    return (element.text or "").strip()


def _fields(item: Element) -> dict[str, Any]:
    """The fields of an item, those that stand in it more than once as lists."""
    fields: dict[str, list[str]] = {}
    for element in item:
        if value := _value(element):
            fields.setdefault(element.tag, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in fields.items()}


def _words(text: Any) -> int:
    return len(html.unescape(_TAGS.sub(" ", text)).split()) if isinstance(text, str) else 0


def _read_item(item: Element, language: str, encoding: str, reading: Reading) -> Found:
    fields = _fields(item)
    content = canonical_json(fields)
    row = dict(fields)
    if not any(row.get(name) for name in _FULL_TEXTS):
        summary = max(_SUMMARIES, key=lambda name: _words(row.get(name)))
        words = _words(row.get(summary))
        if words < _FULL_TEXT_WORDS:
            return Failure("no_article", f"an item with a summary of {words} words only", content, reading.member)
        row["text"] = row.pop(summary)
    if isinstance(row.get("link"), list):
        row["link"] = row["link"][0]
    if str(row.get("guid", "")) and not str(row["guid"]).startswith(("http:", "https:")):
        del row["guid"]
    context = {"in_language": language} if language else {}
    return read_row(row, content, encoding, reading, **context)


def read(stream: BinaryIO, reading: Reading) -> Iterator[Found]:
    """The records of a feed."""
    root, encoding = parse(read_all(stream, reading.maximum_bytes), reading)
    language = root.get("lang") or text_of(next(root.iter("language"), None))
    for item in root.iter():
        if item.tag in ("item", "entry"):
            yield _read_item(item, language, encoding, reading)
