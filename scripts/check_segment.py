"""DVC stage check_segment: stops the pipeline where an expectation on the tables of segment fails."""

from broadsheet.pipeline import check

if __name__ == "__main__":  # worker processes import this file again
    check("segment")
