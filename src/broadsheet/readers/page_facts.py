"""What an HTML page states of itself: JSON-LD, meta elements, microdata, `time`, links, title.

Gathered while the page is rendered, as a dict that JSON can hold; what it means is decided elsewhere.
"""

import json
from typing import Any

_LONGEST = 2_000
_MOST = 50


class Facts:
    """The facts of one page, filled in as its elements come."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {}
        self.meta: dict[str, list[str]] = {}
        self.json: list[Any] = []
        self.times: list[str] = []
        self.items: dict[str, list[str]] = {}
        self.pending: list[tuple[str, int]] = []
        self.spans: list[tuple[str, int, int]] = []

    def element(self, states: str, attrs: tuple[tuple[str, str | None], ...], start: int) -> None:
        """An element that may state something, with the position in the text at which it begins."""
        attributes = {name: (value or "")[:_LONGEST] for name, value in attrs[:_MOST]}
        if states == "meta":
            self._meta(attributes)
        elif states == "html":
            if attributes.get("lang"):
                self.found["language"] = attributes["lang"]
        elif states == "link":
            if "canonical" in attributes.get("rel", "").lower().split() and attributes.get("href"):
                self.found.setdefault("canonical", attributes["href"])
        elif states == "time" and attributes.get("datetime") and len(self.times) < _MOST:
            self.times.append(attributes["datetime"])

    def _meta(self, attributes: dict[str, str]) -> None:
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
        # Pages of the 1990s write value= for content=.
        value = attributes.get("content") or attributes.get("value") or ""
        if name and value and len(self.meta) < 200:
            values = self.meta.setdefault(name.strip().lower()[:100], [])
            if len(values) < _MOST:
                values.append(value)

    def captured(self, states: str, text: str) -> None:
        """The text of a title or of a script with JSON-LD."""
        if states == "title":
            self.found.setdefault("title", " ".join(text[:_LONGEST].split()))
        else:
            try:
                self.json.append(json.loads(text, strict=False))
            except (ValueError, RecursionError):
                return

    def seen_from_to(self, start: int, end: int) -> None:
        """An element with a fact of its own ended; its text is that span."""

    def gathered(self, text: str) -> dict[str, Any]:
        """The facts, each under the name of where it stood."""
        return self.found | {"meta": self.meta, "json_ld": self.json, "time": self.times}
