"""CITATION.cff, the Citation File Format 1.2.0."""

from typing import Any

from broadsheet.cards.facts import Facts
from broadsheet.cards.text import yaml_of


def citation(facts: Facts) -> str:
    """The card as YAML; where the creators are not named, the corpus is by whoever made it."""
    names = facts.creators or ["The makers of this corpus"]
    card: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use this corpus, please cite it as below.",
        "type": "dataset",
        "title": facts.title,
        "authors": [{"name": name} for name in names],
        "abstract": facts.summary,
        "keywords": ["news", "corpus"],
        "identifiers": [
            {
                "type": "other",
                "value": f"sha256:{facts.manifest['content_sha256']}",
                "description": "Hash of the content of all tables",
            }
        ],
    }
    if facts.version:
        card["version"] = facts.version
    return yaml_of(card)
