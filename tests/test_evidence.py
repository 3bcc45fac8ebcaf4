"""Evidence names the lines that hold the values, and the dates that were not taken."""

from pathlib import Path

from broadsheet import extract_page, read_table
from broadsheet.evidence import _MOST_HINTS, LONGEST_VALUE, _hints_by_field

PROSE = "The council of Orsley voted on Tuesday to reopen talks about the harbour ferry, idle since the spring. "
PAGE = f"""Orsley Post

Council reopens talks on harbour ferry
By Mara Quint
March 14, 2017
3 min read

{PROSE * 3}

{PROSE * 4}

{PROSE * 2}

Last updated March 16, 2017
"""


def test_each_value_names_the_line_that_has_it() -> None:
    page = extract_page(PAGE.encode())
    assert page.document is not None
    lines = [page.document.text[block.start : block.end] for block in page.blocks]
    chosen = {row.field: row for row in page.evidence if row.chosen}
    assert lines[chosen["headline"].block_index or 0] == "Council reopens talks on harbour ferry"
    assert lines[chosen["byline"].block_index or 0] == "By Mara Quint"
    assert chosen["authors"].value == "Mara Quint"
    assert lines[chosen["date_published"].block_index or 0] == "March 14, 2017"
    assert chosen["time_required_minutes"].value == "3 min read"
    assert [row.evidence_index for row in page.evidence] == list(range(len(page.evidence)))


def test_a_date_that_was_not_taken_can_be_seen() -> None:
    page = extract_page(PAGE.replace("March 14, 2017", "March 14, 2017\n2 hours ago").encode())
    others = [row for row in page.evidence if row.field == "date_published" and not row.chosen]
    assert [row.value for row in others] == ["2 hours ago"]


def test_evidence_of_the_sample_corpus_stands_where_it_says(corpus: Path) -> None:
    evidence = read_table("evidence", corpus)
    texts = read_table("documents", corpus).set_index("document_id")["text"]
    blocks = read_table("blocks", corpus).set_index(["document_id", "block_index"])
    lines = evidence[(evidence["origin"] == "line") & (evidence["field"] != "description")]
    for row in lines.itertuples():
        block = blocks.loc[(row.article_id, row.block_index)]
        text = " ".join(texts[row.article_id][block["start"] : block["end"]].split())
        assert " ".join(row.value.split())[:60] in text or row.field in ("keywords", "images", "byline"), row
    assert (evidence["origin"] == "several").mean() < 0.05


def test_hints_are_found_under_the_last_name_of_their_path_in_order() -> None:
    hints = {
        "meta": {"og:title": ["Pier  closes", " "], "theme": ["#fff"], "a.author": ["Ana Lorrick"]},
        "json_ld": [{"headline": "Pier shut", "author": [{"name": "Ana Lorrick"}, {"name": True}], "wordCount": 7}],
        "title": "Pier",
    }
    found = _hints_by_field(hints)
    assert found["headline"] == [
        ("meta.og:title", "Pier closes"), ("json_ld.headline", "Pier shut"), ("title", "Pier"),
    ]  # fmt: skip
    assert found["authors"] == [("meta.a.author", "Ana Lorrick"), ("json_ld.author.name", "Ana Lorrick")]
    assert _hints_by_field(None) == {}


def test_no_more_hints_are_looked_at_than_a_page_can_be_believed_to_need() -> None:
    hints = {"others": ["x"] * (_MOST_HINTS - 1), "headline": ["Pier shut", "Pier open"]}
    assert _hints_by_field(hints)["headline"] == [("headline", "Pier shut")]


def test_hints_may_nest_without_end() -> None:
    hints: object = {"headline": "Pier shut"}
    for _ in range(100_000):
        hints = [{"graph": hints}, "x"]
    ((path, text),) = _hints_by_field(hints)["headline"]
    assert path.startswith("graph.graph.") and len(path) == LONGEST_VALUE and text == "Pier shut"
