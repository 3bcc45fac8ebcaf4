"""Each card passes its own standard's library: `make test-cards` installs them."""

import json
from pathlib import Path

import pytest

from broadsheet.resources import read_yaml
from broadsheet.schema import tables


def test_frictionless_takes_the_data_package(released: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.Package.validate_descriptor(str(released / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])
    package = frictionless.Package(str(released / "datapackage.json"))
    assert {resource.name for resource in package.resources} == set(tables())
    articles = package.get_resource("articles")
    assert articles.schema.primary_key == ["article_id"] and articles.extrapaths
    assert package.version == "1.2.0"


def test_croissant_is_valid_and_its_records_are_read(released: Path) -> None:
    croissant = pytest.importorskip("mlcroissant")
    dataset = croissant.Dataset(jsonld=str(released / "croissant.json"))
    assert {records.id for records in dataset.metadata.record_sets} == set(tables())
    rows = list(dataset.records("articles"))
    manifest = json.loads((released / "manifest.json").read_text())
    assert len(rows) == manifest["tables"]["articles"]["rows"]
    assert all(row["articles/body"] for row in rows)
    authors = [row["metadata/authors"] for row in dataset.records("metadata")]
    assert any(len(names) > 1 for names in authors)


def test_the_hub_reads_the_card(released: Path) -> None:
    hub = pytest.importorskip("huggingface_hub")
    card = hub.DatasetCard.load(released / "README.md")
    assert card.data.pretty_name == "Papers of the coast: 1" and card.data.license == "other"
    assert [entry["config_name"] for entry in card.data.configs if entry.get("default")] == ["articles"]
    assert {entry["config_name"] for entry in card.data.configs} == set(tables())
    assert all((released / path).is_file() for entry in card.data.configs for path in entry["data_files"][0]["path"])


def test_datasets_loads_each_table_by_its_configuration(released: Path, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    manifest = json.loads((released / "manifest.json").read_text())
    for name in tables():
        found = datasets.load_dataset(str(released), name, split="train", cache_dir=str(tmp_path))
        assert found.num_rows == manifest["tables"][name]["rows"], name
        assert found.column_names == list(tables()[name].names)


def test_cffconvert_takes_the_citation(released: Path) -> None:
    citation = pytest.importorskip("cffconvert").Citation((released / "CITATION.cff").read_text(encoding="utf-8"))
    citation.validate()
    assert "Papers of the coast: 1 (version 1.2.0)" in citation.as_apalike()
    assert read_yaml(released / "CITATION.cff")["type"] == "dataset"
