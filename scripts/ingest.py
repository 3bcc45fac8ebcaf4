"""DVC stage ingest."""

from broadsheet.pipeline import stage

stage("ingest")
