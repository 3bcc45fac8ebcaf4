"""DVC stage ingest."""

from broadsheet.pipeline import stage

if __name__ == "__main__":  # worker processes import this file again
    stage("ingest")
