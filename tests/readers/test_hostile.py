"""Hostile and broken containers: each bad record is one reject with its reason, good ones are kept, nothing escapes."""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.parameters import read_parameters
from broadsheet.readers import read_content, to_document
from broadsheet.records import Document, Reject
from broadsheet.sources import SourceFile
from tests.make_containers import containers, response

PARAMETERS = replace(read_parameters().ingest, maximum_bytes=1 << 20)
ROW = b'{"text": "The harbour is shut on Monday."}\n'
MEGABYTES = 30 << 20


def read(content: bytes, name: str, source_file: SourceFile = SourceFile()) -> Iterator[Document | Reject]:  # noqa: B008
    for record in read_content(content, name, "s", source_file, PARAMETERS):
        yield record if isinstance(record, Reject) else to_document(record, source_file, PARAMETERS)


def outcomes(content: bytes, name: str) -> list[str]:
    """The reason of each reject, "read" for each document; indexes run without a gap."""
    rows = list(read(content, name))
    assert [row.raw_record for row in rows] == list(range(len(rows)))
    return [row.reason if isinstance(row, Reject) else "read" for row in rows]


def zipped(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def tarred(members: dict[str, bytes], *others: tarfile.TarInfo) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        for member in others:
            archive.addfile(member)
    return file.getvalue()


def zstd(content: bytes) -> bytes:
    return pa.compress(content, "zstd", asbytes=True)


def warc(*bodies: bytes, headers: str = "") -> list[bytes]:
    return [response(f"{index}", headers, body) for index, body in enumerate(bodies)]


PAGE = b"<html><body><p>The harbour is shut on Monday.</p></body></html>"


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress, zstd])
def test_bombs_stop_at_their_ratio(compress) -> None:
    bomb = compress(b"\x00" * MEGABYTES)
    assert outcomes(bomb, "bomb.txt.gz") == ["too_large"]
    assert outcomes(compress(b"\n" * MEGABYTES + ROW), "rows.jsonl.gz") == ["too_large"]
    assert outcomes(zipped({"bomb.txt": b" " * MEGABYTES, "a.txt": b"News."}), "a.zip") == ["too_large", "read"]


def test_a_bomb_in_a_response_is_that_record_alone() -> None:
    packed = gzip.compress(b"\x00" * MEGABYTES)
    records = [*warc(packed, headers="Content-Encoding: gzip\r\n"), *warc(PAGE)]
    assert outcomes(b"".join(records), "a.warc") == ["too_large", "read"]


def test_nesting_is_bounded() -> None:
    content = b"News of the harbour."
    for _ in range(20):
        content = zipped({"a.zip": content})
    assert outcomes(content, "a.zip") == ["unsupported"]


@pytest.mark.parametrize("cut", [1, 5, 30, 120])
def test_a_warc_that_breaks_off_keeps_its_good_records(cut: int) -> None:
    records = warc(PAGE, PAGE, PAGE)
    packed = b"".join(map(gzip.compress, records))
    assert outcomes(packed[:-cut], "a.warc.gz") == ["read", "read", "read" if cut < 12 else "truncated"][:3] + (
        ["truncated"] if cut < 12 else []
    )
    whole = b"".join(records)
    assert outcomes(whole[: -cut - 8], "a.warc") == ["read", "read", "truncated"]
    assert outcomes(whole[: -len(records[2]) + 60], "a.warc") == ["read", "read", "truncated"]


@pytest.mark.parametrize("stated", [b"10", b"400", b"-5", b"many", b""])
def test_a_wrong_length_costs_one_record(stated: bytes) -> None:
    first, second, third = warc(PAGE, PAGE, PAGE)
    length = second.split(b"Content-Length: ")[1].split(b"\r\n")[0]
    lying = second.replace(b"Content-Length: " + length, b"Content-Length: " + stated, 1)
    assert outcomes(first + lying + third, "a.warc") == ["read", "malformed", "read"]


def test_a_length_beyond_the_file_is_the_rest() -> None:
    first, second = warc(PAGE, PAGE)
    length = second.split(b"Content-Length: ")[1].split(b"\r\n")[0]
    lying = second.replace(b"Content-Length: " + length, b"Content-Length: 999999999999999999", 1)
    assert outcomes(first + lying, "a.warc") == ["read", "truncated"]


@pytest.mark.parametrize(
    ("headers", "body", "outcome"),
    [
        ("Transfer-Encoding: chunked\r\n", b"40\r\n" + PAGE, "truncated"),
        ("Transfer-Encoding: chunked\r\n", PAGE, "read"),  # stored without its chunks
        ("Content-Encoding: gzip\r\n", PAGE, "read"),  # stored unpacked
        ("Content-Encoding: gzip\r\n", gzip.compress(PAGE)[:-9], "truncated"),
        ("Content-Encoding: zstd\r\n", zstd(PAGE), "read"),
        ("Content-Encoding: br\r\n", pa.compress(PAGE, "brotli", asbytes=True), "read"),
        ("Content-Encoding: br\r\n", b"\x8f no brotli", "truncated"),
        ("Content-Encoding: secret\r\n", b"\x01", "unsupported"),
        ("Content-Length: 9999\r\n", PAGE, "truncated"),
        ("", b"", "empty"),
        ("", b"%PDF-1.4", "unsupported"),
    ],
)
def test_bodies_of_responses(headers: str, body: bytes, outcome: str) -> None:
    assert outcomes(b"".join(warc(body, headers=headers)), "a.warc") == [outcome]


def test_lines_of_every_kind() -> None:
    lines = [
        ROW, b"\n", b"{\n", b"[1]\n", b'{"text": ' + b"[" * 100000 + b"]" * 100000 + b"}\n", b'{"text": 7}\n',
        b"null\n",
        b'{"text": "half a pair: \\ud800"}\n', b'{"text": "NUL \\u0000"}\n', b'{"n": NaN, "text": "Rain."}\n',
        b'{"text": "' + b"a" * (2 << 20) + b'"}\n', b'{"text": ""}\n', b'{"story": {"x": 1}}\n',
        b'{"text": "twice", "text": "the last counts"}\n', b"\xff\xfe\xfa\n", ROW.rstrip(),
    ]  # fmt: skip
    assert outcomes(b"".join(lines), "rows.jsonl") == [
        "read", "malformed", "malformed", "malformed", "empty", "malformed", "undecodable", "binary", "read",
        "too_large", "empty", "empty", "read", "truncated", "read",
    ]  # fmt: skip


def test_elements_of_an_array() -> None:
    good = ROW.strip()
    array = b"[" + b",".join(
        [good, b'{"text": "a, ] and \\" in it"}', b"7", b"{bad}", b'"' + b"x" * (2 << 20) + b'"', good]
    )
    assert outcomes(array + b"]", "rows.json") == ["read", "read", "malformed", "malformed", "too_large", "read"]
    assert outcomes(array, "rows.json") == ["read", "read", "malformed", "malformed", "too_large", "truncated"]
    assert outcomes(b"[]", "rows.json") == ["empty"]
    assert outcomes(b"[" * 200000, "rows.json") == ["truncated"]
    assert outcomes(b'{"a":' * 100000, "rows.json") == ["malformed"]


def test_tables_of_text() -> None:
    header = b"title,text\n"
    assert outcomes(header + b"a,One line.\nb\nc,d,e\n", "a.csv") == ["read", "unsupported", "malformed"]
    assert outcomes(header + b"a,NUL \x00 in it\n", "a.csv") == ["binary"]
    assert outcomes(header + b'a,Good.\nb,"never closed\n' + b"x,y\n" * 400000, "a.csv") == ["read", "too_large"]
    assert outcomes(header + b"a,Good.\nb," + b"x" * MEGABYTES + b"\n", "a.csv") == ["read", "too_large"]
    assert outcomes(header, "a.csv") == ["empty"]
    assert outcomes("title\ttext\na\tfjörður\n".encode("utf-16"), "a.tsv") == ["read"]


def test_parquet_of_another_kind() -> None:
    file = io.BytesIO()
    pq.write_table(pa.table({"n": [1, 2], "when": [None, None]}), file)
    assert outcomes(file.getvalue(), "a.parquet") == ["unsupported", "unsupported"]
    assert outcomes(file.getvalue()[:-10], "a.parquet") == ["malformed"]
    assert outcomes(b"PAR1" + bytes(100) + b"PAR1", "a.parquet") == ["malformed"]


def test_names_in_archives_are_only_names() -> None:
    names = ["../../out.txt", "/etc/out.txt", "C:\\out.txt", "a/./b.txt"]
    archive = zipped({name: name.encode() for name in names})
    assert [row.raw_member for row in read(archive, "a.zip")] == names
    device, link = tarfile.TarInfo("device"), tarfile.TarInfo("link.txt")
    device.type, link.type, link.linkname = tarfile.CHRTYPE, tarfile.SYMTYPE, "../../out.txt"
    rows = list(read(tarred({name: name.encode() for name in names}, device, link), "a.tar"))
    assert [row.raw_member for row in rows] == names


def test_members_without_a_name() -> None:
    names = ["a.txt", "..", ""]
    members = dict.fromkeys(names, b"News of the harbour.")
    assert [row.raw_member for row in read(tarred(members), "a.tar")] == names
    content = zipped({"a.txt": b"News.", "..": b"More news.", "x": b"Other news."})
    # The name of the last is overwritten in the directory by a NUL, where names end.
    nameless = content[: content.rindex(b"x")] + b"\x00" + content[content.rindex(b"x") + 1 :]
    assert [row.raw_member for row in read(nameless, "a.zip")] == names


def test_archives_that_break_off() -> None:
    members = {"a.txt": b"News of the harbour.", "b.txt": b"", "c.jsonl": ROW * 3, ".hidden": b"x", "README": b"x"}
    assert outcomes(tarred(members), "a.tar") == ["read", "empty", "read", "read", "read"]
    assert outcomes(tarred(members)[:1500], "a.tar") == ["read", "truncated"]
    assert outcomes(tarred(members)[:1024], "a.tar") == ["read", "truncated"]
    assert outcomes(gzip.compress(tarred(members))[:-40], "a.tar.gz")[-1] == "truncated"
    broken = bytearray(tarred(members))
    broken[1100] ^= 255
    assert outcomes(bytes(broken), "a.tar") == ["read", "malformed"]
    assert outcomes(zipped({}), "a.zip") == ["empty"]
    assert outcomes(tarred({}), "a.tar") == ["empty"]
    damaged = bytearray(zipped({"a.txt": b"News.", "b.txt": b"More news."}))
    damaged[36] ^= 255
    assert outcomes(bytes(damaged), "a.zip") == ["malformed", "read"]


LAUGHS = b'<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("doctype", [LAUGHS, OUTSIDE])
def test_entities_are_not_expanded(doctype: bytes) -> None:
    feed = doctype + b"<rss><channel><item><title>&a;</title></item></channel></rss>"
    assert outcomes(feed, "a.rss") == ["malformed"]
    assert outcomes(b'<?xml version="1.0"?>' + feed, "a.xml") == ["malformed"]


def test_xml_of_other_kinds() -> None:
    assert outcomes(b"<rss>" + b"<a>" * 100000, "a.rss") == ["malformed"]
    assert outcomes(b'<?xml version="1.0"?><invoice/>', "a.xml") == ["unsupported"]
    assert outcomes(b"<rss><channel/></rss>", "a.rss") == ["empty"]
    assert outcomes(b"<nitf><body><body.content/></body></nitf>", "a.xml") == ["empty"]
    assert outcomes(b"<newsItem><contentSet><remoteContent/></contentSet></newsItem>", "a.xml") == ["unsupported"]


@pytest.mark.parametrize(
    ("name", "content", "outcome"),
    [
        ("page.txt", PAGE, "text/html"),
        ("page.html", b"No markup at all, only words.", "text/plain"),
        ("page.html.gz", PAGE, "text/html"),
        ("page.txt", gzip.compress(PAGE), "text/html"),
        ("rows.txt", ROW, "text/plain"),
        ("rows.warc", b"No WARC.", "malformed"),
        ("rows.parquet", b"No Parquet.", "malformed"),
        ("page.zip", PAGE, "text/html"),
        ("page.xml", b"No XML.", "malformed"),
        ("page.mhtml", b"No MHTML.", "malformed"),
        ("page.pdf", b"text all the same", "unsupported"),
        ("page", b"%PDF-1.7", "unsupported"),
        ("page.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF", "binary"),
    ],
)
def test_content_decides_before_the_name(name: str, content: bytes, outcome: str) -> None:
    (row,) = read(content, name)
    assert (row.reason if isinstance(row, Reject) else row.media_type) == outcome


def test_columns_that_only_source_yaml_knows() -> None:
    line = json.dumps({"hed": "Fog", "words": "Fog all day.", "text": "an advertisement"}).encode()
    (row,) = read(line, "a.jsonl", SourceFile(columns=(("headline", "hed"), ("text", "words"))))
    assert isinstance(row, Document)
    assert (row.text, row.hints) == ("Fog all day.", '{"record":{"headline":"Fog"}}')


def test_sections_of_a_fundus_body() -> None:
    body = {"summary": ["The deck."], "sections": [{"headline": ["One"], "paragraphs": ["First.", "Second."]}]}
    (row,) = read(json.dumps({"title": "Fog", "body": body}).encode(), "a.jsonl")
    assert isinstance(row, Document)
    assert row.text == "The deck.\n\nOne\n\nFirst.\n\nSecond."


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(containers())), st.data())
def test_damage_never_escapes(name: str, data: st.DataObject) -> None:
    content = bytearray(containers()[name])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(content)))
    for damaged in (bytes(content), bytes(content[:cut])):
        assert outcomes(damaged, name)


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from(["a.warc", "a.jsonl", "a.json", "a.csv", "a.xml", "a.html", "a.mhtml", "a.tar", "a", "a.txt.gz"]),
    st.sampled_from([b"", b"WARC/1.0\r\n", b"\x1f\x8b\x08\x00", b"PK\x03\x04", b"PAR1", b"<rss>", b"[{", b"BZh91AY&SY",
                     b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\x00", b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n"]),
)  # fmt: skip
def test_noise_never_escapes(noise: bytes, name: str, start: bytes) -> None:
    assert outcomes(start + noise, name)
