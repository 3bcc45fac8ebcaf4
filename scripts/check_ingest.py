"""DVC stage check_ingest: stops the pipeline where an expectation on the tables of ingest fails."""

from broadsheet.pipeline import check

check("ingest")
