"""A valid corpus passes each stage; each defect fails the expectation that is about it, and no other."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from broadsheet import checks
from broadsheet.checks.declared import declared_expectations
from broadsheet.schema import tables
from broadsheet.stages import STAGES

Rows = dict[str, list[dict[str, Any]]]
INVARIANT = "expect_query_to_return_no_rows"


def name(entry: dict[str, Any]) -> str:
    """`table.invariant`, or `table.column.type` without its leading expect_column_."""
    if entry["type"] == INVARIANT:
        return f"{entry['table']}.{entry['kwargs']['name']}"
    kind = entry["type"].removeprefix("expect_column_").removeprefix("expect_")
    return ".".join(filter(None, [entry["table"], entry.get("column"), kind]))


def failed(report: dict[str, Any]) -> set[str]:
    return {name(entry) for entry in report["results"] if not entry["success"]}


@pytest.mark.parametrize("stage", STAGES)
def test_a_valid_corpus_passes(rows: Rows, build: Callable[..., Path], stage: str) -> None:
    report = checks.check_stage(build(rows), stage)
    assert failed(report) == set()
    assert report["success"]
    assert checks.failures(report) == checks.warnings(report) == []
    declared = sum(len(declared_expectations(table)) for table in tables().values() if stage in table.stages)
    assert checks.expectation_count(report) == len(report["results"]) == declared


def change(table: str, index: int = 0, **values: Any) -> Callable[[Rows], None]:
    def mutate(rows: Rows) -> None:
        rows[table][index].update(values)

    return mutate


def article_and_metadata(**values: Any) -> Callable[[Rows], None]:
    return change("metadata", **values)


def swap(table: str, first: int, second: int) -> Callable[[Rows], None]:
    def mutate(rows: Rows) -> None:
        found = rows[table]
        found[first], found[second] = found[second], found[first]

    return mutate


def drop(table: str, index: int) -> Callable[[Rows], None]:
    return lambda rows: rows[table].__delitem__(index)


def both(*mutations: Callable[[Rows], None]) -> Callable[[Rows], None]:
    def mutate(rows: Rows) -> None:
        for mutation in mutations:
            mutation(rows)

    return mutate


def copy_row(table: str, source: int, target: int, *columns: str) -> Callable[[Rows], None]:
    """Gives row `target` the values that row `source` has in `columns`."""
    return lambda rows: rows[table][target].update({column: rows[table][source][column] for column in columns})


def many_rejects(rows: Rows) -> None:
    rows["rejects"][1:1] = [dict(rows["rejects"][1], raw_path=f"wire/0{index}.txt") for index in range(9)]


def shift_sentence(rows: Rows) -> None:
    """The first sentence without its first letter: right as a slice, but the body is not covered."""
    sentence = rows["sentences"][0]
    sentence.update(
        text=sentence["text"][1:], start=sentence["start"] + 1, document_start=sentence["document_start"] + 1
    )


def overlap(rows: Rows) -> None:
    """The second sentence begins a character early, the third a character late: as long together as the body."""
    second, third = rows["sentences"][1], rows["sentences"][2]
    body = rows["articles"][0]["body"]
    start = second["start"] - 2
    second.update(start=start, document_start=second["document_start"] - 2, text=body[start : second["end"]])
    third.update(start=third["start"] + 1, document_start=third["document_start"] + 1, text=third["text"][1:])


MUTATIONS: dict[str, list[tuple[Callable[[Rows], None], set[str]]]] = {
    "ingest": [
        (
            change("documents", 1, raw_path=""),
            {"documents.raw_path.value_lengths_to_be_between", "documents.rows_are_in_order"},
        ),
        (change("documents", raw_sha256="0" * 64), {"documents.document_id_is_prefix_of_raw_sha256"}),
        (
            both(copy_row("documents", 1, 2, "document_id", "raw_sha256")),
            {"documents.document_id.values_to_be_unique"},
        ),
        (change("rejects", 0, raw_path="news/a.txt"), {"documents.a_raw_record_is_read_once"}),
        (change("rejects", 0, duplicate_of="0" * 20), {"documents.duplicates_name_a_document"}),
        (change("documents", marks=[{"start": 5, "end": 10**6, "tag": "a"}]), {"documents.marks_lie_in_the_text"}),
        (change("documents", marks=[{"start": 5, "end": 4, "tag": "a"}]), {"documents.marks_lie_in_the_text"}),
        (change("documents", retrieved_at=datetime(1980, 1, 1, tzinfo=UTC)), {"documents.retrieved_after_1990"}),
        (swap("documents", 1, 2), {"documents.rows_are_in_order"}),
        (
            change("rejects", 0, duplicate_of=None),
            {"rejects.only_duplicates_name_another", "documents.duplicates_name_a_document"},
        ),
        (change("rejects", 1, duplicate_of="0" * 20), {"rejects.only_duplicates_name_another"}),
        (swap("rejects", 0, 1), {"rejects.rows_are_in_order"}),
        (
            copy_row("rejects", 0, 1, "raw_path"),
            {"rejects.compound_columns_to_be_unique", "documents.a_raw_record_is_read_once"},
        ),
        (many_rejects, {"documents.raw_records_are_accounted_for", "rejects.less_than_half_is_rejected"}),
        (
            lambda rows: rows["documents"].clear(),
            {
                "documents.table_row_count_to_be_between",
                "documents.raw_records_are_accounted_for",
                "documents.duplicates_name_a_document",
            },
        ),
    ],
    "survey": [
        (change("sources", date_order="year_first"), {"sources.date_order.values_to_be_in_set"}),
        (drop("sources", 1), {"sources.every_source_of_a_document_is_surveyed"}),
        (change("sources", 1, source="zine"), {"sources.every_source_of_a_document_is_surveyed"}),
        (
            copy_row("sources", 0, 1, "source"),
            {"sources.source.values_to_be_unique", "sources.every_source_of_a_document_is_surveyed"},
        ),
        (swap("sources", 0, 1), {"sources.rows_are_in_order"}),
    ],
    "extract": [
        (drop("rejects", 2), {"articles.documents_are_accounted_for"}),
        (
            change("rejects", 2, raw_path="wire/8.txt"),
            {"articles.documents_are_accounted_for", "articles.rejects_of_extract_are_documents"},
        ),
        (change("articles", source="wire"), {"articles.source_is_that_of_the_document"}),
        (
            change("articles", source="zine"),
            {"articles.source_is_that_of_the_document", "articles.source_is_in_sources"},
        ),
        (change("articles", paragraph_count=3), {"articles.paragraph_count_is_that_of_the_blocks"}),
        (change("blocks", 3, paragraph_index=2), {"articles.paragraph_count_is_that_of_the_blocks"}),
        (change("articles", body="Something else altogether"), {"articles.body_is_its_blocks"}),
        (change("articles", word_count=12), {"articles.most_bodies_have_thirty_words"}),
        (
            both(change("articles", headline=None), change("articles", 1, headline=None)),
            {"articles.most_articles_have_a_headline"},
        ),
        (swap("articles", 0, 1), {"articles.rows_are_in_order"}),
        (
            change("articles", 2, article_id="0" * 20),
            {
                "articles.article_id_is_in_documents",
                "articles.documents_are_accounted_for",
                "metadata.article_id_is_in_articles",
                "metadata.metadata_are_of_the_articles",
                "blocks.only_body_labels_lie_in_a_body",
                "evidence.article_id_is_in_articles",
                "evidence.every_value_has_evidence",
            },
        ),
        (
            change("blocks", 4, block_index=5),
            {"blocks.block_indexes_have_no_gap", "blocks.blocks_cover_every_character_once"},
        ),
        (drop("blocks", 4), {"blocks.blocks_cover_every_character_once"}),
        (change("blocks", 0, end=3), {"blocks.blocks_cover_every_character_once"}),
        (change("blocks", 4, start=10**6, end=10**6 + 1), {"blocks.blocks_cover_every_character_once"}),
        (
            change("blocks", 0, end=0),
            {
                "blocks.pair_values_a_to_be_greater_than_b",
                "blocks.end.values_to_be_between",
                "blocks.blocks_cover_every_character_once",
            },
        ),
        (change("blocks", 2, label="promo"), {"blocks.only_body_labels_lie_in_a_body"}),
        (change("blocks", 0, label="subheading"), {"blocks.only_body_labels_lie_in_a_body"}),
        (change("blocks", 0, score=float("nan")), {"blocks.score.values_to_be_between"}),
        (swap("blocks", 1, 2), {"blocks.rows_are_in_order"}),
        (swap("blocks", 4, 5), {"blocks.rows_are_in_order"}),
        (
            copy_row("blocks", 3, 4, "block_index"),
            {
                "blocks.compound_columns_to_be_unique",
                "blocks.block_indexes_have_no_gap",
                "blocks.blocks_cover_every_character_once",
            },
        ),
        (change("metadata", raw_bytes=7), {"metadata.provenance_is_that_of_the_document"}),
        (change("metadata", raw_member="x"), {"metadata.provenance_is_that_of_the_document"}),
        (drop("metadata", 2), {"metadata.metadata_are_of_the_articles"}),
        (change("metadata", date_published_text=None), {"metadata.a_date_has_text_and_precision"}),
        (change("metadata", date_published_precision="hour"), {"metadata.dates_are_as_precise_as_printed"}),
        (
            change("metadata", date_published_utc=datetime(2021, 3, 1, 17, tzinfo=UTC)),
            {"metadata.zones_are_at_most_fifteen_hours"},
        ),
        (change("metadata", date_modified=datetime(2021, 3, 6)), {"metadata.dates_are_not_after_retrieval"}),
        (change("metadata", date_modified=datetime(1599, 12, 31)), {"metadata.date_modified.values_to_be_between"}),
        (change("metadata", authors=["Ann", "Ann"]), {"metadata.authors_are_named_once"}),
        (
            change("evidence", 1, evidence_index=99),
            {"evidence.evidence_indexes_have_no_gap", "evidence.rows_are_in_order"},
        ),
        (change("evidence", 0, hint="title"), {"evidence.lines_and_hints_are_named"}),
        (change("evidence", 0, block_index=None), {"evidence.lines_and_hints_are_named"}),
        (change("evidence", 0, block_index=77), {"evidence.named_lines_exist"}),
        (change("evidence", 2, chosen=False), {"evidence.every_value_has_evidence"}),
        (change("evidence", 0, value="Another"), {"evidence.chosen_evidence_is_the_value"}),
        (
            both(*(change("evidence", index, origin="several", block_index=None) for index in range(3))),
            {"evidence.most_values_stand_somewhere"},
        ),
        (change("metadata", authors=[""]), {"metadata.authors_are_named_once"}),
        (
            both(
                *(
                    change(
                        "metadata",
                        index,
                        date_published=None,
                        date_published_text=None,
                        date_published_precision=None,
                        date_published_utc=None,
                    )
                    for index in (0, 1)
                )
            ),
            {"metadata.most_articles_have_a_date"},
        ),
    ],
    "segment": [
        (
            both(
                change("sentences", 2, sentence_index=3),
                lambda rows: rows["sentences"][2].update(sentence_id=rows["sentences"][2]["article_id"] + "-3"),
            ),
            {"sentences.sentence_indexes_have_no_gap"},
        ),
        (
            lambda rows: rows["sentences"][0].update(sentence_id="0" * 20 + "-0"),
            {"sentences.sentence_id_names_article_and_index"},
        ),
        (
            lambda rows: rows["sentences"][0].update(text=rows["sentences"][0]["text"].swapcase()),
            {"sentences.sentences_are_slices_of_the_body", "sentences.sentences_are_slices_of_the_document"},
        ),
        (change("sentences", 1, document_start=0, document_end=3), {"sentences.sentences_are_slices_of_the_document"}),
        (
            change("sentences", 1, start=0, end=3),
            {"sentences.sentences_are_slices_of_the_body", "sentences.sentences_cover_the_body"},
        ),
        (shift_sentence, {"sentences.sentences_cover_the_body"}),
        (overlap, {"sentences.sentences_cover_the_body"}),
        (drop("sentences", 8), {"sentences.sentences_cover_the_body"}),
        (change("sentences", 2, paragraph_index=2), {"sentences.paragraphs_exist"}),
        (swap("sentences", 0, 1), {"sentences.rows_are_in_order"}),
        (swap("sentences", 2, 3), {"sentences.rows_are_in_order"}),
        (
            lambda rows: rows["sentences"][0].update(article_id="0" * 20, sentence_id="0" * 20 + "-0"),
            {
                "sentences.article_id_is_in_articles",
                "sentences.sentence_indexes_have_no_gap",
                "sentences.sentences_cover_the_body",
            },
        ),
        (
            lambda rows: rows["sentences"].clear(),
            {"sentences.table_row_count_to_be_between", "sentences.sentences_cover_the_body"},
        ),
    ],
}
CASES = [(stage, index) for stage, found in MUTATIONS.items() for index in range(len(found))]


@pytest.mark.parametrize(("stage", "index"), CASES)
def test_a_defect_fails_what_is_about_it(rows: Rows, build: Callable[..., Path], stage: str, index: int) -> None:
    mutate, expected = MUTATIONS[stage][index]
    mutate(rows)
    report = checks.check_stage(build(rows), stage)
    assert failed(report) == expected
    warnings = {name(entry) for entry in report["results"] if entry["severity"] == "warning"}
    assert report["success"] == (expected <= warnings)
    assert bool(checks.failures(report)) == (not report["success"])
    for entry in report["results"]:
        if not entry["success"] and "sample" in entry:
            assert len(entry["sample"]) == min(entry["unexpected_count"], 20) > 0
    json.dumps(report, allow_nan=False)


def test_every_invariant_has_a_defect() -> None:
    covered = set().union(*(expected for found in MUTATIONS.values() for _, expected in found))
    declared = {
        f"{table.name}.{entry.kwargs['name']}"
        for table in tables().values()
        for entry in declared_expectations(table)
        if entry.type == INVARIANT
    }
    # Metadata's rows are in order and refer to articles as those of other tables do.
    assert declared - covered <= {"metadata.rows_are_in_order", "blocks.document_id_is_in_documents"}


def a_bad_value(kind: str, kwargs: dict[str, Any]) -> Any:
    if kind.endswith("value_lengths_to_be_between"):
        return ""
    if kind.endswith("values_to_not_match_regex"):
        return "/absolute"
    if kind.endswith("values_to_be_between"):
        low = kwargs["min_value"]
        return datetime(1500, 1, 1) if isinstance(low, str) else low - 1
    assert kind.endswith(("values_to_match_regex", "values_to_be_in_set"))
    return " ?"


@pytest.mark.parametrize("stage", STAGES)
def test_every_expectation_of_a_column_can_fail(rows: Rows, build: Callable[..., Path], stage: str) -> None:
    """The last row of each table holds a value in each column that the column's last expectation must refuse."""
    broken = {}
    for table in tables().values():
        if stage in table.stages:
            for column in table.columns:
                for expectation in column.expectations:
                    rows[table.name][-1][column.name] = a_bad_value(expectation.type, expectation.kwargs)
                    broken[table.name, column.name] = expectation.type
    report = checks.check_stage(build(rows), stage)
    found = {(entry["table"], entry.get("column")): entry for entry in report["results"] if not entry["success"]}
    for (table, column), kind in broken.items():
        kinds = [entry["type"] for entry in report["results"] if not entry["success"] and entry.get("column") == column]
        assert kind in kinds, f"{table}.{column}"
    assert found
