"""Printed dates and times: found in a line, read, and resolved to points in time.

>>> found = find_dates("Updated: Oct. 23, 2016 1:15 a.m. ET")[0]
>>> found.role, found.year, found.month, found.day, found.hour, found.utc_offset_minutes
('modified', 2016, 10, 23, 1, -240)
>>> resolve_date(found, "Updated: Oct. 23, 2016 1:15 a.m. ET").utc
datetime.datetime(2016, 10, 23, 5, 15)
"""

from broadsheet.dates.finder import LINE_LIMIT, find_dates, may_be_relative
from broadsheet.dates.found import DateFound
from broadsheet.dates.resolve import DateValue, resolve_date
from broadsheet.dates.share import date_share

__all__ = [
    "LINE_LIMIT",
    "DateFound",
    "DateValue",
    "date_share",
    "find_dates",
    "may_be_relative",
    "resolve_date",
]
