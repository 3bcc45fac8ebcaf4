"""DVC stage segment."""

from broadsheet.pipeline import stage

stage("segment")
