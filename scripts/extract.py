"""DVC stage extract."""

from broadsheet.pipeline import stage

stage("extract")
