"""Walks every route whose address is a key of its own: with a key that is wrong, foreign, given up,
or whose hour is over, it answers as with one that never was, whoever asks, and does nothing."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

import pytest
from werkzeug.routing import Rule

from server.db import db, scope_to
from server.telling import service as telling
from tests.integration.accounts.joint_work import FINDING
from tests.integration.accounts.kept import Kept
from tests.integration.accounts.records import CHOICES, NOWHERE
from tests.integration.accounts.two_counties import MARK
from tests.integration.accounts.walking import OF_EACH, TOKEN, Counties, Walker

NEVER = "x" * 43
ASKERS = ["visitor", "tr office_staff", "mr of the team"]


def doors(counties: Counties) -> Iterator[tuple[Rule, str]]:
    for rule, method in counties.rules():
        if "token" in rule.arguments:
            yield rule, method


def link_of(counties: Counties, bag: str) -> str:
    visit = counties.bags[bag].values["inspection_id"]
    with sqlite3.connect(counties.path) as base:
        query = "SELECT token FROM firm_links WHERE inspection_id = ? AND revoked_at IS NULL"
        (token,) = base.execute(query, [visit]).fetchone()
    base.close()
    return str(token)


def address(counties: Counties, rule: Rule, token: str, bag: str = "tr") -> str:
    """With the other arguments of a visit that is there."""
    values: dict[str, object] = {"token": token}
    for name in rule.arguments - {"token"}:
        known = counties.bags[bag].values
        values[name] = known[name] if name in known else CHOICES.get(name, NOWHERE[str])
    values |= {"form": "pdf"} if "form" in values else {}
    built = rule.build(values)
    assert built is not None, rule.rule
    return built[1]


def said(counties: Counties, walker: Walker, method: str, path: str, token: str) -> tuple[int, str]:
    """What came back, without the key itself, which stands in the forms."""
    answer = counties.raw(walker, method, path)
    head = "".join(f"{k}: {v}\n" for k, v in answer.headers.items() if k not in OF_EACH)
    text = TOKEN.sub("-", head + answer.get_data(as_text=True)).replace(token, "*")
    answer.close()
    return answer.status_code, re.sub(r"\b[0-9a-f]{64}\b", "#", text)


def walk(counties: Counties, walker: Walker, token: str, bag: str) -> list[str]:
    """What is wrong: told apart from a key that never was, or telling, or done."""
    wrong = []
    for rule, method in doors(counties):
        asked = f"{method} {rule.rule} as {walker.name}"
        never = said(counties, walker, method, address(counties, rule, NEVER, bag), NEVER)
        counties.put_back()
        found = said(counties, walker, method, address(counties, rule, token, bag), token)
        if found[0] >= 500 or found != never:
            wrong.append(f"{asked}: {found[0]}, told apart from a key that never was")
        if any(word in found[1] for word in [*FINDING.values(), MARK]):
            wrong.append(f"{asked} tells of the record")
        # how often somebody guesses is counted, and nothing else
        if counties.has_changed() and rule.endpoint not in {"firm.enter", "firm.leave"}:
            wrong.append(f"{asked} wrote")
        counties.put_back()
    return wrong


@pytest.mark.parametrize("name", ASKERS)
def test_a_key_alone_opens_nothing_and_a_foreign_one_is_as_one_that_never_was(
    counties: Counties, name: str
) -> None:
    assert len(list(doors(counties))) >= 8
    for bag in ("tr", "there"):
        wrong = walk(counties, counties.walkers[name], link_of(counties, bag), bag)
        assert not wrong, bag


def test_who_is_inside_one_visit_opens_no_other_and_is_out_with_the_hour_or_the_link(
    counties: Counties,
) -> None:
    token, foreign = link_of(counties, "tr"), link_of(counties, "there")
    visit = int(counties.bags["tr"].values["inspection_id"])
    actor = counties.walkers["tr office_staff"].actor
    assert actor is not None
    with counties.app.app_context():
        scope_to(actor.jurisdiction_id)
        secret = telling.issue_code(actor, visit, "tr")
        db.session.remove()
    browser = counties.app.test_client()
    assert browser.post(f"/firm/{token}", data={"code": secret}).status_code == 302
    cookie = browser.get_cookie("suicha_firm", path=f"/firm/{token}")
    assert cookie is not None
    firm = Walker("the firm", None, f"{cookie.key}={cookie.value}")
    inside = counties.raw(firm, "GET", f"/firm/{token}")
    assert FINDING["tr"] in inside.get_data(as_text=True), "else the walk proves nothing"
    Kept(counties.app, counties.path).close()  # from here on put back with the firm inside
    counties.put_back()
    assert not walk(counties, firm, foreign, "there")
    counties.clock.advance(minutes=61)
    assert not walk(counties, firm, token, "tr")
    counties.clock.advance(minutes=-61)
    with counties.app.app_context():
        scope_to(actor.jurisdiction_id)
        telling.revoke_link(actor, visit, "tr", "错发")
        db.session.remove()
    Kept(counties.app, counties.path).close()
    counties.put_back()
    assert not walk(counties, firm, token, "tr")
