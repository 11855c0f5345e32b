"""What anybody may know of a draw, before and after its seed, and what nobody is told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from domain.draw import verify_draw
from server.accounts.models import Jurisdiction
from server.db import db, unit_of_work
from server.draws import service as draws
from server.registry.models import Firm, Officer
from tests.apps import Clock
from tests.conftest import ON_SQLITE
from tests.integration.draws.world import PLANNED_ON, SEED, SOURCE, World, build_world


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    with app.app_context():
        yield build_world()


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return app.test_client()


def freeze(world: World) -> tuple[str, str]:
    frozen = draws.freeze_pool(world.clerk, world.joint_task)
    return frozen.public_id, frozen.pool_sha256


def draw(world: World) -> str:
    frozen = draws.freeze_pool(world.clerk, world.joint_task)
    draws.run_draw(world.clerk, frozen.id, SEED, SOURCE, PLANNED_ON)
    return frozen.public_id


def hold_pools_back(world: World) -> None:
    with unit_of_work() as work:
        county = work.get_one(Jurisdiction, world.county)
        county.settings = {"draw.publish_frozen_pool": False}


def test_frozen_pool_is_public_and_its_file_has_the_published_digest(
    world: World, visitor: FlaskClient
) -> None:
    public_id, digest = freeze(world)
    page = visitor.get(f"/public/draws/{public_id}").text
    assert digest in page and "record.json" not in page
    pool = visitor.get(f"/public/draws/{public_id}/pool.json")
    assert hashlib.sha256(pool.data).hexdigest() == digest
    assert visitor.get(f"/public/draws/{public_id}/record.json").status_code == 404


def test_pool_that_the_county_holds_back_is_public_once_drawn(
    world: World, visitor: FlaskClient
) -> None:
    hold_pools_back(world)
    public_id, digest = freeze(world)
    page = visitor.get(f"/public/draws/{public_id}").text
    assert digest in page and "pool.json" not in page.replace("-pool.json", "")
    assert visitor.get(f"/public/draws/{public_id}/pool.json").status_code == 404
    assert draw(world) == public_id
    pool = visitor.get(f"/public/draws/{public_id}/pool.json")
    assert hashlib.sha256(pool.data).hexdigest() == digest


def test_drawn_record_verifies_and_names_nobody(world: World, visitor: FlaskClient) -> None:
    public_id = draw(world)
    answer = visitor.get(f"/public/draws/{public_id}/record.json")
    record = json.loads(answer.text)
    assert verify_draw(record) == []
    page = visitor.get(f"/public/draws/{public_id}").text
    drawn = db.session.scalars(
        select(Firm).where(Firm.uscc.in_([one["id"] for one in record["firms"]]))
    )
    assert all(firm.name in page and firm.uscc in page for firm in drawn)
    for officer in db.session.scalars(select(Officer)):
        for text in (page, answer.text):
            assert officer.name not in text and officer.cert_no not in text
    again = visitor.get(
        f"/public/draws/{public_id}/record.json", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")


def test_given_up_and_empty_draws_are_listed_with_their_reason(
    world: World, visitor: FlaskClient
) -> None:
    assert "还没有抽取" in visitor.get("/public/draws").text
    withdrawn = draws.freeze_pool(world.clerk, world.joint_task)
    draws.withdraw_pool(world.clerk, withdrawn.id, "对象库有遗漏")
    with unit_of_work() as work:
        for firm in work.scalars(select(Firm)):
            firm.is_active = False
    empty = draws.record_no_draw(world.clerk, world.internal_task, "本县没有此类企业")
    page = visitor.get("/public/draws").text
    for one, reason in ((withdrawn, "对象库有遗漏"), (empty, "本县没有此类企业")):
        assert one.public_id in page
        assert reason in visitor.get(f"/public/draws/{one.public_id}").text
    assert visitor.get(f"/public/draws/{empty.public_id}/pool.json").status_code == 404


def test_draw_set_aside_stays_with_its_reason_and_leads_to_the_new_one(
    world: World, visitor: FlaskClient
) -> None:
    first = draw(world)
    with unit_of_work() as work:
        old = work.scalars(select(draws.Draw)).one()
        old.state, old.reason = "superseded", "骰子没有当众掷"
    second = draws.freeze_pool(world.clerk, world.joint_task)
    with unit_of_work() as work:
        work.get_one(draws.Draw, second.id).replaces_id = old.id
    page = visitor.get(f"/public/draws/{first}").text
    assert "骰子没有当众掷" in page and f'href="/public/draws/{second.public_id}"' in page
    assert f'href="/public/draws/{first}"' in visitor.get(f"/public/draws/{second.public_id}").text
    assert verify_draw(visitor.get(f"/public/draws/{first}/record.json").get_json()) == []


def test_page_without_a_script_says_how_to_check_by_command(
    world: World, visitor: FlaskClient
) -> None:
    public_id = draw(world)
    page = visitor.get(f"/public/draws/{public_id}").text
    assert f"suicha draw verify {public_id}.json" in page
    assert "/public/draws" in visitor.get("/public").text
    assert visitor.get("/public/draws/CQ-none").status_code == 404


def test_list_does_not_read_pools_and_records(world: World, visitor: FlaskClient) -> None:
    public_id = draw(world)
    with unit_of_work() as work:
        found = work.scalars(select(draws.Draw)).one()
        count = len((found.record or {})["firms"])
    page = visitor.get("/public/draws").text
    assert public_id in page and f">{count}<" in page.replace("\n", "").replace(" ", "")


@ON_SQLITE
def test_page_and_files_that_a_browser_has_are_not_sent_again(
    world: World, visitor: FlaskClient
) -> None:
    public_id = draw(world)
    home = f"/public/draws/{public_id}"
    for path in ("/public/draws", home, f"{home}/pool.json", f"{home}/record.json"):
        first = visitor.get(path)
        again = visitor.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), path
        is_file = path.endswith(".json")
        assert ("immutable" in first.headers["Cache-Control"]) == is_file
        assert ("private" in first.headers["Cache-Control"]) != is_file
    seen = visitor.get(home).headers["ETag"]
    with unit_of_work() as work:
        for firm in work.scalars(select(Firm)):
            firm.name += "（改名）"
    assert visitor.get(home, headers={"If-None-Match": seen}).status_code == 200


def test_record_that_somebody_altered_is_another_file(world: World, visitor: FlaskClient) -> None:
    path = f"/public/draws/{draw(world)}/record.json"
    first = visitor.get(path)
    with unit_of_work() as work:
        found = work.scalars(select(draws.Draw)).one()
        found.record = {**(found.record or {}), "seed": "00000000"}
    again = visitor.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200 and verify_draw(again.get_json()) != []


@pytest.mark.both
def test_drawn_firms_are_paged_and_found_by_name(world: World, visitor: FlaskClient) -> None:
    home = f"/public/draws/{draw(world)}"
    record = visitor.get(f"{home}/record.json").get_json()
    wanted = db.session.scalars(select(Firm).where(Firm.uscc == record["firms"][-1]["id"])).one()
    for q in (wanted.name, wanted.uscc.lower()):
        page = visitor.get(home, query_string={"q": q}).text
        found = [one for one in record["firms"] if one["id"] in page]
        assert [one["id"] for one in found] == [wanted.uscc]
    assert "没有抽中这样的企业" in visitor.get(home, query_string={"q": "没有"}).text


@ON_SQLITE
def test_a_class_behind_one_address_may_look_and_one_who_takes_all_must_wait(
    world: World, app: Flask, visitor: FlaskClient, clock: Clock
) -> None:
    home = f"/public/draws/{draw(world)}"
    for _person in range(40):
        for path in ("/public", "/public/draws", home, f"{home}/record.json"):
            assert visitor.get(path).status_code == 200
    answers = [visitor.get(f"{home}/record.json").status_code for _n in range(200)]
    assert 429 in answers
    refused = visitor.get(f"{home}/record.json")
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) >= 1
    other = {"REMOTE_ADDR": "192.0.2.7"}
    assert visitor.get(home, environ_base=other).status_code == 200
    clock.advance(seconds=int(refused.headers["Retry-After"]))
    assert visitor.get(f"{home}/record.json").status_code == 200
