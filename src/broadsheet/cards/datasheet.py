"""DATASHEET.md, in the sections of "Datasheets for Datasets" (Gebru et al. 2021), as far as the build can say."""

from collections.abc import Iterator

from broadsheet.cards.facts import Facts
from broadsheet.cards.text import cell, rows_table, sources_table


def _counts(title: str, counts: dict[str, int]) -> Iterator[str]:
    if counts:
        yield f"| {title} | number |"
        yield "|---|---|"
        yield from (f"| {cell(name)} | {count:,} |" for name, count in counts.items())
        yield ""


def datasheet(facts: Facts) -> str:
    """The card as Markdown."""
    metrics, manifest = facts.metrics, facts.manifest
    missing = [source["source"] for source in facts.sources if not source["licence"]]
    expectations = sum(count for count, _ in facts.checks.values())
    warnings = sum(count for _, count in facts.checks.values())
    made_by = (
        ", ".join(facts.creators) if facts.creators else "Its makers are not named (`corpus: creators` in params.yaml)."
    )
    uncleared = ": what may be done with their texts has to be cleared with their publishers" if missing else ""
    lines = [
        f"# Datasheet: {facts.title}", "",
        facts.summary, "",
        "## Motivation", "",
        f"Made by: {made_by}", "",
        "## Composition", "",
        f"{metrics['raw_records']:,} raw records were read: {metrics['articles']:,} articles, {metrics['rejects']:,}"
        " rejects, each with its reason. Nothing was dropped in silence.", "",
        *rows_table(facts), "",
        *_counts("language", metrics["articles_by_language"]),
        *_counts("rejected because", metrics["rejects_by_reason"]),
        "| value | share of articles that have it |", "|---|---|",
        *(f"| {name} | {100 * share:.0f} % |" for name, share in metrics["share_filled"].items()), "",
        "A value is what the page states; where it states none it is null, never a guess. Articles name people who were"
        " in the news: what the law of your place asks for personal data holds for this corpus too.", "",
        "## Collection", "", *sources_table(facts), "",
        "## Preprocessing, cleaning, labelling", "",
        f"By {manifest['project']} {manifest['project_version']} (schema {manifest['schema_version']}):"
        " every line of every dump is labelled by a model or a named rule, kept in `blocks`; what stands behind each"
        " value is in `evidence`; the text of the dumps is in `documents`, whole.", "",
        f"{expectations:,} expectations were checked on this build: all critical ones hold,"
        f" warnings given: {warnings:,}. See `checks/` and `report.html`.", "",
        "## Uses", "",
        "Counting, searching and reading news text by outlet, date and language; training and testing of text models"
        " as far as the licences of the sources allow. Languages are inferred; dates are as printed.", "",
        "## Distribution", "",
        "Licences by source stand above and in `LICENCES.csv`."
        f" {len(missing):,} of {len(facts.sources):,} sources state none{uncleared}.", "",
        "## Maintenance", "",
        f"{f'Version {facts.version}, git tag corpus-v{facts.version}' if facts.version else 'No version was given'}."
        f" Content hash `{manifest['content_sha256']}`: equal hashes are equal rows. `broadsheet diff` says what"
        " differs between two versions.",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"
