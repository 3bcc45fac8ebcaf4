"""One page in memory: everything that the stages would make of it."""

import dataclasses
import hashlib
from dataclasses import dataclass

from broadsheet.extraction import extract
from broadsheet.parameters import Parameters, read_parameters
from broadsheet.readers import read_content, to_document
from broadsheet.records import Article, Block, Document, Evidence, Metadata, RawRecord, Reject, Sentence, Source
from broadsheet.segmentation import segment
from broadsheet.sources import SourceFile


@dataclass(frozen=True, slots=True)
class Page:
    """A page as the tables would have it; article and metadata, or reject, are None."""

    document: Document | None
    blocks: list[Block]
    article: Article | None
    metadata: Metadata | None
    sentences: list[Sentence]
    reject: Reject | None
    evidence: list[Evidence]


def rejected(reject: Reject) -> Page:
    """The page of a record that could not be read."""
    return Page(None, [], None, None, [], reject, [])


def read_page(record: RawRecord, source_file: SourceFile, source: Source, parameters: Parameters) -> Page:
    """A raw record as the stages would read it, with what is known of its source."""
    if not record.content:
        digest = hashlib.sha256(b"").hexdigest()
        return rejected(Reject(record.raw_path, 0, None, digest, 0, "ingest", "empty", "the file has no bytes"))
    if len(record.content) > parameters.ingest.maximum_bytes:
        detail = f"{len(record.content)} bytes, more than the limit of {parameters.ingest.maximum_bytes}"
        return rejected(Reject(record.raw_path, 0, None, None, len(record.content), "ingest", "too_large", detail))
    document = to_document(record, source_file, parameters.ingest)
    if isinstance(document, Reject):
        return rejected(document)
    (found,) = extract([document], {source.source: source}, parameters.extract)
    starts: list[int] = []
    blocks = found.blocks.rows()
    for block in blocks:
        if block.paragraph_index is not None and block.paragraph_index == len(starts):
            starts.append(block.start)
    article = found.article
    sentences = segment(article.article_id, article.body, article.in_language, starts).rows() if article else []
    return Page(document, blocks, article, found.metadata, sentences, found.reject, found.evidence.rows())


def extract_page(content: bytes, media_type: str | None = None, url: str | None = None) -> Page:
    """What the stages would make of one page, given its bytes. Never raises on content.

    `media_type` may carry a charset (`text/plain; charset=windows-1252`), which is what the page declares.
    """
    kind, _, rest = (media_type or "").partition(";")
    charset = next(
        (part.split("=", 1)[1] for part in rest.split(";") if part.strip().lower().startswith("charset=")), ""
    )
    parameters = read_parameters()
    records = read_content(content, "page", ".", SourceFile(), parameters.ingest, kind.strip().lower() or None)
    record = next(records)
    if isinstance(record, RawRecord) and next(records, None) is not None:
        detail = "a container of several records; broadsheet build reads it"
        record = Reject("page", 0, None, None, len(content), "ingest", "unsupported", detail)
    if isinstance(record, Reject):
        return rejected(record)
    record = dataclasses.replace(
        record, encoding=charset.strip(" \"'") or record.encoding, url=url or record.url
    )  # fmt: skip
    return read_page(record, SourceFile(), Source("."), parameters)
