"""The stages: each maps parts to parts, in order ingest, survey, extract, segment, publish."""

STAGES = ("ingest", "survey", "extract", "segment")
