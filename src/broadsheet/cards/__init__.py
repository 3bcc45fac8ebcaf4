"""Cards of a corpus in the forms that others read, made from its schemas, its sources and the figures of its build.

Each module makes one card from the same facts; none holds a figure of its own, so that none can go stale.
"""

from broadsheet.cards.citation import citation
from broadsheet.cards.croissant import croissant
from broadsheet.cards.data_package import data_package
from broadsheet.cards.datasheet import datasheet
from broadsheet.cards.facts import Facts, read_facts
from broadsheet.cards.hub_card import hub_card

CARDS = {
    "README.md": hub_card,
    "CITATION.cff": citation,
    "DATASHEET.md": datasheet,
    "croissant.json": croissant,
    "datapackage.json": data_package,
}
__all__ = ["CARDS", "Facts", "read_facts"]
