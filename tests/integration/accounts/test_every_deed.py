"""Walks every route that changes a record: of one's own department, another's, another county's.

What is out of sight is refused before anything is written, and another county's record as one that
does not exist. ``test_every_record.py`` reads.
"""

from __future__ import annotations

import pytest

from domain.access import may_ever
from tests.integration.accounts.judging import (
    WALKERS,
    is_refused,
    may_any,
    refusal_for,
    roads,
    words_in,
)
from tests.integration.accounts.walking import Counties


@pytest.mark.parametrize("name", WALKERS)
def test_nothing_is_done_to_a_record_out_of_sight(counties: Counties, name: str) -> None:
    walker, wrong = counties.walkers[name], []
    for rule, method, action in roads(counties, reading=False):
        if not may_ever(walker.actor, action):
            continue
        for bag in counties.bags.values():
            if may_any(walker, action, rule, bag):
                continue
            accept = refusal_for(name)
            answer = counties.ask(walker, method, rule, bag, accept=accept)
            asked = f"{method} {bag.fill(rule)} ({rule.endpoint}): {answer.status}"
            # A form without anything in it may be found wanting before its record is looked at.
            if not is_refused(answer) and answer.status not in {302, 400, 412, 415, 422}:
                wrong.append(f"{asked}, and should be refused")
            if told := words_in(counties, walker, answer):
                wrong.append(f"{asked} tells {told}")
            if counties.has_changed():
                wrong.append(f"{asked} wrote")
            if bag.name == "there":
                none = counties.ask(walker, method, rule, bag, none=True, accept=accept)
                if answer != none:
                    wrong.append(f"{asked} can be told from none")
            counties.put_back()
    assert not wrong, name


@pytest.mark.parametrize("code", ["tr", pytest.param("mr", marks=pytest.mark.soak)])
def test_who_may_change_a_record_gets_to_the_deed(counties: Counties, code: str) -> None:
    """Each deed once: with nothing in the form it is found wanting, or done."""
    bag, wrong = counties.bags[code], []
    for rule, method, action in roads(counties, reading=False):
        for walker in counties.walkers.values():
            if walker.actor and may_any(walker, action, rule, bag):
                answer = counties.ask(walker, method, rule, bag)
                if answer.status >= 500 or "session.required" in answer.text:
                    wrong.append(f"{method} {rule.rule} fails for {walker.name}")
                counties.put_back()
                break
    assert not wrong, code
