"""What names of elements mean to a page, and with class_names the tables in which native/render.c looks names up."""

from functools import cache
from typing import NamedTuple

import numpy as np

from broadsheet.readers.class_names import OF_REGIONS, SAYS, SHOWN, UNSEEN


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


_SET_APART = _names("p h1 h2 h3 h4 h5 h6 blockquote ul ol dl table figure pre hr listing xmp fieldset dir menu")
_BLOCKS = _SET_APART | _names(
    "html body div li dt dd section article main nav aside header footer form address details summary figcaption"
    " caption legend center tr thead tbody tfoot hgroup search dialog frameset noframes marquee"
)
# What is drawn, played, filled in or run, and the fallback inside it.
_NO_TEXT = _names(
    "script style template noscript title svg math canvas iframe object embed applet audio video select datalist"
    " textarea input optgroup option progress meter map rt rp noembed frame"
)
_MARKED = _names(
    "a h1 h2 h3 h4 h5 h6 p li dt dd blockquote figure figcaption caption time td th pre article main nav aside header"
    " footer section table ul ol form address button cite q small strong em b i label details summary"
)
_LESS_MARKED = _names("strong em b i small label q cite")
# What the names of a list's entries and links say of the list around them is said once, by the list.
_ENTRIES = _names("li a span button td")
_CONTAINERS = _names("div center fieldset tbody dl details")
# A gap that a style sheet draws between these, where the page's text has none.
_APART = _names("a time button span label cite address")
_SEEN_WHOLE = _names("html body article main h1")
_UNNAMED = _names("html body")
# As HTML is written: those without an end tag, and those whose text has no references.
_VOID = _names("area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr")
_RAW = _names("script xmp noframes")
# One bit each, from bit 2 on, of what native/render.c is told of an element.
_PROPERTIES = (
    _NO_TEXT, _MARKED, _LESS_MARKED, _ENTRIES, _CONTAINERS, _APART, _SEEN_WHOLE, _VOID, _RAW, _UNNAMED
)  # fmt: skip
# Elements that it has rules of their own for, by numbers from 1 on.
_RULED = tuple(map(_names, ("br", "td th", "tr", "pre", "meta", "link", "html", "title", "time", "script")))
# Tags of marks, each known by its place; 0 is none.
TAGS = ("", *sorted(_MARKED | _CONTAINERS), *sorted(set(SAYS.values())))
_CODES = {tag: code for code, tag in enumerate(TAGS)}
_OF_REGION, _UNSEEN, _SHOWN = 1 << 10, 1 << 8, 1 << 9


class Table(NamedTuple):
    """Names and a number for each, hashed as native/render.c looks them up."""

    slots: np.ndarray  # int32[slots, 3]: offset and length of a name, its number; length 0 where there is none
    names: bytes
    known: np.ndarray  # uint32[256]: bits of the places of all names, of 8,192


def _place_of(name: bytes) -> int:
    """Where native/render.c looks for a name first, before it is cut to the number of slots."""
    return name[0] + 31 * name[len(name) // 2] + 961 * name[-1] + 29791 * len(name)


def _table(numbers: dict[str, int]) -> Table:
    size = 1 << (2 * len(numbers)).bit_length()
    slots, names, known = np.zeros((size, 3), np.int32), b"", np.zeros(256, np.uint32)
    for name, number in numbers.items():
        encoded = name.encode()
        place = _place_of(encoded)
        known[place // 32 % len(known)] |= 1 << place % 32
        place %= size
        while slots[place, 1]:
            place = (place + 1) % size
        slots[place] = len(names), len(encoded), number
        names += encoded
    return Table(slots, names, known)


def _number_of(element: str) -> int:
    number = 2 if element in _SET_APART else int(element in _BLOCKS)
    number |= sum(1 << bit for bit, names in enumerate(_PROPERTIES, 2) if element in names)
    number |= sum(which << 16 for which, names in enumerate(_RULED, 1) if element in names)
    return number | _CODES.get(element, 0) << 24


def _number_said(name: str) -> int:
    tag = SAYS.get(name, "")
    return _CODES[tag] | _OF_REGION * (tag in OF_REGIONS) | _UNSEEN * (name in UNSEEN) | _SHOWN * (name in SHOWN)


@cache
def tables() -> tuple[Table, Table]:
    """What names of elements and what class names say."""
    elements = sorted(_BLOCKS.union(*_PROPERTIES, *_RULED))
    names = sorted({*SAYS, *UNSEEN, *SHOWN})
    return _table({name: _number_of(name) for name in elements}), _table({name: _number_said(name) for name in names})
