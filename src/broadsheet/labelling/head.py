"""The head of a page: headline, description, kicker, byline and dates around the body."""

from broadsheet.dates import date_share, find_dates
from broadsheet.labelling.headlines import WINDOW, choose_headline, main_start
from broadsheet.labelling.names import author_names, is_byline
from broadsheet.labelling.state import PageState, words_of

# Lines above the headline and below the body in which a date can still be the article's.
_LINES_BEFORE, _LINES_AFTER = 12, 10
_LONGEST_DATE_LINE = 200
_BULLETS = "•●▪‣◦·*–—-"


def _has_lead_of_byline(page: PageState, index: int) -> bool:
    return is_byline(page.lines[index]) and not (page.body[index] and words_of(page.lines[index]) > 14)


def _date_lines(page: PageState, first: int, last: int, headline: int | None) -> None:
    """Dates of lines that stand around headline and body, and labels for lines that are little else."""
    top = max(0, (first if headline is None else min(headline, first)) - _LINES_BEFORE)
    window = [*range(top, min(first + 3, page.count)), *range(last + 1, min(last + 1 + _LINES_AFTER, page.count))]
    for index in window:
        line = page.lines[index]
        if len(line) > _LONGEST_DATE_LINE or page.labels[index] in ("related", "comments", "headline", "description"):
            continue
        found = find_dates(line)
        if not found:
            continue
        role = found[0].role
        share = date_share(line, found)
        named = page.labels[index] is None and _has_lead_of_byline(page, index)
        if share < 0.5 and role is None and not named:
            continue
        if index > last and (role is None and not named):
            continue
        if page.body[index] and page.page.scores[index] > 0.8 and share < 0.8:
            continue
        page.dates[index] = found
        if named:
            page.give(index, "byline", "byline_lead")
        elif page.labels[index] in (None, "navigation") and (share >= 0.5 or words_of(line) < 12):
            page.labels[index] = None
            label = "date_modified" if all(date.role == "modified" for date in found) else "date_published"
            page.give(index, label, "date_line" if role is None else "date_lead")


def _bylines(page: PageState, first: int, last: int, headline: int | None) -> None:
    top = max(0, (first if headline is None else min(headline, first)) - 3)
    window = [*range(top, min(first + 3, page.count)), *range(last + 1, min(last + 4, page.count))]
    for index in window:
        if page.labels[index] is None and _has_lead_of_byline(page, index):
            page.give(index, "byline", "byline_lead")
    if "byline" in page.labels:
        return
    # A line that is only names, beside a date or right under the headline.
    for index in range((headline + 1) if headline is not None else top, first):
        line = page.lines[index]
        near = any(
            0 <= other < page.count and page.labels[other] in ("date_published", "date_modified", "read_time")
            for other in (index - 2, index - 1, index + 1, index + 2)
        )
        if page.labels[index] is None and near and len(line) < 80 and author_names(line) and _is_only_names(line):
            page.give(index, "byline", "name_beside_date")


def _is_only_names(line: str) -> bool:
    names = author_names(line)
    return bool(names) and sum(len(name) for name in names) >= 0.6 * len(line.strip())


def _description(page: PageState, headline: int | None, first: int) -> None:
    """The deck: prose under the headline and above the lines that separate it from the body."""
    if headline is None:
        return
    below = [index for index in range(headline + 1, page.count) if page.labels[index] not in ("share", "advertisement", "navigation")]
    for index in below[:4]:
        line = page.lines[index]
        if page.labels[index] is None and not page.body[index] and index < first and words_of(line) >= 5 and len(line) >= 25:
            page.give(index, "description", "under_headline")
            return
        if page.body[index]:
            following = below[below.index(index) + 1 : below.index(index) + 3]
            separated = any(
                page.labels[other] in ("date_published", "date_modified", "byline", "read_time") for other in following
            )
            if separated and words_of(line) < 70 and page.labels[index] is None:
                page.give(index, "description", "above_byline_or_date")
            return


def _kicker(page: PageState, headline: int | None) -> None:
    if headline is None:
        return
    for index in range(headline - 1, max(-1, headline - 3), -1):
        line = page.lines[index]
        if page.labels[index] in (None, "navigation") and page.methods[index] != "survey_furniture" and words_of(line) <= 4 and len(line) < 40:
            before = page.lines[index - 1] if index else ""
            if not line.startswith(tuple(_BULLETS)) and not before.startswith(tuple(_BULLETS)):
                page.labels[index] = None
                page.give(index, "kicker", "above_headline")
        return


def _whole_dates(page: PageState, first: int, past: int) -> set[int]:
    """Lines from `first` to before `past` that are dates, or short and hold a whole one."""
    dated = set()
    for index in range(first, past):
        line = page.lines[index]
        if len(line) > _LONGEST_DATE_LINE or not (found := find_dates(line)):
            continue
        short = found[0].year is not None and found[0].day is not None and words_of(line) < 16
        if short or found[0].role is not None or date_share(line, found) >= 0.5:
            dated.add(index)
    return dated


def label_head(page: PageState, first: int, last: int) -> None:
    """Label headline, byline, dates, description and kicker; `first` and `last` are the body's first and last line."""
    main = main_start(page)
    dated = _whole_dates(page, max(0, main - WINDOW), min(page.count, main + 5))
    headline = choose_headline(page, main, dated)
    if headline is not None:
        page.labels[headline] = None
        page.body[headline] = False
        page.give(headline, "headline", "headline_weight")
    _date_lines(page, first, last, headline)
    _bylines(page, first, last, headline)
    _description(page, headline, first)
    _kicker(page, headline)
