"""Pages that are written without a tree: byte for byte what the parser makes of them, or not at all."""

import random
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.readers import html as reader
from broadsheet.readers.html import parsed
from broadsheet.readers.straight import written, written_of_bytes
from tests.conftest import ROOT

PAGES = {
    path.stem: path.read_text("utf-8", "replace") for path in sorted((ROOT / "tests" / "html_pages").glob("*.html"))
}
# One or more for each rule that decides what is written.
TOLD = {
    "nothing": "",
    "document types": "<!doctype HTML SYSTEM 'x'><!DOCTYPE a><p>x",
    "no name": "<!doctype>x",
    "before the root": " <!-- a --> </p></br>x",
    "before the head": "<html> <!-- a --></div><head>",
    "late for the head": "<head></head> <!-- a --> <meta a><script>x</script><title>y</title> <body>z",
    "no body": "<title>x</title>",
    "what ends a head": "<head> a<meta>",
    "script in a head": '<head><noscript><link><style>a</style> <!-- b --></noscript><noscript><img></noscript>x',
    "a second root": "<html a=1><body c=3>x<html a=2 b='\"'><body c=4 d=5><p><html b e><body f>y",
    "behind the body": "<p>a</body> <!-- b --> </html> <!-- c --> <p>d</body><!-- e --></html>f",
    "comments": "<!--><!---><!----><!--a--!><!--<!--><!--a--b--><!-- > --><!--!-->x<!---!--><!--<!-->",
    "odd comments": "<p></ a><!a><![CDATA[a]]><?xml a?><?1><!>b",
    "attributes": "<p A=1 a=2 b c='\"' d=<> e==f =g \"h\" i/j / k = 'l' m=\">\" \u00e9=\u00e9\u00a0 "
    "n=&lt&amp;&copy=&copy&#39;o>x",
    "attributes of ends": "<div><p a='>'>x</div b='>'>y",
    "letters": "<DIV><A HREF=X>x</a></Div><x-Y>z</X-y>",
    "signs": "a<b < 3 > 2 <3 && &amp;amp; \u00a0 &nbsp;\u00c2\u00c3",
    "references": "&eacute&eacute;&copyx&#65&#x41;&#x80;&#0;&#xD800;&#1114112;&#;&#x;&;&x &thetasym;&apos;&#10;",
    "raw text": "<title>a&lt;<b></TITLE ><textarea>\n\n<p>&amp;</textarea><xmp><b>&amp;</xmp><noframes>&lt;</noframes>",
    "scripts": "<script><!--<script></script>--></script>a<script><!--></script>b<script></scriptx></script/>c",
    "data": '<script type="x LD+Json"><b>&amp;</script><script type=ld+json><!--<script></script></script>x',
    "preformatted": "<pre>\n\na</pre><pre>\n<b>b</b></pre><pre><style></style>\n</pre>"
    "<listing>\n</listing><pre>\n</pre>c",
    "formatting in preformatted": "<p><b>x<pre>\ny</pre><p><i>x<pre>\n</pre>",
    "paragraphs": "<p>a<div>b<p>c</div>d</p>e<p><button><p>f</button><p>g<h1>h<h2>i</h3>j",
    "a table in a paragraph": "<!doctype html><p>a<table><tr><td>b</table>c",
    "a table in a paragraph of old": "<p>a<table><tr><td>b</table>c",
    "a table by identifier": '<!doctype html public "-//W3C//DTD HTML 4.01 Transitional//EN"><p>a<table><td>b</table>',
    "lists": "<ul><li>a<ul><li>b</ul><li>c<div><li>d</ul><dl><dt>e<dd>f<dt>g</dl><li><p>h</li>i",
    "options": "<select><optgroup><option>a<option>b<optgroup>c<hr><select>d<option>e<option>f",
    "ruby": "<ruby>a<rt>b<rp>c<rb>d<rtc>e<rt>f</ruby>g",
    "forms": "<form><div><form>a</form>b</div>c<form>d<table><form><tr><td><form>e</form></table></form>f",
    "links": "<a>b<a>c</a></a><p><a>d<p>e<a>f",
    "formatting": "<p><b><i>a</b>b</i>c<p><b>d<p>e</b>f<b><b><b><b><b>g</b>h</div><font a=1>i<font a=2>",
    "three are enough": "<p><b a=1><b a=1><b a=1><b a=1><b a=1>x<p>y",
    "no break": "<nobr>a<nobr>b</nobr></nobr>c",
    "marked": "<b><object>a</b>b</object>c</b><marquee><i>d</marquee>e",
    "inputs": "<select><input>a<button><button><image>b",
    "ends of nothing": "</div></b></li></h1></form></object></br></option></x></p>a",
    "tables": "<table> <caption>a<b>b<col><col><colgroup> <col></colgroup>"
    "<tr><th>c<td>d<tr><td>e<tbody><td>f<thead><tr><td>g<table><td>h</table>i</table>j",
    "odd tables": "<table><tr></td></tbody><td></table></tr></td></tbody></caption></table><table><table><tr><table>",
    "in tables": "<table><script></script><input type=HIDDEN><tr><style></style><template></template><!-- a --></b>",
    "a select in a table": "<table><tr><td><select><option>a<tr><td>b</select>c",
    "drawings": "<p><b>a<svg><title>x</title><g><style><a></g></svg>b</b><svg/>c"
    "<div><svg><g></div>d<svg><![CDATA[</svg>]]>",
    "formulas": "a<math><mi>b</mi><mo>x</math>c</math>",
    "templates": "<b>a<template><td>b<template></template></p></template>c</b><template><form></template><form>d",
    "what scripts replace": "<noscript><div>a<b></noscript>b</div>c<noscript><p>d</noscript>e<iframe><p></iframe>f",
    "what breaks off": "<p>a<b title='",
    "a script that breaks off": "<p>a<script>b</scrip",
    "signs at the end": "<p>a<",
    "no mark of encoding": "\ufeff<p>a",
}  # fmt: skip
# One for each reason to leave a page to the parser.
LEFT = {
    "a return": "a\rb", "nothing written": "a\0b", "half a pair": "a\ud800",
    "a rare name": "&CounterClockwiseContourIntegral;",
    "no name": "&unknown;", "an instruction": "<?php a?>", "an open comment": "<!-- a", "an open title": "<title>a",
    "an end without a name": "a</>b", "many attributes": "<p " + " ".join(f"a{n}" for n in range(200)) + ">",
    "many bodies": "".join(f"<body a{n}>" for n in range(9)), "frames": "<frameset><frame>",
    "plain text": "<plaintext>a",
    "an element in a drawing": "<svg><p>a", "a point of a drawing": "<svg><desc><b>a",
    "a block in formatting": "<b><p>a</b>b", "text in a table": "<table>a<tr>", "an element in a table": "<table><b>a",
    "a paragraph's end in a table": "<table></p>", "depth": "<div>" * 300, "expansion": "&" * 200_000,
    "many notes": "</body>" + "<!-- a -->" * 99, "an unknown type": "<!doctype html x><p><table>",
    "a reference to a newline": "<pre>&#10;a", "a reference in a type": "<script type='&#108;d+json'>a</script>",
}  # fmt: skip


@pytest.mark.parametrize("name", TOLD)
def test_what_is_told_is_what_the_parser_says(name: str) -> None:
    assert written(TOLD[name]) == parsed(TOLD[name])


@pytest.mark.parametrize("name", LEFT)
def test_what_is_left_to_the_parser(name: str) -> None:
    assert written(LEFT[name]) is None


@pytest.mark.parametrize("name", PAGES)
def test_golden_pages_are_told(name: str) -> None:
    assert written(PAGES[name]) == parsed(PAGES[name])


_UTF8_OR_NOT = st.lists(
    st.sampled_from(
        [0x41, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5]
    )
    | st.integers(1, 255).filter(lambda value: value not in b"\r<&"),
    max_size=40,
).map(bytes)


@settings(max_examples=500)
@given(
    _UTF8_OR_NOT
    | st.text(st.characters(exclude_characters="\0\r<&"), max_size=60).map(
        lambda text: text.encode("utf-8", "surrogatepass")
    )
)
def test_bytes_are_taken_for_utf8_where_python_does(page: bytes) -> None:
    try:
        expected = written(page.decode())
    except UnicodeDecodeError:
        expected = None
    assert written_of_bytes(page) == expected


def test_the_first_pages_of_a_process_are_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    monkeypatch.setattr(reader, "_pages", iter(range(3)))
    monkeypatch.setattr(reader, "_FEW", 2)
    monkeypatch.setattr(reader, "written", lambda html: told.append(html))
    pages = ["<p>a", "<p>b", "<p>c"]
    assert [reader._seen(page) for page in pages] == list(map(parsed, pages))
    assert told == ["<p>c"]


def same(html: str) -> bool:
    """Whether a page is written; that it is then what the parser says is asserted."""
    found = written(html)
    assert found is None or found == parsed(html), html[:500]
    return found is not None


_NAMES = (
    "a abbr address applet article b base body br button caption center code col colgroup dd desc details div dl dt em"
    " embed font foreignObject form frame frameset g h1 h2 head hr html i iframe image img input li link listing main"
    " marquee math meta mi nobr noembed noframes noscript object ol optgroup option p param plaintext pre rb rp rt rtc"
    " ruby s script section select selectedcontent small span style svg table tbody td template textarea tfoot th thead"
    " title tr ul wbr xmp x-y DIV P sVg"
)
_ELEMENTS = _NAMES.split()
_ATTRIBUTES = (
    "a=1", "A='2'", 'b="&amp;&copy=1&lt"', "hidden", "type=hidden", "type=application/LD+json", 'c="<>\u00a0"', "=d",
    '"e"', "/", "f=/", "g=\">\"", "h = i", "color=red", "\u00e9=\u00e9",
)  # fmt: skip
_TEXTS = (
    "word", " ", "\n", "\n\n", " a ", "\t", "\x0c", "&nbsp;", "\u00a0", "&#10;", "&#32;", "&#x80;", "&amp;", "&copyx",
    "&unknown;",
    "&notit;", "&", "&#", "<", "< a", ">", "</", "<a", "<!", "\u8a9e", "\U0001f600", "\x01", "\ufeff", "\"", "'",
)  # fmt: skip
_MARKUP = (
    "<!-- a -->", "<!-->", "<!--a--!>", "<!--", "<![CDATA[a<b>]]>", "<?xml a?>", "<?php a?>", "<!doctype html>", "<!a>",
    "</ a>", "</>", "<script><!--<script></script>--></script>", "<script type=ld+json><b></script>",
    "<title>a&lt;</title>",
    "<textarea>\n\na</textarea>", "<pre>\n\na", "<table><tr><td>a", "<svg><title>a</title><g></svg>",
    "<math><mi>a</mi></math>",
    "<noscript><img></noscript>", "<template><td>a</template>", "<table><form><tr><td></form>",
    "<form><div></form>a</div>",
    "<b><i>a</b>b</i>", "<p><b>a<p>b", "<a>b<a>c", "<ul><li>a<li>b</ul>", "<select><option>a<option>b</select>",
)  # fmt: skip
_starts = st.builds(
    lambda name, attributes, end: f"<{' '.join([name, *attributes])}{end}>",
    st.sampled_from(_ELEMENTS),
    st.lists(st.sampled_from(_ATTRIBUTES), max_size=3),
    st.sampled_from(["", "", "", "/", " "]),
)
_ends = st.sampled_from(_ELEMENTS).map(lambda name: f"</{name}>")
_pieces = st.one_of(_starts, _ends, st.sampled_from(_TEXTS), st.sampled_from(_MARKUP))


@settings(max_examples=1500, deadline=None)
@given(st.lists(_pieces, max_size=30).map("".join))
def test_any_markup_is_written_as_the_parser_says(html: str) -> None:
    same(html)


@settings(max_examples=1500, deadline=None)
@given(
    st.sampled_from(
        ["", "<p>", "<p a=", "<script>", "<title>", "<pre>", "<svg>", "<!--", "<!doctype ", "<table>", "</"]
    ),
    st.text(alphabet=st.sampled_from("<>/!-?=\"'&#;xa[]T \n\u00c2\u00a0"), max_size=30),
    st.sampled_from(["", "</script>", "</title>", "-->", '">', "'>", ">", "</svg>a"]),
)
def test_any_signs_are_written_as_the_parser_says(start: str, signs: str, end: str) -> None:
    same(start + signs + end)


def _changed(pieces: list[str], others: list[str], choose: random.Random) -> str:
    """A page with a few of its tags and texts dropped, doubled, moved, cut or replaced."""
    changed = list(pieces)
    for _ in range(choose.choice([1, 1, 2, 4, 12])):
        place, other = choose.randrange(len(changed)), choose.randrange(len(changed))
        what = choose.randrange(8)
        if what == 0 and len(changed) > 2:
            del changed[place]
        elif what == 1:
            changed.insert(place, choose.choice(others))
        elif what == 2:
            changed.insert(other, changed[place])
        elif what == 3:
            changed[place], changed[other] = changed[other], changed[place]
        elif what == 4:
            changed[place] = changed[place][: choose.randint(0, len(changed[place]))]
        elif what == 5:
            changed[place] = changed[place].swapcase()
        elif what == 6:
            part = changed[place : place + 12]
            choose.shuffle(part)
            changed[place : place + 12] = part
        else:
            middle = choose.randint(0, len(changed[place]))
            changed[place] = changed[place][:middle] + choose.choice("<>&\"'/ =!\n") + changed[place][middle:]
    html = "".join(changed)
    return html[: choose.randint(0, len(html))] if choose.random() < 0.1 else html


@pytest.mark.parametrize("seed", range(8))
def test_changed_pages_are_written_as_the_parser_says(seed: int) -> None:
    choose = random.Random(seed)
    pages = [re.findall(r"<[^>]*>|[^<]+|<", html) for html in PAGES.values()]
    others = [*_MARKUP, *_TEXTS, *(f"<{name}>" for name in _ELEMENTS), *(f"</{name}>" for name in _ELEMENTS)]
    told = sum(same(_changed(choose.choice(pages), others, choose)) for _ in range(250))
    assert told > 125


HOSTILE = {
    "deep": "<div>" * 100_000 + "a",
    "one tag": "<" + "a" * 5_000_000 + ">",
    "one attribute": '<p a="' + "b " * 2_000_000 + '">c',
    "attributes": "<p " + " ".join(f"a{n}" for n in range(500_000)) + ">b",
    "attributes alike": ("<p " + " ".join(f"a{n:05d}a" for n in range(99)) + ">") * 2_000,
    "formatting": "<p><b a='" + "b" * 500_000 + "'>" + "</p>a<p>" * 50_000,
    "formatting unseen": "<noscript><p><b a='" + "b" * 500_000 + "'>" + "</p>a<p>" * 50_000,
    "bodies": "<body a='" + "b" * 500_000 + "'>" + "<body a=1>" * 50_000,
    "scripts": "<script>" + "<!--<script" * 300_000,
    "raw text": "<xmp>" + "</xm" * 1_000_000,
    "hyphens": "<!--" + "-" * 5_000_000 + "x-->",
    "signs": "<" * 2_000_000,
    "digits": "&#" + "9" * 5_000_000,
    "names": "&" + "a" * 5_000_000,
    "ends": "<span>" * 200 + "</i>" * 300_000,
    "cells": "<table>" + "<tr><td>" * 100_000,
    "sections": "<svg><![CDATA[" + "]" * 2_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_take_little_time(name: str) -> None:
    began = time.process_time()
    written(HOSTILE[name])
    assert time.process_time() - began < 1
