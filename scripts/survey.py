"""DVC stage survey."""

from broadsheet.pipeline import stage

stage("survey")
