"""Hints of a page by what they mean: JSON-LD before meta elements, these before microdata."""

import html
import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

_ARTICLES = re.compile(r"Article|BlogPosting|Report|Review|Recipe|SocialMediaPosting|CreativeWork$|Story")
_OTHERS = re.compile(r"WebPage|Video|Audio|Podcast|Event|Product|Movie")
_SITES = re.compile(r"Organization|WebSite|Newspaper|Periodical|Corporation|Brand")
# Where each value may stand: terms of JSON-LD, then names of meta elements and microdata, the best first.
_PLACES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "description": (
        ("description",),
        ("og:description", "description", "twitter:description", "dc.description", "dcterms.description"),
    ),
    "section": (
        ("articleSection",),
        ("article:section", "og:article:section", "parsely-section", "sailthru.section", "articlesection", "section"),
    ),
    "language": (("inLanguage",), ("og:locale", "language", "content-language", "dc.language", "inlanguage")),
}
_KEYWORDS = ("article:tag", "og:article:tag", "news_keywords", "parsely-tags", "sailthru.tags", "keywords")
_SITE_NAMES = ("og:site_name", "application-name", "apple-mobile-web-app-title", "dc.publisher", "twitter:site",
               "al:android:app_name", "cre", "publisher", "article:publisher", "copyright")  # fmt: skip
# What templates leave in a text, or as one; as one pattern they would be looked for at each character.
_LEFT_WITHIN = re.compile(r"\{\{|\$\{|<%|%%|\[object", re.IGNORECASE)
_LEFT_ALONE = re.compile(r"(?:undefined|null|none|n/?a|untitled|-+)$", re.IGNORECASE)
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?\b")
_BETWEEN_KEYWORDS = re.compile("[,;|、，]")
_ELEMENT = re.compile(r"<[^<>]{0,200}>")
_MOST_CLEANED = 1_000
_MOST_WALKED, _LONGEST_KEYWORD, _MOST_KEYWORDS = 500, 60, 40


def clean(value: Any) -> str | None:
    """A string with its entities read, its tags gone and its blanks single; None for what a template left."""
    return _clean(value) if isinstance(value, str) else None


# The same few strings stand in many places of a page.
@lru_cache(_MOST_CLEANED)
def _clean(value: str) -> str | None:
    text = html.unescape(value) if "&" in value else value
    if "<" in text:
        text = _ELEMENT.sub(" ", text)
    text = " ".join(text.split())
    if not text or (("{" in text or "%" in text or "[" in text) and _LEFT_WITHIN.search(text)):
        return None
    return None if " " not in text and _LEFT_ALONE.match(text) else text


def strings(value: Any) -> Iterator[str]:
    """The strings of a value that is one or a list of them, cleaned."""
    return filter(None, map(clean, value if isinstance(value, list) else (value,)))


class _Kind(NamedTuple):
    """What an object of JSON-LD is by its type."""

    is_article: bool
    is_other: bool
    is_site: bool


# Pages have few types between them.
@lru_cache(_MOST_CLEANED)
def _kind_of(type_: str) -> _Kind:
    is_article, is_other, is_site = (bool(each.search(type_)) for each in (_ARTICLES, _OTHERS, _SITES))
    return _Kind(is_article, is_other, is_site and "Person" not in type_)


def _objects(json_ld: Any) -> list[dict[str, Any]]:
    """Every object of the JSON-LD, the outer before the inner."""
    found: list[dict[str, Any]] = []
    queue: list[Any] = [json_ld]
    while queue and len(found) < _MOST_WALKED:
        value = queue.pop(0)
        if isinstance(value, list):
            queue[:0] = value
        elif isinstance(value, dict):
            found.append(value)
            # A tuple, as `dict | list` would be made anew for each value.
            queue += [each for each in value.values() if isinstance(each, (dict, list))]
    return found


def _articles(objects: Sequence[dict[str, Any]], kinds: Sequence[_Kind]) -> list[dict[str, Any]]:
    """The objects that are the article, the likeliest first."""
    both = list(zip(objects, kinds, strict=True))
    good = [each for each, kind in both if kind.is_article or "headline" in each]
    fair = [each for each, kind in both if kind.is_other and "datePublished" in each and each not in good]
    # The article of a page of news has a headline and a date, one of a list of others often not.
    good.sort(key=lambda each: ("headline" not in each) + ("datePublished" not in each))
    return good + fair


class Hints:
    """The hints of one page."""

    def __init__(self, hints: Any) -> None:
        hints = hints if isinstance(hints, dict) else {}
        self.all: dict[str, Any] = hints
        self.meta: dict[str, Any] = _dict(hints.get("meta"))
        self.items: dict[str, Any] = _dict(hints.get("items"))
        self.record: dict[str, Any] = _dict(hints.get("record"))
        # Names of meta elements and microdata: a page has few of those that are asked for.
        self.named = {*self.meta, *self.items}
        self.objects = _objects(hints.get("json_ld"))
        kinds = [_kind_of(_type(each)) for each in self.objects]
        self.articles = _articles(self.objects, kinds)
        self._site_objects = [each for each, kind in zip(self.objects, kinds, strict=True) if kind.is_site]

    @cached_property
    def by_id(self) -> dict[str, dict[str, Any]]:
        """Objects with a name by their @id, which others refer to."""
        return {each["@id"]: each for each in self.objects if isinstance(each.get("@id"), str) and len(each) > 1}

    def values(self, *names: str) -> Iterator[str]:
        """The values of meta elements or microdata of each name, cleaned."""
        for name in filter(self.named.__contains__, names):
            for place in (self.meta, self.items):
                if name in place:
                    yield from strings(place[name])

    def first(self, what: str) -> str | None:
        """The best value of description, section or language."""
        found = next(filter(None, map(clean, self._candidates(what))), None)
        return _language_tag(found) if what == "language" else found

    def _candidates(self, what: str) -> Iterator[Any]:
        """The values of description, section or language, the best first."""
        terms, names = _PLACES[what]
        yield self.record.get("article_section" if what == "section" else what)
        if what == "language":
            yield self.record.get("in_language")
        for each in self.articles:
            for term in terms:
                if term in each:
                    yield from strings(each[term])
        if what == "language":
            yield self.all.get("language")
        yield from self.values(*names)

    def keywords(self) -> tuple[str, ...]:
        """Keywords of the first place that has some, each once."""
        places: list[Any] = [self.record.get("keywords"), *(each.get("keywords") for each in self.articles)]
        places += [self.meta[name] for name in _KEYWORDS if name in self.meta]
        for place in filter(None, places):
            words = [word.strip(" #\"'") for word in _BETWEEN_KEYWORDS.split(",".join(strings(place)))]
            found = [
                word for word in dict.fromkeys(words) if word and len(word) <= _LONGEST_KEYWORD and ":" not in word
            ]
            if found:
                return tuple(found[:_MOST_KEYWORDS])
        return ()

    @cached_property
    def sites(self) -> list[str]:
        """Names of the site and its publisher."""
        found = [*strings(self.meta.get("og:site_name"))]
        found += [text for each in self.articles if "publisher" in each for text in self.names(each["publisher"])]
        found += [text for each in self._site_objects for text in strings(each.get("name"))]
        found += [text.lstrip("@") for name in _SITE_NAMES if name in self.meta for text in strings(self.meta[name])]
        return list(dict.fromkeys(name for name in found if len(name) <= 80 and "://" not in name))

    def publisher(self) -> str | None:
        """Who the page or record says published it."""
        stated = next(strings(self.record.get("publisher")), None)
        return stated or next(iter(self.sites), None)

    def names(self, value: Any) -> Iterator[str]:
        """Names of people or organisations: strings, objects with a name, or references to these."""
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                whole = self.by_id.get(str(each.get("@id")), each) if "name" not in each else each
                name = whole.get("name") or " ".join(strings([whole.get("givenName"), whole.get("familyName")]))
                yield from strings(name)
            else:
                yield from strings(each)

    @cached_property
    def url(self) -> str | None:
        """The page's own address: canonical, og:url, JSON-LD; absolute ones only."""
        for candidate in filter(None, map(clean, self._addresses())):
            if candidate.startswith(("http://", "https://")) and " " not in candidate:
                return candidate
        return None

    def _addresses(self) -> Iterator[Any]:
        """What may be the page's own address, the best first."""
        yield self.record.get("url")
        yield self.all.get("canonical")
        yield from self.meta.get("og:url", ())
        for each in self.articles:
            yield each.get("url")
            main = each.get("mainEntityOfPage")
            yield main.get("@id") if isinstance(main, dict) else main

    @cached_property
    def domain(self) -> str:
        """The host of the page's address without "www.", or nothing."""
        # The address up to its path is the same for all pages of a site.
        return _host("/".join((self.url or "").split("/", 3)[:3])).removeprefix("www.")


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


@lru_cache(_MOST_CLEANED)
def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _type(each: dict[str, Any]) -> str:
    kind = each.get("@type")
    return kind if isinstance(kind, str) else " ".join(map(str, kind)) if isinstance(kind, list) else str(kind or "")


@lru_cache(_MOST_CLEANED)
def _language_tag(value: str | None) -> str | None:
    """A language tag (BCP 47) as "de" or "zh-Hant-TW", or None for what is none."""
    match = _LANGUAGE.match(value or "")
    if match is None:
        return None
    language, script, region = match.groups()
    parts = [language.lower(), script and script.title(), region and region.upper()]
    return "-".join(part for part in parts if part)
