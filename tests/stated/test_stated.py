"""What a page states of itself: headline, dates, authors, and what is plainly wrong."""

import json
from datetime import datetime

import pytest

from broadsheet.dates import DateValue
from broadsheet.records import Mark
from broadsheet.stated import joined, not_after, read_stated
from broadsheet.stated.times import read_time


def stated(heading: str = "", **hints: object) -> object:
    marks = [Mark(0, len(heading), "h1")] if heading else []
    return read_stated(hints, heading, marks)


def article(**terms: object) -> list[dict]:
    return [{"@type": "NewsArticle", **terms}]


@pytest.mark.parametrize(
    ("hints", "heading", "headline"),
    [
        ({"title": "Bridge opens | The Tarn Post", "meta": {"og:site_name": ["The Tarn Post"]}}, "", "Bridge opens"),
        ({"title": "Bridge opens - tarnpost.example", "canonical": "https://tarnpost.example/x"}, "", "Bridge opens"),
        ({"title": "Bridge opens – at last"}, "", "Bridge opens – at last"),
        ({"title": "The Tarn Post", "meta": {"og:site_name": ["The Tarn Post"]}}, "", None),
        ({"meta": {"og:title": ["{{title}}"]}, "title": "Bridge opens"}, "", "Bridge opens"),
        ({"json_ld": article(headline="Bridge &amp; tunnel open")}, "", "Bridge & tunnel open"),
        ({"title": "Bridge opens late", "meta": {"og:title": ["Bridge opens late"]}}, "The Tarn", "Bridge opens late"),
        ({"title": "Old bridge opens: what to know", "meta": {"og:title": ["Old bridge opens at last"]}},
         "Old bridge opens at last", "Old bridge opens at last"),
        ({"record": {"headline": "As recorded"}, "title": "As titled"}, "", "As recorded"),
    ],
)  # fmt: skip
def test_headline(hints: dict, heading: str, headline: str | None) -> None:
    assert stated(heading, **hints).headline == headline


@pytest.mark.parametrize(
    ("hints", "authors"),
    [
        ({"json_ld": article(author={"@type": "Person", "name": "Ada Quill"})}, ("Ada Quill",)),
        ({"json_ld": [*article(author=[{"@id": "#a"}]), {"@id": "#a", "name": "Ada Quill"}]}, ("Ada Quill",)),
        ({"meta": {"author": ["By Ada Quill and Ben Stone"]}}, ("Ada Quill", "Ben Stone")),
        ({"meta": {"author": ["admin"], "dc.creator": ["Ada Quill"]}}, ("Ada Quill",)),
        ({"meta": {"article:author": ["https://social.example/ada"]}}, ()),
        ({"meta": {"author": ["The Tarn Post"], "og:site_name": ["The Tarn Post"]},
          "items": {"rel_author": ["Ada Quill"]}}, ("Ada Quill",)),
    ],
)  # fmt: skip
def test_authors(hints: dict, authors: tuple[str, ...]) -> None:
    assert stated(**hints).authors == authors


def test_an_agency_counts_only_where_nobody_else_is_named() -> None:
    found = stated(json_ld=article(author={"@type": "Organization", "name": "Northern Press Agency"}))
    assert found.authors == () and found.anyone == ("Northern Press Agency",)


@pytest.mark.parametrize(
    ("text", "local", "utc"),
    [
        ("2020-01-02T03:04:05+01:00", "2020-01-02T03:04:05", "2020-01-02T02:04:05"),
        ("2020-01-02T03:04Z", "2020-01-02T03:04:00", "2020-01-02T03:04:00"),
        ("2020-01-02 03:04:05", "2020-01-02T03:04:05", None),
        ("2020-01-02", "2020-01-02T00:00:00", None),
        ("Thu, 02 Jan 2020 03:04:05 GMT", "2020-01-02T03:04:05", "2020-01-02T03:04:05"),
        ("1577934245", "2020-01-02T03:04:05", "2020-01-02T03:04:05"),
        ("1577934245000", "2020-01-02T03:04:05", "2020-01-02T03:04:05"),
    ],
)
def test_times(text: str, local: str, utc: str | None) -> None:
    found = read_time(text)
    assert found is not None
    assert found.local.isoformat() == local and (found.utc and found.utc.isoformat()) == utc


@pytest.mark.parametrize("text", ["1970-01-01T00:00:00Z", "0001-01-01", "2020-13-45", "soon", "", "9" * 50])
def test_no_time(text: str) -> None:
    assert read_time(text) is None


def value(local: str, utc: str | None = None, precision: str = "minute") -> DateValue:
    return DateValue(datetime.fromisoformat(local), precision, datetime.fromisoformat(utc) if utc else None, local)


def test_a_printed_time_wins_and_the_stated_one_gives_its_zone() -> None:
    found = joined(value("2020-01-02T19:15", "2020-01-02T19:15"), value("2020-01-02T20:15"))
    assert found == value("2020-01-02T20:15", "2020-01-02T19:15")
    found = joined(value("2020-01-02T20:10", "2020-01-02T19:10"), value("2020-01-02T20:17"))
    assert found == value("2020-01-02T20:17", "2020-01-02T19:17")


def test_far_from_each_other_the_stated_time_counts() -> None:
    one, other = value("2020-01-02T19:15", "2020-01-02T19:15"), value("2020-01-05T20:15")
    assert joined(one, other) == one
    assert joined(None, other) == other and joined(one, None) == one


def test_a_day_alone_takes_no_time_from_what_is_stated() -> None:
    one = value("2020-01-02T19:15", "2020-01-02T19:15")
    assert joined(one, value("2020-01-02", None, "day")) == one


def test_no_date_after_the_retrieval() -> None:
    retrieved = datetime.fromisoformat("2020-01-02T00:00:00+00:00")
    assert not_after(value("2020-01-03T00:00"), retrieved) is None
    assert not_after(value("2020-01-02T10:00"), retrieved) is not None


@pytest.mark.parametrize(
    "hints", ["[]", "{}", '{"json_ld": 7, "meta": [], "items": {"author": 3}, "times": 1}', "null"]
)
def test_hints_of_the_wrong_shape_state_nothing(hints: str) -> None:
    assert read_stated(json.loads(hints)).headline is None


def test_a_headline_is_punctuated_as_titles_write_it() -> None:
    text = "Harbour strike Ferries stay tied up"
    marks = [Mark(0, len(text), "h1")]
    titles = {
        "og:title": ["Harbour strike: Ferries stay tied up"],
        "twitter:title": ["Harbour strike: Ferries stay tied up"],
    }
    assert read_stated({"meta": titles}, text, marks).headline == "Harbour strike: Ferries stay tied up"
    # Quotation marks are those that readers see.
    text = "Mayor says ‘never again’"
    titles = {"og:title": ["Mayor says 'never again'"], "twitter:title": ["Mayor says 'never again'"]}
    assert read_stated({"meta": titles}, text, [Mark(0, len(text), "h1")]).headline == text


@pytest.mark.parametrize(
    ("shared", "headline"),
    [
        ("Old pier closes to the ferry", "Old pier closes to the ferry"),
        ("Old pier closes", "Ports: Old pier closes to the ferry"),
        ("Ports: Old pier closes to the ferry", "Ports: Old pier closes to the ferry"),
        ("“?”", "Ports: Old pier closes to the ferry"),
    ],
)
def test_a_kicker_before_the_headline_is_known_by_the_title_to_share(shared: str, headline: str) -> None:
    whole = "Ports: Old pier closes to the ferry"
    found = stated(whole, title=whole, json_ld=article(headline=whole), meta={"og:title": [shared]})
    assert found.headline == headline


def test_words_that_only_the_heading_lacks_are_no_kicker() -> None:
    whole = "After the storm: Old pier closes to the ferry"
    meta = {"og:title": [whole], "twitter:title": [whole]}
    found = stated("Old pier closes to the ferry", title=whole, json_ld=article(headline=whole), meta=meta)
    assert found.headline == whole


def test_a_line_that_stands_in_the_title_is_the_headline_of_a_page_without_headings() -> None:
    hints = {"title": "The Pellworth Weekly - Swan stops mill wheel"}
    text = "The Pellworth Weekly\nFront page\nSwan stops mill wheel\nBy Gideon Farr"
    assert read_stated(hints, text).headline == "Swan stops mill wheel"
    assert read_stated(hints, "Farming\nBy Gideon Farr").headline == "The Pellworth Weekly - Swan stops mill wheel"
