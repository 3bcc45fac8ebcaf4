"""DVC stage publish."""

from broadsheet.pipeline import publish_corpus

publish_corpus()
