"""DVC stage check_survey: stops the pipeline where an expectation on the tables of survey fails."""

from broadsheet.pipeline import check

check("survey")
