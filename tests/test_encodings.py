"""Encodings: the contract's order, and what is no text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.encodings import Decoded, NotText, codec_name, decode

PROSE = (
    "Der Bürgermeister sagte, die Brücke über die Mühlau werde im nächsten Frühjahr für 2,4 Millionen € erneuert. " * 6
)
RUSSIAN = "Городской совет решил отложить ремонт моста до весны, сообщил вчера глава района Игорь Лапин. " * 6


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides_and_is_dropped(encoding: str) -> None:
    found = decode(PROSE.encode(encoding))
    assert isinstance(found, Decoded)
    assert found.text == PROSE


def test_utf_8_comes_before_a_declared_encoding() -> None:
    assert decode(PROSE.encode(), "windows-1252") == Decoded(PROSE, "utf-8")


def test_a_declared_encoding_comes_before_detection() -> None:
    assert decode(RUSSIAN.encode("koi8-r"), "cp1251") == Decoded(RUSSIAN.encode("koi8-r").decode("cp1251"), "cp1251")


def test_a_stateful_encoding_comes_before_utf_8_because_its_bytes_are_ascii() -> None:
    text = "港の新しい橋が開通した。"
    assert decode(text.encode("iso2022_jp"), "iso-2022-jp") == Decoded(text, "iso2022_jp")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(PROSE, "cp1252"), (RUSSIAN, "koi8-r"), ("港の新しい橋が開通した。市長は喜びを語った。" * 9, "shift_jis")],
)
def test_detection_finds_legacy_encodings(text: str, encoding: str) -> None:
    found = decode(text.encode(encoding), confidence=0.12)
    assert isinstance(found, Decoded)
    assert found.text == text


def test_newlines_read_as_lf() -> None:
    assert decode(b"a\r\nb\rc\n") == Decoded("a\nb\nc\n", "utf-8")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"abc\x00def", "binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe", "binary"),
        ("abc".encode("utf-16") + b"x", "truncated"),
        (b"\xff\xfe\x00\xd8", "undecodable"),
        ("a\x00b".encode("utf-16"), "binary"),
        (b"+2AA-", "undecodable"),
    ],
)
def test_what_is_no_text_has_a_reason(content: bytes, reason: str) -> None:
    found = decode(content, "utf-7" if content.startswith(b"+") else None)
    assert isinstance(found, NotText)
    assert found.reason == reason


@pytest.mark.parametrize("name", ["no such encoding", "zlib", "rot13", "", "a\x00b"])
def test_a_codec_that_decodes_no_text_is_not_one(name: str) -> None:
    assert codec_name(name) is None


@given(st.binary(max_size=300), st.sampled_from([None, "cp1252", "utf-7", "nonsense", "utf-16"]))
def test_decoding_never_raises_and_never_holds_nul_or_surrogates(content: bytes, declared: str | None) -> None:
    found = decode(content, declared)
    if isinstance(found, Decoded):
        assert "\x00" not in found.text and "\r" not in found.text
        found.text.encode()
