"""README.md of a release: the card of a data set on the Hugging Face hub, with a configuration a table."""

from typing import Any

from broadsheet.cards.facts import Facts
from broadsheet.cards.text import rows_table, sources_table, yaml_of
from broadsheet.schema import tables

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_SIZES_ABOVE = ((10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"), (1_000_000_000, "100M<n<1B"))


def _size(rows: int) -> str:
    return next(
        (name for limit, name in (*_SIZES, *_SIZES_ABOVE) if rows < limit), "n>1T" if rows > 10**12 else "1B<n<10B"
    )


def _head(facts: Facts) -> dict[str, Any]:
    configurations: list[dict[str, Any]] = []
    for name in ("articles", *sorted(tables().keys() - {"articles"})):
        # `datasets` cannot read a part without rows.
        filled = [path for path, entry in facts.files(name).items() if entry["rows"]]
        parts = [{"split": "train", "path": filled or list(facts.files(name))}]
        configurations.append(
            {"config_name": name, "data_files": parts} | ({"default": True} if name == "articles" else {})
        )
    licence = facts.licence.lower() if facts.licence else "other"
    return {
        "pretty_name": facts.title,
        "license": licence,
        "language": [*dict.fromkeys(language.split("-")[0] for language in facts.languages)],
        "size_categories": [_size(facts.metrics["articles"])],
        "tags": ["news", "corpus", "sentences", "metadata"],
        "configs": configurations,
    }


def hub_card(facts: Facts) -> str:
    """The card as Markdown with a head in YAML."""
    version = f"Version {facts.version}. " if facts.version else ""
    lines = [
        "---", yaml_of(_head(facts)).rstrip(), "---", "",
        f"# {facts.title}", "",
        f"{version}{facts.summary}", "",
        "## Tables", "", *rows_table(facts), "",
        "Every column is described in `datapackage.json` and in the Parquet files themselves. `report.html` shows what"
        " the corpus holds, `audit.html` how dumps were read.", "",
        "```python",
        "import datasets", "",
        'articles = datasets.load_dataset("parquet", data_files="articles/*.parquet")["train"]',
        "```", "",
        "## Sources and licences", "", *sources_table(facts), "",
        "## Is this copy whole?", "",
        "`sha256sum --check SHA256SUMS` compares every file, `broadsheet check .` runs every expectation as well.", "",
        "## Citing", "",
        "`CITATION.cff` has the citation; name the version, or the content hash"
        f" `{facts.manifest['content_sha256'][:12]}` where there is none.",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"
