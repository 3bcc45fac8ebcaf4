"""DVC stage publish."""

from broadsheet.pipeline import publish_corpus

if __name__ == "__main__":  # worker processes import this file again
    publish_corpus()
