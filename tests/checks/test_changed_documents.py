"""Of a part whose documents passed before, only those that changed are asked: the same report as of all."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from broadsheet import checks
from broadsheet.build import _changed_since, _key_of_part
from broadsheet.checks import stage as check
from broadsheet.checks.declared import Declared
from broadsheet.checks.validation import Asking, scope_of
from broadsheet.stages import STAGES
from broadsheet.stages.kept import TakenOver
from tests.checks.conftest import Rows
from tests.checks.test_stage import CASES, MUTATIONS, change, failed, swap

Build = Callable[..., Path]
FIRST, SECOND = "part-0.parquet", "part-1.parquet"


def documents(rows: Rows) -> list[str]:
    return [row["document_id"] for row in rows["documents"]]


def document_of(rows: Rows, row: Mapping[str, Any]) -> str:
    by_path = {each["raw_path"]: each["document_id"] for each in rows["documents"]}
    return row.get("document_id") or row.get("article_id") or by_path.get(row.get("raw_path", ""), "")


def rows_by_document(rows: Rows) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for table, own in rows.items():
        for row in own:
            found.setdefault(document_of(rows, row), []).append((table, row))
    return found


def changed_documents(before: Rows, after: Rows) -> set[str]:
    """The documents that have other rows, or their rows in another order, than before."""
    old, new = rows_by_document(before), rows_by_document(after)
    return {name for name in documents(before) + documents(after) if old.get(name) != new.get(name)}


@pytest.fixture
def tables_asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, int]]:
    """Rows of each table that was asked for some documents alone."""
    seen: list[dict[str, int]] = []

    def only(rows: Any, changed: Any, real: Any = check.only_changed) -> Any:
        found = real(rows, changed)
        seen.append({name: len(table) for name, table in found.items()})
        return found

    monkeypatch.setattr(check, "only_changed", only)
    return seen


@pytest.mark.parametrize(("stage", "index"), CASES)
def test_a_defect_of_changed_documents_is_told_as_by_asking_all(
    rows: Rows, build: Build, stage: str, index: int
) -> None:
    before = copy.deepcopy(rows)
    MUTATIONS[stage][index][0](rows)
    folder = build(rows)
    changed = changed_documents(before, rows)
    report = checks.check_stage(folder, stage, (), {FIRST: changed, SECOND: changed})
    assert report == checks.check_stage(folder, stage)
    assert report["failed"] + report["warnings"] > 0


@pytest.mark.parametrize("stage", STAGES)
def test_a_valid_corpus_passes_whatever_is_named(
    rows: Rows, build: Build, stage: str, tables_asked: list[dict[str, int]]
) -> None:
    folder = build(rows)
    together = checks.check_stage(folder, stage)
    for changed in (documents(rows)[1:2], documents(rows)[3:], [], documents(rows)):
        assert checks.check_stage(folder, stage, {FIRST}, {SECOND: changed}) == together
    assert tables_asked or stage == "survey"


def test_only_rows_of_documents_that_changed_are_asked(
    rows: Rows, build: Build, tables_asked: list[dict[str, int]]
) -> None:
    _, second, third, bare = documents(rows)
    change("articles", 2, paragraph_count=3)(rows)
    folder = build(rows)
    assert checks.check_stage(folder, "extract", {FIRST}, {SECOND: [second]})["success"]
    assert not checks.check_stage(folder, "extract", {FIRST}, {SECOND: [third]})["success"]
    own = {"documents": 1, "blocks": 5, "articles": 1, "metadata": 1}
    for found in tables_asked:
        assert found.items() >= own.items()
        # Those of ingest are of no document.
        assert found["rejects"] == 2
    tables_asked.clear()
    assert checks.check_stage(folder, "extract", {FIRST}, {SECOND: [bare]})["success"]
    assert tables_asked[0].items() >= {"documents": 1, "blocks": 2, "articles": 0, "rejects": 3}.items()


@pytest.mark.parametrize(
    "mutate",
    [
        pytest.param(swap("articles", 1, 2), id="documents in another order"),
        pytest.param(lambda rows: rows["blocks"].append(dict(rows["blocks"][-1], document_id="0" * 20)), id="unknown"),
        pytest.param(change("rejects", 2, raw_path="news/b.txt"), id="a reject of another document"),
        pytest.param(
            lambda rows: rows["rejects"].insert(2, dict(rows["rejects"][2], raw_path="wire/2.txt")), id="a reject more"
        ),
    ],
)
def test_what_is_wrong_beside_the_documents_is_found(
    rows: Rows, build: Build, mutate: Callable[[Rows], None], tables_asked: list[dict[str, int]]
) -> None:
    mutate(rows)
    folder = build(rows)
    report = checks.check_stage(folder, "extract", {FIRST}, {SECOND: documents(rows)[1:2]})
    assert report == checks.check_stage(folder, "extract") and failed(report)
    assert tables_asked


def test_what_may_fail_in_a_part_that_passes_is_told_by_all() -> None:
    class Mapped:
        map_metric = "column_values.between"

    def scope(**given: Any) -> str:
        declared = Declared("schemas/x.yaml", "expect_column_values_to_be_between", **({"kwargs": {}} | given))
        return scope_of(declared, Asking(Mapped(), {}, set(), set()))  # type: ignore[arg-type]

    assert scope() == scope(scope="document") == "document"
    assert scope(severity="warning") == scope(kwargs={"mostly": 0.9}) == "corpus"


NOW = {"documents": "d2", "rejects/ingest": "i", "blocks": "b2", "articles": "a2", "sentences": "s2"}
EARLIER = {"documents": "d1", "rejects/ingest": "i", "blocks": "b1", "articles": "a1", "sentences": "s1"}
EXTRACTED = TakenOver(
    frozenset({"documents", "blocks", "articles"}),
    {"documents": "d1", "blocks": "b1", "articles": "a1"}, {"documents": "d2", "blocks": "b2", "articles": "a2"},
    frozenset({"x"}),
)  # fmt: skip
SEGMENTED = TakenOver(
    frozenset({"sentences"}),
    {"articles": "a1", "blocks": "b1", "sentences": "s1"}, {"articles": "a2", "blocks": "b2", "sentences": "s2"},
    frozenset({"y"}),
)  # fmt: skip
PASSED = {_key_of_part(EARLIER)}


def test_documents_are_known_from_a_part_that_passed() -> None:
    assert _changed_since(PASSED, NOW, [EXTRACTED, SEGMENTED]) == {"x", "y"}


@pytest.mark.parametrize(
    ("passed", "now", "told"),
    [
        pytest.param(set(), NOW, [EXTRACTED, SEGMENTED], id="the part never passed"),
        pytest.param(PASSED, NOW, [], id="nothing is told"),
        pytest.param(
            {_key_of_part(EARLIER | {"documents": "d2"})}, NOW, [SEGMENTED], id="nothing is told of articles"
        ),
        pytest.param(PASSED, NOW, [EXTRACTED], id="sentences changed and nothing is told of them"),
        pytest.param(PASSED, NOW | {"rejects/ingest": "i2"}, [EXTRACTED, SEGMENTED], id="another file changed"),
        pytest.param(PASSED, NOW | {"blocks": "b3"}, [EXTRACTED, SEGMENTED], id="told of other blocks"),
        pytest.param(PASSED, NOW | {"metadata": "m"}, [EXTRACTED, SEGMENTED], id="a table more"),
        pytest.param(
            PASSED | {_key_of_part(EARLIER | {"blocks": "b0"})}, NOW,
            [replace(EXTRACTED, earlier=EXTRACTED.earlier | {"blocks": "b0"}), SEGMENTED],
            id="stages took over from different parts",
        ),
    ],
)  # fmt: skip
def test_with_any_doubt_all_documents_are_asked(passed: set[str], now: dict[str, str], told: list[TakenOver]) -> None:
    assert _changed_since(passed, now, told) is None
