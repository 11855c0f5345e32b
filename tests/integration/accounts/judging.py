"""What the access table says of a route and a record, and what an answer says to who asked."""

from __future__ import annotations

import pytest
from werkzeug.routing import Rule

from domain.access import Action, may
from tests.integration.accounts.joint_work import FINDING
from tests.integration.accounts.records import Bag, records_of
from tests.integration.accounts.two_counties import MARK
from tests.integration.accounts.walking import Answer, Counties, Walker, roles_of

READING = {"GET", "HEAD"}
OURS = ("tr", "mr")
# What these may is what somebody else here may, or less: left to the long run.
SELDOM = {"mr inspector", "mr deputy_head", "mr unit_head", "mr admin", "mr auditor",
          "mr team_lead", "mr of the team", "tr team_lead", "tr auditor", "tr deputy_head",
          "tr unit_head"}  # fmt: skip
# A refusal is one page for everybody: these look at it, the others read it as programs do.
LOOKING = {"visitor", "tr office_staff", "mr office_staff"}
WALKERS = [
    pytest.param(name, marks=[pytest.mark.soak] if name in SELDOM else [])
    for name in ["visitor", *roles_of("tr"), *roles_of("mr")]
]


def action_of(counties: Counties, rule: Rule) -> Action:
    found: Action = counties.app.view_functions[rule.endpoint].required_action
    return found


def roads(counties: Counties, *, reading: bool) -> list[tuple[Rule, str, Action]]:
    """Every rule with a record in it that is not everybody's, with one of its methods."""
    return [
        (rule, method, action_of(counties, rule))
        for rule, method in counties.rules()
        if records_of(rule)
        and not may(None, action_of(counties, rule))
        and counties.bags["tr"].lacks(rule) is None
        and (method in READING) is reading
    ]


def refusal_for(name: str) -> str:
    """What this walker asks for where a refusal is due."""
    return "text/html" if name in LOOKING else "application/json"


def is_refused(answer: Answer) -> bool:
    if answer.status == 302:
        return any(k == "Location" and "/sign-in?" in v for k, v in answer.headers)
    return answer.status in {401, 403, 404} or "nothing_to_export" in answer.text


def may_any(walker: Walker, action: Action, rule: Rule, bag: Bag) -> bool:
    return any(may(walker.actor, action, one) for one in bag.targets(rule))


def words_in(counties: Counties, walker: Walker, answer: Answer) -> list[str]:
    """Words of records this walker may not read that the answer tells."""
    hidden = [
        FINDING[code]
        for code in OURS
        if not may(walker.actor, Action.SHEET_READ, counties.bags[code].sheet)
    ]
    return [word for word in [*hidden, MARK] if word in answer.text]
