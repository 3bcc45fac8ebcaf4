"""extract_page: whatever the bytes, an article or a reject, and offsets that hold."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet import extract_page
from tests.conftest import RAW

DUMPS = [path.read_bytes() for path in sorted(RAW.rglob("*.txt"))]
INSERTED = (
    b"\n\n",
    b"\r",
    b"\xe2\x80\xae",
    b"\x00",
    b"(photo: ",
    b"By ",
    b"\x0b",
    b"Updated: ",
    b"\xff",
    b"1. ",
    b"\xef\xbb\xbf",
)


@st.composite
def damaged_dumps(draw: st.DrawFn) -> bytes:
    """A dump of raw/ with a few pieces cut out, repeated or put in."""
    content = draw(st.sampled_from(DUMPS))
    for _ in range(draw(st.integers(0, 6))):
        place, length = draw(st.integers(0, len(content))), draw(st.integers(0, 300))
        piece = draw(st.sampled_from((b"", content[place : place + length], *INSERTED)))
        content = (
            content[:place] + piece * draw(st.integers(1, 2)) + content[place + draw(st.sampled_from((0, length))) :]
        )
    return content


def check(content: bytes, media_type: str | None) -> None:
    page = extract_page(content, media_type)
    assert (page.article is None) != (page.reject is None) and (page.article is None) == (page.metadata is None)
    if page.document is None:
        return
    text = page.document.text
    assert (
        "".join(text[block.start : block.end] for block in page.blocks).split()
        == "".join(line.strip() for line in text.split("\n")).split()
    )
    for sentence in page.sentences:
        assert page.article is not None
        assert page.article.body[sentence.start : sentence.end] == sentence.text
        document_text = text[sentence.document_start : sentence.document_end]
        assert document_text.replace("\n", " ") == sentence.text.replace("\n", " ")


@settings(max_examples=150, deadline=None)
@given(damaged_dumps(), st.sampled_from((None, "text/plain; charset=latin-1", "text/plain;charset=nonsense")))
def test_a_damaged_dump_is_an_article_or_a_reject(content: bytes, media_type: str | None) -> None:
    check(content, media_type)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
def test_nonsense_is_an_article_or_a_reject(content: bytes) -> None:
    check(content, None)


@pytest.mark.parametrize("content", [b"", b"\n", b"\xef\xbb\xbf", b"a", b"\xff\xfe", b"." * 100_000])
def test_next_to_nothing_is_a_reject(content: bytes) -> None:
    assert extract_page(content).reject is not None
