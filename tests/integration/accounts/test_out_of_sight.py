"""Lists, exports, searches and counts: nobody reads there what he could not open.

Every page without a record in its address is asked plainly, and once more for a file of what a
search for another county's words finds. The sync API is asked for spaces and uploads of others.
"""

from __future__ import annotations

import io
import zipfile

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from domain.access import Action, may, may_ever
from server.accounts.models import Person
from server.db import db
from tests.integration.accounts.joint_work import FINDING
from tests.integration.accounts.judging import OURS, action_of
from tests.integration.accounts.records import records_of
from tests.integration.accounts.two_counties import MARK
from tests.integration.accounts.walking import Counties, Walker, read_text

LOOKERS = ["mr office_staff", "mr of the team", "tr auditor"]
ASKED = ("", f"?q={MARK[0]}&format=xlsx", f"?q={FINDING['tr'][:2]}&format=csv")
TUS = {"Tus-Resumable": "1.0.0"}


def pages(counties: Counties, walker: Walker) -> list[Rule]:
    return [
        rule
        for rule, method in counties.rules()
        if method == "GET"
        and not records_of(rule)
        and may_ever(walker.actor, action_of(counties, rule))
        and not may(None, action_of(counties, rule))
    ]


def told_in(answer: TestResponse) -> str:
    """What somebody reads in it, also where it is a workbook or a bundle."""
    if not answer.data.startswith(b"PK"):
        return read_text(answer)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as package:
        return "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


@pytest.mark.parametrize("name", LOOKERS)
def test_no_list_file_or_search_tells_of_what_is_out_of_sight(
    counties: Counties, name: str
) -> None:
    walker, wrong = counties.walkers[name], []
    hidden = [MARK]
    for code in OURS:
        if not may(walker.actor, Action.SHEET_READ, counties.bags[code].sheet):
            hidden.append(FINDING[code])
    for rule in pages(counties, walker):
        for question in ASKED:
            path = counties.bags["tr"].fill(rule) + question
            answer = counties.raw(walker, "GET", path)
            told = [word for word in hidden if word in told_in(answer)]
            if told or answer.status_code >= 500:
                wrong.append(f"{path} ({rule.endpoint}): {answer.status_code} {told}")
            answer.close()
    counties.put_back()
    assert not wrong, name


def test_public_pages_of_one_county_tell_nothing_of_another(counties: Counties) -> None:
    visitor, wrong = counties.walkers["visitor"], []
    foreign = [MARK, str(counties.bags["there"].values["public_id"]), *FINDING.values()]
    for rule, method in counties.rules():
        if method != "GET" or not may(None, action_of(counties, rule)) or records_of(rule):
            continue
        path = f"{counties.bags['tr'].fill(rule)}?county=140599&q={MARK[0]}"
        answer = counties.raw(visitor, "GET", path)
        if told := [word for word in foreign if word in told_in(answer)]:
            wrong.append(f"{path} tells {told}")
        answer.close()
    counties.put_back()
    assert not wrong


@pytest.mark.parametrize("code", OURS)
def test_a_phone_pulls_no_space_and_sees_no_upload_of_others(counties: Counties, code: str) -> None:
    own = counties.bags[code].values
    with counties.app.app_context():
        actor = counties.walkers[f"{code} of the team"].actor
        assert actor is not None
        account = db.session.get_one(Person, actor.person_id).account
        db.session.remove()
    client, device = counties.app.test_client(), f"dev_{code}_00000001"
    body = {"account": account, "password": counties.password, "device": {"id": device}}
    signed_in = client.post("/api/v1/session", json=body)
    assert signed_in.status_code == 200, signed_in.text
    others = [one for name, one in counties.bags.items() if name != code]
    wanted = {f"user:{one.values['person_id']}": 0 for one in others}
    wanted |= {f"insp:{one.values['inspection_id']}": 0 for one in counties.bags.values()}
    read, told = set(), ""
    while wanted:  # a long space comes in pages
        pulled = client.post(
            "/api/v1/sync/pull",
            json={"device": device, "epoch": signed_in.get_json()["epoch"], "schema": 1,
                  "spaces": wanted, "limit": 500},
        )  # fmt: skip
        assert pulled.status_code == 200, pulled.text
        sent = pulled.get_json()["pages"]
        read |= {space for space, page in sent.items() if page.get("rows")}
        told += read_text(pulled)
        wanted = {space: page["to"] for space, page in sent.items() if page.get("more")}
    assert read == {f"insp:{own['inspection_id']}"}
    assert FINDING[code] in told and MARK not in told
    # Of the joint visit it reads how far the other department is, not what it found.
    assert not [found for of, found in FINDING.items() if of != code and found in told]
    for one in others:
        for method in ("HEAD", "DELETE"):
            path = f"/api/v1/files/{one.values['upload_id']}"
            assert client.open(path, method=method, headers=TUS).status_code == 404, one.name
