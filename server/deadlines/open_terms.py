"""Lookup: the terms of a county that run and are not met, for whoever reminds of them."""

from __future__ import annotations

from server.deadlines.facts.standings import SOURCES, County, Subject


def list_open_terms(jurisdiction_id: int) -> list[Subject]:
    """Of every kind that has events, whoever holds them; each has a due date. Of the county in
    sight."""
    county = County(jurisdiction_id)
    return [
        one
        for source in SOURCES.values()
        for one in source(county, None)
        if one.standing.due is not None and one.standing.met_on is None
    ]
