"""DVC stage check_extract: stops the pipeline where an expectation on the tables of extract fails."""

from broadsheet.pipeline import check

check("extract")
