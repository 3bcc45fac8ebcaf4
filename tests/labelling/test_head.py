"""The head of a page: headline, deck, kicker, byline and dates. All lines are invented."""

import numpy as np
import pytest

from broadsheet.articles import choose_dates, dateline_of, find_bylines
from broadsheet.labelling.headlines import content_stems
from broadsheet.labelling.labels import label_page
from broadsheet.labelling.names import author_names
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


@pytest.mark.parametrize(
    "picture",
    [
        "Oak piles of the old pier that the harbour board closes (1:39)",
        "AUDIO: Rotten oak piles close the old pier of the harbour (2 Min)",
        "Rotten oak piles of the old pier that the harbour board closes 00:42",
        "Divers look at rotten oak piles below the old pier of the harbour.AFP",
        "The old pier of the harbour, whose oak piles have rotted. Ada Quill",
    ],
)
def test_what_stands_under_a_picture_is_no_headline(picture: str) -> None:
    lines = ["Harbour", "Old pier closes", picture, "3 May 2021", *BODY]
    assert labelled(lines, "headline") != [picture]


@pytest.mark.parametrize(
    "headline",
    [
        "Harbour board closes the old pier. Ferries stay tied up",
        "“The old pier closes.” What the harbour board has to say",
        "Harbour board closes old pier, says D.B. Quill",
        "Why the harbour board closed the old pier in May (2021)",
    ],
)
def test_headlines_that_end_much_like_captions(headline: str) -> None:
    assert labelled(["Harbour", headline, "By Ada Quill", "3 May 2021", *BODY], "headline") == [headline]


def test_the_last_entry_of_a_numbered_trail_is_no_headline() -> None:
    lines = ["1.", "2. Harbour", "3. Harbour board closes old pier", "Rotten oak " + HEADLINE, "3 May 2021", *BODY]
    assert labelled(lines, "headline") == ["Rotten oak " + HEADLINE]
    listicle = "3. Harbour board closes old pier"
    assert labelled(["Harbour", listicle, "3 May 2021", *BODY], "headline") == [listicle]


def test_a_headline_is_repeated_in_longer_lines() -> None:
    teaser = "Ferries land behind the market while piles of the pier rot"
    share = f"Share “{HEADLINE}” with the harbour"
    assert labelled(["Harbour", HEADLINE, teaser, *BODY, share], "headline") == [HEADLINE]


def test_a_key_point_that_the_body_repeats_is_no_headline() -> None:
    lines = [HEADLINE, "By Ada Quill", "Key points", BODY[1].removesuffix(" by winter."), *BODY]
    assert labelled(lines, "headline") == [HEADLINE]


def test_soft_hyphens_part_no_word() -> None:
    assert content_stems("Har\xadbour board") == content_stems("Harbour board")


def test_no_headline_where_none_is_printed() -> None:
    assert labelled(BODY, "headline") == []
    assert labelled(["Menu", "Search", *BODY], "headline") == []


def test_repeated_lines_are_no_headline() -> None:
    motto = "The paper of the harbour, printed every Friday"
    assert labelled([motto, *BODY], "headline", (motto,)) == []


def test_repeated_prose_is_body_beside_prose_of_the_page_only() -> None:
    *own, background = BODY
    assert labelled([*own, background], "body", (background,)) == BODY
    teasers = ["Also in the Record", "Stallholders keep awnings", "Two lambs, one pond", "Three-wheelers"]
    assert labelled([*own, *teasers, background], "body", (background,)) == own
    assert labelled([HEADLINE, *BODY], "body", (HEADLINE, *BODY)) == BODY


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
        (["Ada Quill and Bo Ekström in Port Lanning", "3 May 2021"], ["Ada Quill and Bo Ekström in Port Lanning"]),
        (["Ada QuillPublished: 3 May 2021"], ["Ada QuillPublished: 3 May 2021"]),
        (["• Ada Quill", "3 May 2021"], ["• Ada Quill"]),
        (["• Weather", "• Ada Quill", "3 May 2021"], []),
        (["Ada Quill", "Bo Ekström", "3 May 2021"], ["Ada Quill", "Bo Ekström"]),
        (["Ada Quill", "Deep Coast Historian", "3 May 2021"], ["Ada Quill"]),
        (["Cyrus Tull", "By The Courier", "On the quay", "Weather", "3 May 2021"], []),
    ],
)
def test_bylines_and_what_is_none(head: list[str], byline: list[str]) -> None:
    assert labelled([HEADLINE, *head, *BODY], "byline") == byline


@pytest.mark.parametrize(
    ("after", "byline"),
    [
        (["Ada Quill"], ["Ada Quill"]),
        (["• Ada Quill"], []),
        (["Reader Comments"], []),
        (["Ada Quill", "Senior Editor", "Ada is an editor who lives by the harbour."], ["Ada Quill"]),
        (["Harbour", "Pictures", "Ferry", "Fish", "Comment by", "Ada Quill", "Reporter"], []),
        (["Harbour", "Pictures", "Ferry", "Fish", "By", "Ada Quill", "Reporter"], ["By", "Ada Quill"]),
    ],
)
def test_bylines_after_the_body(after: list[str], byline: list[str]) -> None:
    assert labelled([HEADLINE, *BODY, *after], "byline") == byline


def test_a_signature_is_nobody_of_whom_the_article_tells() -> None:
    told = "The mayor, Ada Quill, said on Tuesday that the board had been told of the rotten piles in early spring."
    scores = np.array([0.95] * 6 + [0.05], np.float32)
    lines = [HEADLINE, *BODY, told, "Ada Quill"]
    labels = label_page(PageLines(lines, scores, scores > 0.5, np.zeros(7, bool)))
    assert labels.labels[-1] != "byline"


def test_who_tells_of_the_author_beside_the_date_is_a_biography() -> None:
    lines = [
        HEADLINE,
        "Ada Quill",
        "3 May 2021",
        "Ada Quill has written on the harbour and its ferries for years",
        *BODY,
    ]
    assert labelled(lines, "byline") == ["Ada Quill"]


def test_a_name_beside_the_date_comes_before_a_byline_inside_the_body() -> None:
    lines = [HEADLINE, "Ada Quill", "3 May 2021", *BODY[:2], "By Bo Ekström", *BODY[2:]]
    assert labelled(lines, "byline") == ["Ada Quill"]


def test_signed_posts_give_neither_name_nor_date(document: Document) -> None:
    lines = [HEADLINE, BODY[0], "— Ada Quill (@adaquill) May 3, 2021", *BODY[1:]]
    assert labelled(lines, "byline") == []
    assert published(lines, document) is None


def test_the_end_of_a_time_is_no_date_of_publication(document: Document) -> None:
    assert published([HEADLINE, "Abrufbar bis 03.05.2021", *BODY], document) is None


def test_a_page_that_says_only_when_it_was_changed(document: Document) -> None:
    lines = [HEADLINE, "Updated 5 May 2021", *BODY]
    found, changed = choose_dates(lines, read(lines), Source("valley"), document)
    assert found is None
    assert changed is not None and changed.local.isoformat() == "2021-05-05T00:00:00"
    assert published([HEADLINE, "Published/updated: 5 May 2021", *BODY], document) == "2021-05-05T00:00:00"


def test_the_day_of_a_picture_is_no_date_of_publication(document: Document) -> None:
    caption = "Divers of the harbour board look at oak piles, 24 April 2021"
    assert published([HEADLINE, "By Ada Quill", caption, *BODY], document) is None
    assert published([HEADLINE, "By Ada Quill", caption, *BODY, "Date: 3 May 2021"], document) == "2021-05-03T00:00:00"
    assert published([HEADLINE, "Ada Quill, Harbour Desk, 24 April 2021", *BODY], document) == "2021-04-24T00:00:00"
    posted = "24 April 2021 Ada Quill in Harbour, Ferries, Piers, News and Notices"
    assert published([HEADLINE, posted, *BODY], document) == "2021-04-24T00:00:00"


def test_a_date_between_two_prints_of_the_headline(document: Document) -> None:
    lines = [HEADLINE, "This story is from May 3, 2021", HEADLINE, "Ada Quill / Updated: May 5, 2021", *BODY]
    assert published(lines, document) == "2021-05-03T00:00:00"


def test_a_date_with_a_time_may_stand_farther_above(document: Document) -> None:
    between = ["Pictures", "Harbour", "Ferry", "Audio"]
    assert published(["3 May 2021, 14:36", *between, HEADLINE, *BODY], document) == "2021-05-03T14:36:00"
    assert published(["3 May 2021", *between, HEADLINE, *BODY], document) is None


def test_first_published_may_stand_far_below(document: Document) -> None:
    below = ["Harbour", "Pictures", "Ferry", "Fish", "Tide", "Quay", "Mole", "Market", "Pier", "Buoy", "Oak", "Winter"]
    assert published([HEADLINE, *BODY, *below, "First published on 3 May 2021"], document) == "2021-05-03T00:00:00"
    assert published([HEADLINE, *BODY, *below, "3 May 2021"], document) is None


@pytest.mark.parametrize(
    ("head", "byline"),
    [
        (["By Ada Quill", "3 May 2021"], ["By Ada Quill"]),
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


def test_the_owner_of_the_page_is_no_second_author(document: Document) -> None:
    lines = [HEADLINE, "by Ada Quill, Harbour Xylo", *BODY, "© Harbour Xylo 2021"]
    assert author_names(lines[1]) == ("Ada Quill", "Harbour Xylo")
    assert find_bylines(lines, read(lines))[1] == ("Ada Quill",)


def test_the_day_of_an_event_is_no_date_of_publication(document: Document) -> None:
    assert published([HEADLINE, "Release date: 3 May 2021", *BODY], document) is None
    assert published([HEADLINE, "Release date: 3 May 2021", "9 June 2021", *BODY], document) == "2021-06-09T00:00:00"


def test_a_bare_day_above_the_headline_belongs_to_what_stands_between(document: Document) -> None:
    assert published(["10 July 2022", "Follow us", HEADLINE, *BODY], document) is None
    assert published(["10 July 2022", HEADLINE, *BODY], document) == "2022-07-10T00:00:00"
    assert published(["10 July 2022, 4:15 p.m.", "Follow us", HEADLINE, *BODY], document) == "2022-07-10T16:15:00"


def test_of_two_dates_in_one_line_the_later_is_that_of_a_change(document: Document) -> None:
    for line in ("December 10, 2021April 9, 2019 by Ada Quill", "April 9, 2019 December 10, 2021 by Ada Quill"):
        assert published([HEADLINE, line, *BODY], document) == "2019-04-09T00:00:00"


def test_many_dates_in_a_row_are_those_of_teasers(document: Document) -> None:
    teasers = ["Old quay opens", "4 May 2019", "New quay opens", "5 June 2018", "Ferry fares rise", "7 July 2017"]
    assert published([HEADLINE, *teasers, "Ferry fares fall", "8 August 2016", *BODY], document) is None
    led = [HEADLINE, *teasers, "Ferry fares fall", "8 August 2016", "Published 9 September 2021", *BODY]
    assert published(led, document) == "2021-09-09T00:00:00"
