"""DVC stage check_ingest: stops the pipeline where an expectation on the tables of ingest fails."""

from broadsheet.pipeline import check

if __name__ == "__main__":  # worker processes import this file again
    check("ingest")
