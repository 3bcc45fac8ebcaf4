"""DVC stage check_segment: stops the pipeline where an expectation on the tables of segment fails."""

from broadsheet.pipeline import check

check("segment")
