"""The head of a page: headline, deck, kicker, byline and dates. All lines are invented."""

import numpy as np
import pytest

from broadsheet.articles import choose_dates, dateline_of
from broadsheet.labelling.headlines import content_stems
from broadsheet.labelling.labels import label_page
from broadsheet.labelling.state import Labels, PageLines
from broadsheet.records import Document, Source

BODY = [
    "The harbour board voted on Tuesday to close the old pier, after divers found that its oak piles had rotted.",
    "Fishermen who moor at the pier said that the board had promised in spring to repair the piles by winter.",
    "The board will now ask three builders what a new pier would cost, and whether it could stand by next summer.",
    "Until then the ferry lands at the quay behind the market, which is open to all ships at any hour of the day.",
]
HEADLINE = "Harbour board closes old pier over rotten oak piles"


def read(lines: list[str], furniture: tuple[str, ...] = ()) -> Labels:
    """Labels of a page of which the lines of BODY are what the model takes for body."""
    scores = np.array([0.95 if line in BODY else 0.05 for line in lines], np.float32)
    repeated = np.array([line in furniture for line in lines], bool)
    return label_page(PageLines(lines, scores, scores > 0.5, repeated))


def labelled(lines: list[str], label: str, furniture: tuple[str, ...] = ()) -> list[str]:
    labels = read(lines, furniture).labels
    return [line for line, given in zip(lines, labels, strict=True) if given == label]


def published(lines: list[str], document: Document, source: Source | None = None) -> str | None:
    labels = read(lines)
    value, _ = choose_dates(lines, labels, source or Source("valley"), document)
    return value.local.isoformat() if value else None


@pytest.fixture
def document() -> Document:
    return Document(
        document_id="0", source="valley", raw_path="valley/a.txt", raw_record=0, raw_member=None, raw_sha256="0",
        raw_bytes=0, media_type="text/plain", encoding="utf-8", url=None, retrieved_at=None, text="", marks=(),
        hints=None,
    )  # fmt: skip


def test_headline_among_menu_and_deck() -> None:
    lines = [
        "Valley Courier", "• News", "• Sport", "• Weather", "Harbour", HEADLINE,
        "Ferry passengers have to walk round by the market from now on", "By Ada Quill", "3 May 2021", *BODY,
    ]  # fmt: skip
    assert labelled(lines, "headline") == [HEADLINE]
    assert labelled(lines, "byline") == ["By Ada Quill"]
    assert labelled(lines, "date_published") == ["3 May 2021"]
    assert labelled(lines, "description") == [lines[6]]


def test_headline_after_its_trail_of_links() -> None:
    lines = ["Home » Harbour » " + HEADLINE, HEADLINE, "By Ada Quill", *BODY]
    assert labelled(lines, "headline") == [HEADLINE]


def test_no_headline_where_none_is_printed() -> None:
    assert labelled(BODY, "headline") == []
    assert labelled(["Menu", "Search", *BODY], "headline") == []


def test_repeated_lines_are_no_headline() -> None:
    motto = "The paper of the harbour, printed every Friday"
    assert labelled([motto, *BODY], "headline", (motto,)) == []


def test_a_date_far_above_is_the_day_of_the_print(document: Document) -> None:
    lines = [
        "Friday, 14 May 2021", "• News", "• Sport", "• Weather", "Harbour", "Pictures", HEADLINE, "By Ada Quill",
        "3 May 2021", *BODY,
    ]  # fmt: skip
    assert published(lines, document) == "2021-05-03T00:00:00"
    assert published([line for line in lines if line != "3 May 2021"], document) is None


def test_a_lead_word_comes_before_the_first_date(document: Document) -> None:
    lines = [HEADLINE, "Updated 5 May 2021, 10:00", "Published 3 May 2021, 09:30", *BODY]
    assert published(lines, document) == "2021-05-03T09:30:00"


def test_dates_of_teasers_below_are_not_the_articles(document: Document) -> None:
    lines = [HEADLINE, "By Ada Quill", *BODY, "Related", "Ferry runs aground", "9 May 2021"]
    assert published(lines, document) is None


def test_order_of_day_and_month_is_the_sources(document: Document) -> None:
    lines = [HEADLINE, "03/04/2021", *BODY]
    assert published(lines, document) is None
    assert published(lines, document, Source("valley", date_order="day_month")) == "2021-04-03T00:00:00"


@pytest.mark.parametrize(
    ("head", "byline"),
    [
        (["By", "Ada Quill", ",", "Bo Ekström", "3 May 2021"], ["By", "Ada Quill", "Bo Ekström"]),
        (["Ada Quill", "3 May 2021"], ["Ada Quill"]),
        (["Ada Quill - 3 May 2021"], ["Ada Quill - 3 May 2021"]),
        (["3 May 2021 by Ada Quill"], ["3 May 2021 by Ada Quill"]),
        (["Ada Quill, Senior Reporter"], ["Ada Quill, Senior Reporter"]),
        (["(nk)", "3 May 2021"], ["(nk)"]),
    ],
)
def test_bylines(head: list[str], byline: list[str]) -> None:
    assert labelled([HEADLINE, *head, *BODY], "byline") == byline


def test_whom_the_article_tells_of_is_not_its_author() -> None:
    lines = ["Mayor Ada Quill closes old pier over rotten oak piles", "Ada Quill", "3 May 2021", *BODY]
    assert labelled(lines, "byline") == []


def test_a_name_after_the_body_with_its_biography_is_the_author() -> None:
    lines = [HEADLINE, *BODY, "Ada Quill", "Ada Quill is a reporter on the coast."]
    assert labelled(lines, "byline") == ["Ada Quill"]


def test_bylines_of_teasers_are_left() -> None:
    lines = [HEADLINE, "By Ada Quill", *BODY, "Ferry runs aground off the mole in fog", "By Bo Ekström"]
    assert labelled(lines, "byline") == ["By Ada Quill"]


def test_stems_meet_across_endings_and_scripts() -> None:
    assert content_stems("Harbours") & content_stems("harbour's")
    assert content_stems("항구의") & content_stems("항구를")
    assert content_stems("港口关闭") & content_stems("关闭港口")


def test_dateline() -> None:
    assert dateline_of("PORT LANNING, June 2 (VNA) — The pier is closed.") == "PORT LANNING, June 2"
    assert dateline_of("The pier is closed.") is None
