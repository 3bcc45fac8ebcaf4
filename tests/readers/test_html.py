"""HTML to text with marks: what a reader sees, where its structure stood, and input that means harm."""

import time
from html import escape
from itertools import pairwise
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet import extract_page
from broadsheet.encodings import Decoded, decode
from broadsheet.native import _LARGEST as LARGEST
from broadsheet.native import module
from broadsheet.readers import html, walk
from broadsheet.readers.elements import TAGS
from broadsheet.readers.html import declared_encoding, render
from broadsheet.records import Mark, Marks, Rendered
from tests.conftest import ROOT


def marks(page: Rendered) -> list[Mark]:
    assert isinstance(page.marks, Marks)
    start, end, code, names = page.marks
    rows = zip(start.tolist(), end.tolist(), code.tolist(), strict=True)
    return [Mark(start, end, names[place]) for start, end, place in rows]


def hints_of(names: str) -> tuple[str, ...]:
    page = render(f'<i class="{names}">x</i>')
    return tuple(mark.tag for mark in reversed(marks(page)) if mark.tag.startswith("hint:"))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One\n two</p><p>Three", "One two\n\nThree"),
        ("<div>One</div><div>Two</div>", "One\nTwo"),
        ("One<br>Two<br><br>Three", "One\nTwo\n\nThree"),
        ("<ul><li>One<li>Two</ul>Three", "One\nTwo\n\nThree"),
        ("<b>O</b>ne <i>two</i>", "One two"),
        ("<a>Home</a><a>Sport</a>", "Home Sport"),
        ("<pre>a\n  b\n\nc</pre>", "a\n  b\n\nc"),
        ("<table><tr><th>Town<th>Votes<tr><td>Sallow<td>12</table>", "Town\tVotes\nSallow\t12"),
        ("<table><tr><td>Menu<td><p>One</p><p>Two</p></table>", "Menu\n\nOne\n\nTwo"),
        ("<p>Seen</p><p hidden>No</p><p style='display: none'>No</p>", "Seen"),
        ("<body><template>No</template><script>No</script><noscript>No</noscript><style>No</style>Seen", "Seen"),
        ("<template id=B:0></template>One<div hidden id=S:0>Two</div><p hidden id=S:0x>No</p>", "One\nTwo"),
        ("<p hidden id=S:>No</p><p hidden id=S:123456789>No</p><div hidden id=S:1f class=sr-only>No</div>Seen", "Seen"),
        ("<span class='sr-only'>Opens in a new window</span>Seen<!-- No -->", "Seen"),
        ("a&amp;b &lt;p&gt; &#x41;", "a&b <p> A"),
        ("", ""),
    ],
)
def test_text(html: str, text: str) -> None:
    assert render(html).text == text


def test_marks_stand_on_what_they_name() -> None:
    page = render(
        "<nav class='menu'><a href=/>Home</a></nav><article><h1>Title</h1>"
        "<div class='story-body'><p>One <a href=x>link</a>.</p><p>Two.</p></div>"
        "<div class='comments'><p>Well said.</p></div></article>"
    )
    found = {(mark.tag, page.text[mark.start : mark.end]) for mark in marks(page)}
    assert {
        ("nav", "Home"), ("hint:nav", "Home"), ("a", "Home"), ("h1", "Title"), ("p", "One link."), ("a", "link"),
        ("hint:body", "One link.\n\nTwo."), ("hint:comment", "Well said."),
        ("article", "Title\n\nOne link.\n\nTwo.\n\nWell said."),
    } <= found  # fmt: skip
    paths = [page.text[mark.start : mark.end] for mark in marks(page) if mark.tag.startswith("path:")]
    assert paths == ["Home", "Title", "One link.\n\nTwo.", "Well said."]


def test_paths_that_are_found_twice_have_one_name() -> None:
    codes = len(TAGS) + np.arange(4, dtype=np.int32)
    columns = np.array([codes, codes, codes], np.int32)
    found = html._marks(walk.Found("", columns, [7, 255, 7, 1], [], []))
    assert [found.names[code] for code in found.code] == [f"path:{path:08x}" for path in (7, 255, 7, 1)]
    assert len(set(found.names)) == len(found.names)


def test_paths_are_told_apart_however_many_there_are() -> None:
    paths = 20_000
    page = render("".join(f"<div class=c{number % paths}>x</div>" for number in range(2 * paths)))
    names = [mark.tag for mark in marks(page) if mark.tag.startswith("path:")]
    assert len(names) == 2 * paths and names[:paths] == names[paths:]


def test_a_cell_of_prose_stands_on_its_own() -> None:
    prose = "word " * 20
    assert render(f"<table><tr><td>Menu<td>{prose}<td>Date</table>").text == f"Menu\n{prose.strip()}\nDate"


def test_what_names_say() -> None:
    assert hints_of("ArticleBody__text") == ("hint:body",)
    assert hints_of("c-related-articles wrapper") == ("hint:related",)
    assert hints_of("photoCredit") == ("hint:credit",)
    assert hints_of("outBrain") == ("hint:ad",)
    assert hints_of("side-bar__entry title") == ("hint:sidebar",)
    assert hints_of("x1y2z3") == ()
    assert hints_of("promo Promo2 ad nav tag quote") == ("hint:promo", "hint:ad", "hint:nav", "hint:tags")
    assert hints_of("article-header-meta") == ("hint:meta",)
    assert hints_of("posted&nbsp;\u2003K\u0130CKER") == ("hint:date",)
    assert hints_of("\u212aicker l\u0130nkedin") == ("hint:kicker",)
    assert hints_of("x " * 16 + "ad") == hints_of("x" * 200 + " ad") == ()


_IN_NAMES = st.sampled_from(
    [
        "share",
        "Byline",
        "NAV",
        "ad",
        "Box",
        "figCaption",
        "related",
        "Posts",
        "author",
        "7",
        "42",
        "-",
        "__",
        ":",
        "x",
        "é",
        "Ü",
    ]
)


@settings(deadline=None)
@given(st.lists(_IN_NAMES, min_size=1, max_size=7).map("".join))
def test_words_of_short_names_are_those_of_long_ones(name: str) -> None:
    # Of more than 64 bytes a name is cut letter by letter; digits alone are no word, and in no whole name.
    assert hints_of(f"0-{name}") == hints_of(f"0-{name}-{'0' * 64}")


def test_the_names_of_an_entry_say_nothing_of_the_list_around_it() -> None:
    tags = [mark.tag for mark in marks(render("<ul class=menu><li class='menu ad'>x</ul>"))]
    assert tags == ["hint:nav", "ul", "hint:ad", "li", f"path:{_path('html.', 'body.', 'ul.menu', 'li.menu ad'):08x}"]


def _path(*tokens: str) -> int:
    return crc32("".join(tokens).encode())


@pytest.mark.parametrize("classes", ["é" * 300, "a&amp;b " * 40, "\u00a0x", ""])
def test_paths_are_checksums_of_names_and_the_first_200_characters_of_classes(classes: str) -> None:
    (mark,) = marks(render(f'<div class="{classes}">x</div>'))[-1:]
    kept = classes.replace("&amp;", "&")[:200]
    assert mark.tag == f"path:{_path('html.', 'body.', f'div.{kept}'):08x}"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a<script><!--<script></script>--></script>b", "ab"),
        ('<p>a<script type="ld+json"><!--<script></script>b</script>c-->d</script>e', "ac-->de"),
        ('<p>a<script type="ld+json"><!--><script></script>b', "ab"),
        ('<p>a<script type="ld+json"><!--<script>b</script>c', "a"),
        ("<xmp><p>&amp;</xmp><noframes></noframe></noframes>", "<p>&amp;\n\n</noframe>"),
        ("<b>a<plaintext></plaintext><p>&amp;", "a</plaintext><p>&amp;"),
        ("<svg><style><g></g><style></style></style><foreignObject><p>No</p></foreignObject></svg>Seen", "Seen"),
        ("<math><mi><svg><desc><p>No</p></desc></svg></mi></math>Seen", "Seen"),
        ('<p title="a>b" =c="d" e"f<g=1>Seen</p><!-- > --><?x > ?>', "Seen\n\n?>"),
        ('<x"y class=ad>a</x"y>b', "ab"),
        ("<p>a\r\nb&#13;c&nbsp; d\u3000e\x1ff&quot;&lt;", 'a b c d e f"<'),
        ("<pre>\n\na&#13;\n\n\n\nb\n</pre>c", "a\n\n\n\nb\n\nc"),
        ("<pre>a<!-- -->\n\n\n<!-- -->b</pre>", "a\n\nb"),
        ("<p class=subscriber-only hidden>One</p><p class='sr-only subscriber-only'>Two</p><h1 hidden>Three", None),
        ("<frameset><frame><noframes>One <b>two", "One <b>two"),
    ],
)
def test_what_html_cannot_be_cut_at_its_signs_for(html: str, text: str | None) -> None:
    assert render(html).text == ("One\n\nTwo\n\nThree" if text is None else text)


def test_an_itemprop_that_is_called_as_an_element_is_an_itemprop() -> None:
    page = render("<b itemprop=title>News</b><b itemprop=json>x</b><script>var title</script><title>Fog</title>")
    assert page.hints == {"title": "Fog"}


@pytest.mark.parametrize(("page", "times"), [(b"<p>a<b><p>b</b>c", 1), (b"<p>a<b><p>\xe9</b>c", 2), (b"<p>a", 1)])
def test_what_takes_the_parser_is_tried_once(page: bytes, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[bytes] = []

    def try_it(page: bytes) -> walk.Found | None:
        tried.append(page)
        return walk.walk_straight(page)

    monkeypatch.setattr(html, "walk_straight", try_it)
    assert extract_page(b"<!doctype html><meta charset=latin1>" + page).reject is not None
    assert len(tried) == times


def test_values_have_no_zeros_by_which_they_are_told_apart() -> None:
    page = render(
        "<title>a\0b</title><meta name='c\0' content='d\0e'><script type=ld+json>{\"@type\": \"f\0\"}</script>"
    )
    assert page.hints == {"title": "a\ufffdb", "meta": {"c\ufffd": ["d\ufffde"]}, "json_ld": [{"@type": "f\ufffd"}]}


def test_half_a_surrogate_pair_is_shown_as_a_question_mark() -> None:
    assert render("<p class=\ud800>a\udfffb").text == "a?b"


def test_a_page_reads_the_same_whatever_room_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    html = "".join(path.read_text("latin-1") for path in sorted((ROOT / "tests" / "html_pages").glob("*.html")))
    html += "<table><tr><td>a<td>" + "b<br>" * 99 + "<td>c</table>"
    once = render(html)
    monkeypatch.setattr(walk, "_ROWS", 3)
    again = render(html)
    assert (again.text, marks(again), again.hints) == (once.text, marks(once), once.hints)


def test_a_page_for_which_there_is_no_memory_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "_ROWS", 1 << 26)
    page = extract_page(b"<!doctype html><p>News")
    assert page.reject is not None and page.reject.reason == "too_large"
    monkeypatch.undo()
    assert render("<p>News").text == "News"


def test_names_mean_the_same_whatever_pages_were_read_before() -> None:
    long = "x" * 150
    page = "".join(
        f'<p class="{names}">{place}</p>'
        for place, names in enumerate(
            ("nav", "NavBar", "", f"{long} ad {long}", f"{long} sr-only", "col a b c d byline")
        )
    )
    before = marks(render(page))
    others = "".join(f"<p class=c{number} id=nav-{number}>x" for number in range(5_000))
    assert {mark.tag for mark in marks(render(others))} >= {"hint:nav"}
    assert marks(render(page)) == before
    assert "4" not in render(page).text and "hint:author" in {mark.tag for mark in before}


def test_memory_is_given_back_after_a_large_page() -> None:
    native = module("page")
    render("<p>" + "word " * 20_000_000)
    assert native._memory.data_len(native._store) > LARGEST
    render("<p>x")
    assert native._memory.data_len(native._store) < LARGEST


def test_a_page_that_needs_more_room_is_read_again() -> None:
    page = render("<p>a<b class=ad>b</b>" * 20_000)
    assert page.text == "\n\n".join(["ab"] * 20_000)
    assert sum(mark.tag == "hint:ad" for mark in marks(page)) == 20_000


def test_hints_hold_what_the_page_states() -> None:
    page = render(
        '<html lang="sv"><title>A | B</title><meta property="og:title" content="A"><meta name=date value=1997>'
        '<link rel=canonical href="https://b.example/a"><script type="application/ld+json">'
        '{"@type":"NewsArticle","headline":"A","wordCount":7,"articleBody":"long",}</script>'
        "<span itemprop=author><i itemprop=name>Ada Quill</i></span><time datetime=2020-01-02>2 Jan</time>"
    )
    assert page.hints == {
        "language": "sv",
        "title": "A | B",
        "canonical": "https://b.example/a",
        "meta": {"og:title": ["A"], "date": ["1997"]},
        "json_ld": [{"@type": "NewsArticle", "headline": "A"}],
        "items": {"author": ["Ada Quill"], "author_name": ["Ada Quill"]},
        "times": [["2020-01-02", 9]],
    }


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (b"<meta charset=windows-1251>", "windows-1251"),
        (b'<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=Shift_JIS">', "Shift_JIS"),
        (b'<?xml version="1.0" encoding="iso-8859-1"?><html>', "iso-8859-1"),
        (b"<meta charset=utf-16>", "utf-8"),
        (b"<p>charset=koi8-r</p>", None),
        (b" " * 2000 + b"<meta charset=koi8-r>", None),
    ],
)
def test_declared_encoding(head: bytes, encoding: str | None) -> None:
    assert declared_encoding(head) == encoding


@pytest.mark.parametrize(
    ("label", "text", "codec"),
    [
        ("tis-620", "ข่าว — วันนี้ …", "cp874"),
        ("windows-874", "ข่าว “วันนี้”", "cp874"),
        ("x-sjis", "①新聞", "cp932"),
        ("gb2312", "新聞 鎔", "gb18030"),
        ("latin1", "“quoted” – café", "cp1252"),
    ],
)
def test_labels_of_encodings_mean_what_browsers_read(label: str, text: str, codec: str) -> None:
    head = f"<meta charset={label}><p>".encode()
    page = extract_page(head + text.encode(codec), "text/html")
    assert page.document is not None and (page.document.text, page.document.encoding) == (text, codec)


def test_a_lie_about_the_encoding_does_not_win_over_strict_utf_8() -> None:
    content = "<meta charset=iso-8859-1><p>Größe</p>".encode()
    found = decode(content, declared_encoding(content))
    assert isinstance(found, Decoded) and render(found.text).text == "Größe"


HOSTILE = {
    "deep": "<div>" * 100_000 + "text",
    "deep with text": "<div>a " * 20_000,
    "nested tables": "<table><tr><td>" * 20_000 + "x",
    "misnested": "<p><b><i><u><a>" * 10_000 + "x",
    "long attribute": '<p class="' + "a " * 500_000 + '">text</p>',
    "many attributes": "<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">text</p>",
    "many classes": "".join(f'<p class="c{n}">x</p>' for n in range(20_000)),
    "entities": "&amp;" * 200_000,
    "nul": "a\0b<p>c\0",
    "open comment": "<!--" + "x" * 500_000,
    "signs": "<" * 200_000,
    "deep JSON": '<script type="application/ld+json">' + "[" * 50_000 + "</script><p>x",
    "JSON of authors": '<script type="application/ld+json">{' + '"author":' * 50_000 + "</script><p>x",
    "JSON of quotes": '<script type="application/ld+json">{"headline":"' + '\\"' * 200_000 + "</script><p>x",
    "huge number": '<script type="application/ld+json">{"headline":' + "9" * 5_000 + "}</script><p>x",
    "cells": "<table>" + "<tr><td>a<td>b" * 10_000,
    "one line": "x " * 500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_take_little_time(name: str) -> None:
    began = time.process_time()
    page = render(HOSTILE[name])
    assert time.process_time() - began < 3
    assert all(0 <= mark.start < mark.end <= len(page.text) for mark in marks(page))


_PIECES = st.sampled_from(
    ["<p>", "</p>", "<div class=nav>", "</div>", "<table>", "<tr>", "<td>", "</table>", "<pre>", "</pre>", "<br>",
     "<a href=x>", "</a>", "<script>", "</script>", "<li>", "<h1>", "</h1>", "<!--", "-->", "<time datetime=2020>",
     "&amp;", "&#0;", "<b itemprop=author>", "</b>", "\n", "  ", "word", "Ünïcödé 語", "\u00a0", "<", ">",
     "<svg>", "</svg>", "<template>"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=40).map("".join))
def test_any_markup_gives_trimmed_text_and_marks_within_it(html: str) -> None:
    page = render(html)
    assert page.text == page.text.strip("\n\t")
    # What is set in lines of its own keeps its blank ones.
    assert "<pre>" in html or "\n\n\n" not in page.text.replace(" ", "")
    starts = [mark.start for mark in marks(page)]
    assert starts == sorted(starts)
    for mark in marks(page):
        assert 0 <= mark.start < mark.end <= len(page.text)
        assert not page.text[mark.start].isspace() or "<pre>" in html


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(exclude_characters="<>&", exclude_categories=("Cs", "Cc")), max_size=80))
def test_text_without_markup_keeps_its_words(text: str) -> None:
    assert render(f"<p>{text}</p><script>hidden()</script>").text.split() == text.split()


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab\u00e9語😀&<>\x7f\x1c\x85 \t\n\u00a0\u2003\u3000"), max_size=80))
def test_words_of_a_line_stand_a_space_apart(text: str) -> None:
    assert render(f"<p>{escape(text)}").text == " ".join(text.split())


_SEEN = st.sampled_from(["<p>", "</p>", "<div>", "</div>", "<b>", "<td>", "<table>", "<pre>", "seen", " ", "\n\n\n"])
_HIDDEN = st.sampled_from(
    ["<p hidden>{}</p>", "<p style='DISPLAY : NONE'>{}</p>", "<b class='x sr-only'>{}</b>", "<script>{}</script>",
     "<script type=application/ld+json><!--<script>{}</script>--></script>", "<svg><style>{}</style></svg>",
     "<title>{}</title>", "<select><option>{}</select>", "<noscript><b>{}</b></noscript>", "<video><b>{}</b></video>",
     "<template><b>{}</b></template>", "<iframe>{}</iframe>", "<!-- {} -->", "<p title='{}'></p>"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(_SEEN | _HIDDEN.map(lambda markup: markup.format("unseen &lt;b>")), max_size=25).map("".join))
def test_what_nobody_sees_is_no_text(html: str) -> None:
    page = render(f"<body>{html}")
    assert "unseen" not in page.text
    assert page.text.count("seen") == html.count("seen") - html.count("unseen")


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=40).map("".join))
def test_every_line_has_one_path(html: str) -> None:
    page = render(html)
    paths = [mark for mark in marks(page) if mark.tag.startswith("path:")]
    assert " ".join(page.text[mark.start : mark.end] for mark in paths).split() == page.text.split()
    assert all(one.end <= other.start for one, other in pairwise(paths))
    assert all(one.tag != other.tag for one, other in pairwise(paths))
