"""Which format bytes are in, decided by what they are and, where that leaves it open, by their name."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from broadsheet.readers.payloads import Failure, Found, Reading, Unreadable
from broadsheet.readers.streams import read_head

# Format → module in readers/ and what its read() is told beside stream and reading.
_READERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "text": ("text", ()),
    "html": ("text", ("text/html",)),
    "xhtml": ("text", ("application/xhtml+xml",)),
    "gzip": ("compressed", ("gzip",)),
    "bzip2": ("compressed", ("bzip2",)),
    "xz": ("compressed", ("xz",)),
    "zstd": ("compressed", ("zstd",)),
    **{name: (name, ()) for name in ("warc", "json_lines", "json_array", "csv_rows", "parquet", "zip_archive",
                                     "tar_archive", "mhtml", "feed", "nitf", "newsml")},
}  # fmt: skip

_MAGIC = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "zip_archive"),
    (b"PK\x05\x06", "zip_archive"),
    (b"PAR1", "parquet"),
    (b"WARC/", "warc"),
)
# Known, and none of them news dumps that are read.
_OTHERS = (
    (b"%PDF-", "PDF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\x04\x22\x4d\x18", "LZ4"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"ARROW1", "Arrow IPC"),
)
_UNREAD_NAMES = {".pdf": "PDF", ".doc": "an office document", ".docx": "an office document", ".wat": "WAT"}
# Names that promise bytes of a kind: where these are something else that is no page either, the file is malformed.
_PROMISES = {
    ".warc": "WARC", ".wet": "WARC", ".zip": "zip", ".tar": "tar", ".parquet": "Parquet", ".gz": "gzip", ".tgz": "gzip",
    ".bz2": "bzip2", ".xz": "xz", ".zst": "zstd",
    ".xml": "XML", ".rss": "XML", ".atom": "XML", ".mht": "MHTML", ".mhtml": "MHTML",
}  # fmt: skip
_BY_NAME = {".jsonl": "json_lines", ".ndjson": "json_lines", ".csv": "csv_rows", ".tsv": "csv_rows"}
_HTML_NAMES = (".html", ".htm", ".xhtml", ".shtml", ".php", ".asp", ".aspx", ".jsp")
_NEWSML_ITEMS = ("newsitem", "packageitem", "conceptitem", "knowledgeitem", "planningitem", "catalogitem")
_XML_ROOTS = {"rss": "feed", "feed": "feed", "rdf": "feed", "nitf": "nitf", "newsmessage": "newsml", "html": "html"}
_XML_ROOTS |= dict.fromkeys(_NEWSML_ITEMS, "newsml")
_BEFORE_ROOT = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!doctype[^>\[]*(?:\[[^\]]*\][^>\[]*)?>", re.I | re.S)
_ROOT = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!doctype(?:[^\[>\"']|\"[^\"]*\"|'[^']*'|\[.*?\])*>", re.I | re.S)
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_ELEMENT = re.compile(r"<(?:[A-Za-z][A-Za-z0-9]*[\s/>]|!doctype html|!--)", re.I)
_MHTML = re.compile(r"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,40}?content-type:\s*multipart/related", re.I)
_OBJECT = re.compile(r"\{\s*(?:\"|\})")
_UTF_16 = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_LOOK = 16384


def _as_text(head: bytes) -> str:
    """The beginning of a file for looking at: UTF-16 as text, all else byte by byte, without byte order mark."""
    for mark, encoding in _UTF_16:
        if head.startswith(mark):
            return head[2 : 2 + _LOOK].decode(encoding, "ignore")
    return head[:_LOOK].removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _root(text: str) -> str | None:
    """The name of the root element, in lower case, or None where the text is no markup that begins with one."""
    place = 0
    while (found := _BEFORE_ROOT.match(text, place)) is not None:
        place = found.end()
    root = _ROOT.match(text, place)
    return root.group(1).lower() if root else None


def _markup(text: str, suffix: str) -> str | None:
    if not text.lstrip().startswith("<"):
        # Fragments of pages, and pages with a few words of their server's before them.
        return "html" if suffix in _HTML_NAMES and _ELEMENT.search(text) else None
    root = _root(text)
    if root in _XML_ROOTS:
        return "xhtml" if root == "html" and suffix == ".xhtml" else _XML_ROOTS[root]
    if suffix in _HTML_NAMES or re.match(r"\s*<!doctype html", text, re.I):
        return "html"
    if text.lstrip().startswith("<?xml") or suffix in (".xml", ".rss", ".atom"):
        raise Unreadable("unsupported", f"XML whose root is {root[:40]!r}" if root else "XML without a root element")
    return None


def _json(text: str, suffix: str) -> str | None:
    """json_lines or json_array for what begins as JSON does; several lines that are each an object are lines."""
    from broadsheet.readers.json_lines import parse

    start = text.lstrip()
    if suffix in (".jsonl", ".ndjson"):
        return "json_array" if start.startswith("[") else "json_lines"
    if suffix not in (".json", "", ".txt") or not (start.startswith("[") or _OBJECT.match(start)):
        return "json_array" if suffix == ".json" else None
    line, _, rest = start.partition("\n")
    try:
        value = parse(line)
    except ValueError:
        value = None
    if isinstance(value, dict):
        return "json_lines" if rest.strip() or suffix != ".json" else "json_array"
    if suffix == ".json" or (suffix == "" and re.match(r"\[\s*\{\s*\"", start)):
        return "json_array"
    return None


def _suffix(name: str) -> str:
    """The last suffix of a name, in lower case; of an address that wget made a name, "page.html?p=3", the page's."""
    return PurePosixPath(name.split("?", 1)[0]).suffix.lower()


def _text_format(head: bytes, name: str) -> str:
    text, suffix = _as_text(head), _suffix(name)
    if found := _markup(text, suffix):
        return found
    if _MHTML.match(text) and (suffix in (".mht", ".mhtml") or "mime-version:" in text[:_LOOK].lower()):
        return "mhtml"
    if found := _json(text, suffix):
        return found
    if suffix in _PROMISES:
        inner = name[: -len(suffix)]
        if suffix in (".gz", ".bz2", ".xz", ".zst") and _suffix(inner) not in _PROMISES and b"\x00" not in head:
            return _text_format(head, inner)  # a page that was unpacked and kept its name
        raise Unreadable("malformed", f"named {suffix}, but its bytes are no {_PROMISES[suffix]}")
    return _BY_NAME.get(suffix, "text")


def format_of(head: bytes, name: str) -> str:
    """The format of what begins with `head` and has this name. Raises Unreadable for one that is not read."""
    suffix = _suffix(name)
    for magic, kind in _OTHERS:
        if head.startswith(magic):
            raise Unreadable("unsupported", f"{kind} is not read")
    if suffix in _UNREAD_NAMES:
        raise Unreadable("unsupported", f"{suffix} files are not read")
    for magic, kind in _MAGIC:
        # "BZh" alone may begin a text.
        if head.startswith(magic) and (kind != "bzip2" or head[4:7] in (b"1AY", b"\x17rE")):
            return kind
    if len(head) >= 8 and head[1:4] == b"\x2a\x4d\x18" and 0x50 <= head[0] <= 0x5F:
        return "zstd"  # it begins with a skippable frame
    if head[257:262] == b"ustar" or (suffix == ".tar" and len(head) >= 512 and b"\x00" in head[:257]):
        return "tar_archive"
    return _text_format(head, name)


def page_type(content: bytes, declared: str | None) -> str:
    """The media type that one page's bytes are read as, given what its record declares.

    Raises Unreadable for what is no page.
    """
    pages = {"text": "text/plain", "html": "text/html", "xhtml": "application/xhtml+xml"}
    if declared in ("text/html", "application/xhtml+xml"):
        found = format_of(content, "page.html")
        return declared if found in ("html", "text", "xhtml") else pages.get(found) or _unread(found)
    if declared in (None, "text/plain", "application/octet-stream", "unknown/unknown", "application/unknown"):
        found = format_of(content, "page")
        return pages.get(found) or _unread(found)
    return _unread(declared)


def _unread(kind: str) -> str:
    raise Unreadable("unsupported", f"{kind[:80]} in a response is not read")


def read_format(kind: str, stream: BinaryIO, reading: Reading, **cut: Any) -> Iterator[Found]:
    """The records of a stream in a format; `cut` says which of them, in words of the format's own."""
    module, extra = _READERS[kind]
    yield from import_module(f"broadsheet.readers.{module}").read(stream, reading, *extra, **cut)


def read_stream(stream: BinaryIO, reading: Reading) -> Iterator[Found]:
    """The records of a stream; `reading.name` is its name. Raises Unreadable where it cannot go on."""
    if reading.depth > reading.maximum_depth:
        raise Unreadable("unsupported", f"nested more than {reading.maximum_depth} containers deep")
    head, stream = read_head(stream)
    if not head:
        yield Failure("empty", "the file has no bytes", b"", reading.member)
        return
    kind = format_of(head, reading.name)
    none = True
    for found in read_format(kind, stream, reading):
        none = False
        yield found
    if none:
        yield Failure("empty", f"a {kind.replace('_', ' ')} file without a record", None, reading.member)
