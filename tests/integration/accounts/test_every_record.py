"""Walks every route that speaks of a record, reading: of one's own department, another's, another
county's.

The routes are read from the application and the answers from the access table. Another county's
record is answered as one that does not exist; what is another department's is refused, and the
refusal says nothing of it.
"""

from __future__ import annotations

import json

import pytest

from domain.access import may_ever
from tests.integration.accounts.judging import (
    OURS,
    WALKERS,
    is_refused,
    may_any,
    refusal_for,
    roads,
    words_in,
)
from tests.integration.accounts.records import how_to_add, records_of
from tests.integration.accounts.walking import Counties

# Only of oneself or of one's department, or where the register of the import may be changed.
ASKS_MORE = {
    "custody_api.read_receipt",
    "day_summary.paper",
    "exchange.error_file",
    "exchange.show",
    "summary_parts.joined_file",  # who leads, of those who take part
}


@pytest.mark.parametrize("name", WALKERS)
def test_who_may_read_a_record_reads_it_and_nobody_else(counties: Counties, name: str) -> None:
    walker, wrong = counties.walkers[name], []
    for rule, method, action in roads(counties, reading=True):
        for path, bag in {
            counties.bags[code].fill(rule): counties.bags[code] for code in OURS
        }.items():
            is_allowed = may_any(walker, action, rule, bag)
            if is_allowed and (rule.endpoint in ASKS_MORE):
                continue
            accept = "text/html" if is_allowed else refusal_for(name)
            answer = counties.ask(walker, method, rule, bag, accept=accept)
            asked = f"{method} {path} ({rule.endpoint}): {answer.status}"
            if answer.status >= 500 or is_allowed is is_refused(answer):
                wrong.append(f"{asked}, and should be {'let in' if is_allowed else 'refused'}")
            if told := words_in(counties, walker, answer):
                wrong.append(f"{asked} tells {told}")
            if not is_allowed and counties.has_changed():
                wrong.append(f"{asked} wrote")
            counties.put_back()
    assert not wrong, name


@pytest.mark.parametrize("name", WALKERS)
def test_another_countys_record_is_as_one_that_does_not_exist(
    counties: Counties, name: str
) -> None:
    walker, there, wrong = counties.walkers[name], counties.bags["there"], []
    for rule, method, action in roads(counties, reading=True):
        if not may_ever(walker.actor, action):
            continue  # refused whatever the record
        asked = f"{method} {there.fill(rule)} ({rule.endpoint})"
        for accept in {refusal_for(name), "application/json"}:
            answer = counties.ask(walker, method, rule, there, accept=accept)
            none = counties.ask(walker, method, rule, there, none=True, accept=accept)
            if answer != none:
                wrong.append(f"{asked} can be told from none")
            if answer.status not in {404, 412}:  # HEAD without the words of tus
                wrong.append(f"{asked}: {answer.status}")
            if method == "GET" and accept == "application/json":
                error = json.loads(answer.text)["error"]
                if set(error) != {"code", "message", "details"} or error["details"]:
                    wrong.append(f"{asked} says {error}")
        if counties.has_changed():
            wrong.append(f"{asked} wrote")
        counties.put_back()
    assert not wrong, name


def test_every_argument_has_a_record_of_each_county(counties: Counties) -> None:
    """Where both are the same word the walk proves nothing."""
    tr, there = counties.bags["tr"], counties.bags["there"]
    for rule in counties.app.url_map.iter_rules():
        missing = tr.lacks(rule)
        assert missing is None, f"<{missing}> of {rule.rule} ({rule.endpoint}): {how_to_add()}"
        assert tr.fill(rule) != there.fill(rule) or not records_of(rule), rule.rule
