"""Where the head of a page and its end lie around the body, as the rules for bylines and dates have it."""

from broadsheet.labelling.state import PageState

# Lines above the headline, and from the start of the body's main run and from its end, in which a byline or a date can
# be the article's: what stands far above is the day on which the page was printed, or a teaser's.
LINES_ABOVE, LINES_INTO, LINES_AFTER = 3, 8, 10
SHORTEST_SENTENCE, _SURE = 8, 0.6
BULLETS = "•●▪‣◦·*–—-"
AFTER_ARTICLE = frozenset(("related", "comments", "legal", "tags"))


def prose_start(page: PageState, main: int, headline: int | None) -> int:
    """Index of the first line under the headline that surely is body, at most that of the main run."""
    for index in range(0 if headline is None else headline + 1, main):
        if page.body[index] and page.words[index] >= SHORTEST_SENTENCE and page.scores[index] >= _SURE:
            return index
    return main
