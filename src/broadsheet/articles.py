"""From labelled lines to an article, its metadata and its blocks."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from broadsheet.dates import DateFound, DateValue, resolve_date
from broadsheet.labelling.captions import read_caption
from broadsheet.labelling.date_lines import without_dates
from broadsheet.labelling.names import author_names, is_byline, is_lead_alone
from broadsheet.labelling.phrases import read_time
from broadsheet.labelling.state import BODY_LABELS, Labels
from broadsheet.lines import Lines, Units
from broadsheet.parameters import Extract
from broadsheet.records import NO_EVIDENCE, Article, Blocks, Document, EvidenceColumns, Metadata, Reject, Source
from broadsheet.stated import joined, not_after, read_stated
from broadsheet.words import word_count

# Wire copy opens with its place, maybe a date, maybe an agency in brackets, then a dash.
_DASH = r"\s*(?:--|[-–—])\s"
_DATE_OF_PLACE = r"(?:, (?:[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?|\d{1,2}\.? [^\W\d_]{3,10}))?"
_NEXT_WORDS = r"(?:[ /,]+[^\W\d_][\w'’.\-]*){0,4}?"
_DATELINES = (
    re.compile(rf"(?P<place>[^\W\d_][\w'’.\-]*{_NEXT_WORDS}{_DATE_OF_PLACE})\s*\([^()]{{2,40}}\)(?:{_DASH}|\s*[:：])"),
    re.compile(rf"(?P<place>[^\W\d_][\w'’.\-]+{_NEXT_WORDS}{_DATE_OF_PLACE}){_DASH}"),
)
# What divides the entries of a menu that stands in one line.
_MENU = re.compile(r"\s{2,}|\s*[|·•*/]\s*|\s[-–]\s")
_LONGEST_MENU = 200
_NUMBER = re.compile(r"^\d{1,2}\.\s+")
# A body may be a list or a recipe, but somewhere it says something in a sentence; a section front does not.
_LEAST_SHARE_IN_SENTENCES = 0.2
_STOPS = tuple(".!?…。！？؟।:：")
# An article has a date of its own, one of a change, perhaps both once more; a list of teasers one for each.
_MOST_BARE_DATES = 3
# A trail of links says where a page stands: "Home / Crime". Its last step may be a word for the page itself.
_TRAIL = re.compile(r"\s+(?:/|>|»|›)\s+")
_MARKS_OF_TRAIL = "/>»›"
_LINES_OF_TRAIL, _LONGEST_TRAIL = 6, 5
_NO_SECTION = frozenset(("正文", "本文", "Article", "Artikel"))


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a document came to: blocks, and an article with its metadata or a reject."""

    blocks: Blocks
    article: Article | None
    metadata: Metadata | None
    reject: Reject | None
    evidence: EvidenceColumns = NO_EVIDENCE


class _Dated(NamedTuple):
    """A resolved date with the index of its line."""

    line: int
    date: DateFound
    value: DateValue


class _Paragraph(NamedTuple):
    text: str
    label: str
    words: int


class Body(NamedTuple):
    """The paragraphs of a page and the text that they make, or the reason why the page is no article.

    `places` are the indices of their lines.
    """

    places: Sequence[int]
    paragraphs: Sequence[_Paragraph]
    text: str
    why_no_article: str | None


def _paragraph(text: str, label: str, words: int) -> _Paragraph:
    return _Paragraph(text, label, words if "\n" not in text else word_count(text))


def make_blocks(
    document: Document,
    lines: Lines,
    units: Units,
    labels: Labels,
    scores: Sequence[float],
    body: Sequence[int],
) -> Blocks:
    """The blocks of a document: a line of a hard-wrapped paragraph has its paragraph's label, method and score.

    `body` are the indices of the units that are paragraphs of the article.
    """
    paragraphs: list[int | None] = [None] * len(units)
    for number, place in enumerate(body):
        paragraphs[place] = number
    columns: Sequence[Sequence[Any]] = (paragraphs, labels.labels, labels.methods, scores)
    if len(units) != len(lines):
        unit_of_line = np.repeat(np.arange(len(units)), units.last - units.first + 1).tolist()
        columns = [[column[index] for index in unit_of_line] for column in columns]
    return Blocks(document.document_id, np.arange(len(lines), dtype=np.int32), lines.start, lines.end, *columns)


def _first(texts: Sequence[str], labels: Labels, label: str) -> str | None:
    return texts[labels.places[label][0]] if label in labels.places else None


def dateline_of(paragraph: str) -> str | None:
    """The place line that opens a body ("BEIRUT, June 2"), without agency and dash, or None.

    Before an agency in brackets a place is words with capitals; before a bare dash its first word is all capitals.
    """
    opening = paragraph[:120]
    for number, pattern in enumerate(_DATELINES):
        match = pattern.match(opening)
        if match is None:
            continue
        place = match["place"].strip(" ,")
        words = re.split(r"[ /,]+", place)
        first_is_place = words[0].isupper() if number else not words[0][0].islower()
        if first_is_place and len(place) > 2 and all(not word[:1].islower() or len(word) <= 3 for word in words):
            return place
    return None


def _values(texts: Sequence[str], labels: Labels, source: Source, document: Document) -> list[_Dated]:
    """Resolved dates with the index of their line, in order of the lines."""
    found = []
    for index in sorted(labels.dates):
        for date in labels.dates[index]:
            value = resolve_date(
                date,
                texts[index],
                date_order=source.date_order,
                timezone=source.timezone,
                retrieved_at=document.retrieved_at,
            )
            if value is not None:
                found.append(_Dated(index, date, value))
    return found


def _rank(found: _Dated, headline: int, last: int) -> tuple[bool, bool, bool, bool, int, datetime.date]:
    """How far a date is from being that of publication: the least is the likeliest.

    A date in the head of the page comes before one after the body, one with a lead word ("Published") before
    one without, one under the headline before one above it, where pages print today's, a day before a month. Of
    two in one line the earlier is that of publication, the other that of a change.
    `headline` and `last` are the lines of the headline and of the body's end.
    """
    return (
        found.line > last,
        found.date.role != "published",
        found.line < headline,
        found.value.precision in ("month", "year"),
        found.line,
        found.value.local.date(),
    )


def _unlisted(values: Sequence[_Dated], last: int) -> list[_Dated]:
    """Dates less those of a list: many moments printed up to the line `last`, none with a word, are of teasers."""
    bare = {value.local for line, date, value in values if line <= last and date.role is None}
    if len(bare) <= _MOST_BARE_DATES:
        return [*values]
    return [found for found in values if found.line > last or found.date.role is not None]


def choose_dates(
    texts: Sequence[str], labels: Labels, source: Source, document: Document
) -> tuple[DateValue | None, DateValue | None]:
    """Dates of publication and of the last change.

    A page that states only when it was changed does not say when it was published.
    """
    values = _values(texts, labels, source, document)
    if not values:
        return None, None
    changed = next((value for _, date, value in values if date.role == "modified"), None)
    headline = labels.places["headline"][0] if "headline" in labels.places else -1
    last = max(labels.places_of(*BODY_LABELS), default=len(labels.labels))
    candidates = [found for found in _unlisted(values, last) if found.date.role != "modified"]
    published = min(candidates, key=lambda found: _rank(found, headline, last), default=None)
    return published.value if published else None, changed


def _sections(texts: Sequence[str], labels: Labels) -> str | None:
    """The section: the last step of the trail of links above the headline ("Home / Crime"), else the kicker."""
    if "headline" in labels.places:
        headline = labels.places["headline"][0]
        for index in range(headline - 1, max(-1, headline - 1 - _LINES_OF_TRAIL), -1):
            if len(texts[index]) >= 120 or not any(mark in texts[index] for mark in _MARKS_OF_TRAIL):
                continue
            steps = [step.strip() for step in _TRAIL.split(texts[index])]
            named = [step for step in steps[1:] if step != texts[headline] and step not in _NO_SECTION]
            is_trail = 2 <= len(steps) <= _LONGEST_TRAIL and not any(map(str.isdigit, texts[index]))
            if is_trail and all(steps) and named:
                return named[-1]
    if "kicker" not in labels.places:
        return None
    # A line above the headline may be anything; one that the page's menu repeats, or any paper's, is a section.
    place = labels.places["kicker"][0]
    kicker = _NUMBER.sub("", texts[place]).strip(" :|/›»>•*")
    folded = kicker.casefold()
    if labels.phrases[place] == "navigation":
        return kicker or None
    others = [*texts[:place], *texts[place + 1 :]]
    lines = (text[:_LONGEST_MENU].casefold() for text in others)
    # Of most pages all lines together tell that no other says so again.
    in_menu = folded in "\n".join(others).casefold() and any(
        step == folded for line in lines if folded in line for step in _MENU.split(line)
    )
    return kicker if kicker and in_menu else None


def _keywords(texts: Sequence[str], labels: Labels) -> tuple[str, ...]:
    found: list[str] = []
    for index in labels.places_of("tags"):
        rest = text = texts[index]
        if labels.methods[index].startswith("phrase_"):
            _, colon, rest = text.replace("：", ":").partition(":")
            if not colon:
                continue
        for piece in re.split(r"[,;|•·、，،/]\s*|\s{2,}|\s#|(?<=[\u3040-\u9fff])\s(?=[\u3040-\u9fff])", rest):
            word = piece.strip(" \t#.*•-–")
            if word and len(word) <= 60 and word not in found and "：" not in word:
                found.append(word)
    return tuple(found)


def _images(texts: Sequence[str], labels: Labels) -> tuple[dict[str, str | None], ...]:
    images: list[dict[str, str | None]] = []
    for index in labels.places_of("caption", "credit"):
        text = texts[index]
        if labels.labels[index] == "credit":
            credit = read_caption(text)
            value = credit.credit if credit else text
            if images and images[-1]["credit"] is None:
                images[-1]["credit"] = value
            else:
                images.append({"caption": None, "credit": value})
        elif labels.methods[index] != "repeats_in_caption":
            caption = read_caption(text)
            images.append(
                {"caption": caption.caption if caption else text, "credit": caption.credit if caption else None}
            )
    return tuple(images)


def _byline_fields(text: str, dates: Sequence[DateFound]) -> list[str]:
    """The parts of a byline's line that name authors; all of them where none does."""
    fields = without_dates(text, dates)
    opened = [field for field in fields if is_byline(field)]
    return opened or [field for field in fields if author_names(field)] or fields


def find_bylines(texts: Sequence[str], labels: Labels) -> tuple[str | None, tuple[str, ...]]:
    """The byline as printed, of several fields the one with names, and the authors of all bylines, each once."""
    byline, authors = None, []
    for index in labels.places_of("byline"):
        text = texts[index]
        if is_lead_alone(text):
            continue
        fields = _byline_fields(text, labels.dates.get(index, ()))
        byline = byline or next(iter(fields), None)
        names = [name for field in fields for name in author_names(field)]
        authors += [name for name in names if name not in authors]
    if len(authors) > 1:
        # Among several the one that holds the page's copyright is the outlet.
        owners = " ".join(text for text in texts if text.startswith(("©", "Copyright")))
        authors = [name for name in authors if name not in owners] or authors
    return byline, tuple(authors)


def _why_no_article(
    texts: Sequence[str], labels: Labels, paragraphs: Sequence[_Paragraph], parameters: Extract
) -> str | None:
    if not paragraphs:
        return "no line was taken for body text"
    words = sum(paragraph.words for paragraph in paragraphs)
    if "not_found" in labels.phrases and words < 120:
        return "a page that says that it was not found"
    if "wall" in labels.phrases and words < 60:
        return "a consent, login or subscription page with hardly any text"
    if words < parameters.minimum_words and "headline" not in labels.places:
        return f"{words} words and no headline; less than {parameters.minimum_words} is no article by itself"
    in_sentences = sum(
        paragraph.words
        for paragraph in paragraphs
        if paragraph.words >= 6 and paragraph.text.rstrip("”\"»’')）」』 ")[-1:] in _STOPS
    )
    if in_sentences < _LEAST_SHARE_IN_SENTENCES * words:
        return f"{in_sentences} of {words} words stand in sentences; the rest are titles or links"
    return None


def body_of(texts: Sequence[str], labels: Labels, parameters: Extract) -> Body:
    """The body of a labelled page; `texts` are the units' texts, those of hard-wrapped paragraphs as one line."""
    places = labels.places_of(*BODY_LABELS)
    paragraphs = [_paragraph(texts[place], labels.labels[place], labels.words[place]) for place in places]
    reason = _why_no_article(texts, labels, paragraphs, parameters)
    return Body(places, paragraphs, "" if reason else "\n\n".join([paragraph.text for paragraph in paragraphs]), reason)


def assemble(
    document: Document,
    hints: Any,
    lines: Lines,
    units: Units,
    texts: Sequence[str],
    labels: Labels,
    scores: Sequence[float],
    source: Source,
    body: Body,
    identified: tuple[str, float] | None,
) -> Extracted:
    """Blocks, and an article with its metadata or a `no_article` reject, of one labelled document.

    `hints` is the value of the document's JSON, `texts` are the units' texts, and `identified` the language of the
    body's text with its score.
    """
    places, paragraphs, _, reason = body
    blocks = make_blocks(document, lines, units, labels, scores, () if reason else places)
    if reason is not None:
        reject = Reject(
            document.raw_path, document.raw_record, document.raw_member, document.raw_sha256, document.raw_bytes,
            "extract", "no_article", reason,
        )  # fmt: skip
        return Extracted(blocks, None, None, reject)
    printed_headline = _first(texts, labels, "headline")
    stated = read_stated(hints, document.text, document.marks, printed_headline)
    language, language_score = identified or (stated.language or source.in_language, None)
    article = Article(
        article_id=document.document_id,
        source=document.source,
        headline=stated.headline or printed_headline,
        description=stated.description or _first(texts, labels, "description"),
        body=body.text,
        in_language=language,
        paragraph_count=len(paragraphs),
        word_count=sum(paragraph.words for paragraph in paragraphs),
    )
    printed = choose_dates(texts, labels, source, document)
    published, modified = (
        joined(not_after(date, document.retrieved_at), on_page)
        for date, on_page in zip((stated.published, stated.modified), printed, strict=True)
    )
    byline, authors = find_bylines(texts, labels)
    stated_length = _first(texts, labels, "read_time")
    metadata = Metadata(
        article_id=document.document_id,
        date_published=published.local if published else None,
        date_published_text=published.text if published else None,
        date_published_precision=published.precision if published else None,
        date_published_utc=published.utc if published else None,
        date_modified=modified.local if modified else None,
        byline=byline,
        authors=stated.authors or authors or stated.anyone,
        article_section=stated.section or _sections(texts, labels),
        keywords=stated.keywords or _keywords(texts, labels),
        publisher=stated.publisher or source.publisher,
        url=document.url or stated.url,
        time_required_minutes=None if stated_length is None else read_time(stated_length),
        images=_images(texts, labels),
        dateline=dateline_of(next((p.text for p in paragraphs if p.label == "body"), "")),
        language_score=language_score,
        raw_path=document.raw_path,
        raw_record=document.raw_record,
        raw_member=document.raw_member,
        raw_sha256=document.raw_sha256,
        raw_bytes=document.raw_bytes,
        media_type=document.media_type,
        encoding=document.encoding,
        retrieved_at=document.retrieved_at,
    )
    return Extracted(blocks, article, metadata, None)
