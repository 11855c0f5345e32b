"""Lookup: the terms of a county that run and are not met, for whoever reminds of them."""

from __future__ import annotations

from domain.terms import Term
from server.deadlines.facts.standings import SOURCES, County, Subject

# Reports have a list of their own, also of the year to come (``reports.dates``).
REMINDED = tuple(one for one in SOURCES if one is not Term.REPORT)


def list_open_terms(jurisdiction_id: int) -> list[Subject]:
    """Of every kind that is reminded of, whoever holds them; each has a due date. Of the county in
    sight."""
    county = County(jurisdiction_id)
    return [
        one
        for term in REMINDED
        for one in SOURCES[term](county, None)
        if one.standing.due is not None and one.standing.met_on is None
    ]
