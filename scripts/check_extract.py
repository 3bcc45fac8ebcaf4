"""DVC stage check_extract: stops the pipeline where an expectation on the tables of extract fails."""

from broadsheet.pipeline import check

if __name__ == "__main__":  # worker processes import this file again
    check("extract")
