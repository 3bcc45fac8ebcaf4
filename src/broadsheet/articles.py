"""From labelled lines to an article, its metadata and its blocks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from broadsheet.dates import DateFound, DateValue, resolve_date
from broadsheet.labelling.captions import read_caption
from broadsheet.labelling.names import author_names
from broadsheet.labelling.phrases import read_time
from broadsheet.labelling.state import BODY_LABELS, Labels, words_of
from broadsheet.language import identify_language
from broadsheet.lines import Line, Unit, unwrapped
from broadsheet.parameters import Extract
from broadsheet.records import Article, Block, Document, Metadata, Reject, Source

# Wire copy opens with its place in capitals, a date, an agency in brackets, then a dash.
_DATELINE = re.compile(
    r"(?P<place>[^\W\d_a-zа-яà-ÿ][^\W\d_a-zа-яà-ÿ'’.\-]+(?:[ /,]+[^\W\d_][\w'’.\-]*){0,4}?"
    r"(?:, (?:[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?|\d{1,2}\.? [^\W\d_]{3,10}))?)"
    r"\s*(?:\([^()]{2,40}\)|[-–—])\s*[-–—]{1,2}?\s*"
)
_AGENCY_DATELINE = re.compile(
    r"(?P<place>[^\W\d_][\w'’.\-]*(?:[ ,/]+[\w'’.\-]+){0,5})\s*\((?P<agency>[^()]{2,30})\)\s*[-–—:]"
)

# A body may be a list or a recipe, but somewhere it says something in a sentence; a section front does not.
_LEAST_SHARE_IN_SENTENCES = 0.2
_STOPS = tuple(".!?…。！？؟।:：")


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a document came to: blocks, and an article with its metadata or a reject."""

    blocks: list[Block]
    article: Article | None
    metadata: Metadata | None
    reject: Reject | None


@dataclass(frozen=True, slots=True)
class _Paragraph:
    start: int
    end: int
    text: str
    label: str


def _paragraphs(document: Document, units: Sequence[Unit], labels: Labels) -> list[_Paragraph]:
    return [
        _Paragraph(unit.start, unit.end, unwrapped(document.text, unit.start, unit.end), label)
        for unit, label in zip(units, labels.labels, strict=True)
        if label in BODY_LABELS
    ]


def word_count(text: str) -> int:
    """Words separated by blanks; in Chinese and Japanese, which have none, two characters count as one."""
    return sum(words_of(line) for line in text.split("\n") if line)


def make_blocks(
    document: Document,
    lines: Sequence[Line],
    units: Sequence[Unit],
    labels: Labels,
    scores: Sequence[float],
    is_article: bool,
) -> list[Block]:
    """The blocks of a document: a line of a hard-wrapped paragraph has its paragraph's label, method and score."""
    blocks, paragraph = [], -1
    for unit, label, method, score in zip(units, labels.labels, labels.methods, scores, strict=True):
        in_body = is_article and label in BODY_LABELS
        paragraph += in_body
        for index in range(unit.first, unit.last + 1):
            line = lines[index]
            blocks.append(
                Block(
                    document.document_id,
                    index,
                    line.start,
                    line.end,
                    paragraph if in_body else None,
                    label,
                    method,
                    score,
                )
            )
    return blocks


def _first(texts: Sequence[str], labels: Labels, label: str) -> str | None:
    return next((text for text, given in zip(texts, labels.labels, strict=True) if given == label), None)


def dateline_of(paragraph: str) -> str | None:
    """The place line that opens a body ("BEIRUT, June 2"), without agency and dash, or None."""
    opening = paragraph[:120]
    for pattern in (_AGENCY_DATELINE, _DATELINE):
        match = pattern.match(opening)
        if match and words_of(match["place"]) <= 7 and match["place"].strip():
            place = match["place"].strip(" ,-–—")
            if pattern is _DATELINE and not place.split(",")[0].split()[0].isupper():
                continue
            return place if len(place) > 2 and not place.endswith(":") else None
    return None


def _values(
    texts: Sequence[str], labels: Labels, source: Source, document: Document
) -> list[tuple[int, DateFound, DateValue]]:
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
                found.append((index, date, value))
    return found


def _is_likelier(labels: Labels, index: int) -> bool:
    return labels.labels[index] in ("date_published", "date_modified", "byline", "read_time")


def choose_dates(
    texts: Sequence[str], labels: Labels, source: Source, document: Document
) -> tuple[DateValue | None, DateValue | None]:
    """Dates of publication and of the last change: the first that a lead word names so, else the first.

    A date of which the month is the finest part, or that stands in a line of furniture, is taken only where
    there is no other.
    """
    values = _values(texts, labels, source, document)
    modified = [value for _, date, value in values if date.role == "modified"]
    candidates = [
        (date.role != "published", not _is_likelier(labels, index), value.precision in ("month", "year"), place)
        for place, (index, date, value) in enumerate(values)
        if date.role != "modified"
    ]
    published = values[min(candidates)[3]][2] if candidates else None
    changed = modified[0] if modified else None
    if published is None and changed is not None:
        # A page that states only when it was changed does not say when it was published.
        return None, changed
    return published, changed


def _sections(texts: Sequence[str], labels: Labels) -> str | None:
    kicker = _first(texts, labels, "kicker")
    return kicker.strip(" :|/›»>") or None if kicker else None


def _keywords(texts: Sequence[str], labels: Labels) -> tuple[str, ...]:
    found: list[str] = []
    for text, label, method in zip(texts, labels.labels, labels.methods, strict=True):
        if label != "tags":
            continue
        rest = text
        if method.startswith("phrase_"):
            head, colon, rest = text.replace("：", ":").partition(":")
            if not colon:
                continue
        for piece in re.split(r"[,;|•·、，،/]\s*|\s{2,}|\s#", rest):
            word = piece.strip(" \t#.*•-–")
            if word and len(word) <= 60 and word not in found:
                found.append(word)
    return tuple(found)


def _images(texts: Sequence[str], labels: Labels) -> tuple[dict[str, str | None], ...]:
    images: list[dict[str, str | None]] = []
    for text, label, method in zip(texts, labels.labels, labels.methods, strict=True):
        if label == "credit":
            credit = read_caption(text)
            value = credit.credit if credit else text
            if images and images[-1]["credit"] is None:
                images[-1]["credit"] = value
            else:
                images.append({"caption": None, "credit": value})
        elif label == "caption" and method != "repeats_in_caption":
            caption = read_caption(text)
            images.append(
                {"caption": caption.caption if caption else text, "credit": caption.credit if caption else None}
            )
    return tuple(images)


def _bylines(texts: Sequence[str], labels: Labels) -> tuple[str | None, tuple[str, ...]]:
    byline, authors = None, []
    for index, (text, label) in enumerate(zip(texts, labels.labels, strict=True)):
        if label != "byline":
            continue
        byline = byline or text
        dates = labels.dates.get(index)
        names = author_names(text[: dates[0].start] if dates else text) or (
            author_names(text[dates[-1].end :]) if dates else ()
        )
        authors += [name for name in names if name not in authors]
    return byline, tuple(authors)


def _why_no_article(
    texts: Sequence[str], labels: Labels, paragraphs: Sequence[_Paragraph], parameters: Extract
) -> str | None:
    if not paragraphs:
        return "no line was taken for body text"
    words = sum(word_count(paragraph.text) for paragraph in paragraphs)
    if "not_found" in labels.phrases and words < 120:
        return "a page that says that it was not found"
    if "wall" in labels.phrases and words < 60:
        return "a consent, login or subscription page with hardly any text"
    if words < parameters.minimum_words and labels.labels.count("headline") == 0:
        return f"{words} words and no headline; less than {parameters.minimum_words} is no article by itself"
    in_sentences = sum(
        words_of(paragraph.text)
        for paragraph in paragraphs
        if words_of(paragraph.text) >= 6 and paragraph.text.rstrip("”\"»’')）」』 ")[-1:] in _STOPS
    )
    if in_sentences < _LEAST_SHARE_IN_SENTENCES * words:
        return f"{in_sentences} of {words} words stand in sentences; the rest are titles or links"
    return None


def assemble(
    document: Document,
    lines: Sequence[Line],
    units: Sequence[Unit],
    labels: Labels,
    scores: Sequence[float],
    source: Source,
    parameters: Extract,
) -> Extracted:
    """Blocks, and an article with its metadata or a `no_article` reject, of one labelled document."""
    texts = [unwrapped(document.text, unit.start, unit.end) for unit in units]
    paragraphs = _paragraphs(document, units, labels)
    reason = _why_no_article(texts, labels, paragraphs, parameters)
    blocks = make_blocks(document, lines, units, labels, scores, reason is None)
    if reason is not None:
        reject = Reject(
            document.raw_path, document.raw_record, document.raw_member, document.raw_sha256, document.raw_bytes,
            "extract", "no_article", reason,
        )  # fmt: skip
        return Extracted(blocks, None, None, reject)
    body = "\n\n".join(paragraph.text for paragraph in paragraphs)
    language, language_score = identify_language(body) or (source.in_language, None)
    article = Article(
        article_id=document.document_id,
        source=document.source,
        headline=_first(texts, labels, "headline"),
        description=_first(texts, labels, "description"),
        body=body,
        in_language=language,
        paragraph_count=len(paragraphs),
        word_count=word_count(body),
    )
    published, modified = choose_dates(texts, labels, source, document)
    byline, authors = _bylines(texts, labels)
    minutes = next(
        (read_time(text) for text, label in zip(texts, labels.labels, strict=True) if label == "read_time"), None
    )
    metadata = Metadata(
        article_id=document.document_id,
        date_published=published.local if published else None,
        date_published_text=published.text if published else None,
        date_published_precision=published.precision if published else None,
        date_published_utc=published.utc if published else None,
        date_modified=modified.local if modified else None,
        byline=byline,
        authors=authors,
        article_section=_sections(texts, labels),
        keywords=_keywords(texts, labels),
        publisher=source.publisher,
        url=document.url,
        time_required_minutes=minutes,
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
