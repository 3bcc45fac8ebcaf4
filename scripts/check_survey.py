"""DVC stage check_survey: stops the pipeline where an expectation on the tables of survey fails."""

from broadsheet.pipeline import check

if __name__ == "__main__":  # worker processes import this file again
    check("survey")
