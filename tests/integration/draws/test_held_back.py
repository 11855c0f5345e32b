"""A county that names the drawn firms later: what is public meanwhile, and what tells nobody."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from domain.draw import verify_draw
from server.accounts.models import Jurisdiction
from server.db import db, unit_of_work
from server.draws import service as draws
from server.draws.models import Draw
from server.inspections.models import Inspection, Sheet
from server.registry.models import Firm
from server.runtime import now, today
from tests.integration.draws.world import PLANNED_ON, SEED, SOURCE, World, build_world


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    with app.app_context():
        yield build_world()


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return app.test_client()


def name_firms_from(world: World, when: str) -> None:
    with unit_of_work() as work:
        county = work.get_one(Jurisdiction, world.county)
        county.settings = {"public.firms_from": when}


def freeze(world: World) -> Draw:
    return draws.freeze_pool(world.clerk, world.joint_task)


def draw(world: World) -> str:
    frozen = freeze(world)
    draws.run_draw(world.clerk, frozen.id, SEED, SOURCE, PLANNED_ON)
    return str(frozen.public_id)


def sheets() -> list[Sheet]:
    query = select(Sheet).join(Inspection).where(Inspection.withdrawn_at.is_(None))
    return list(db.session.scalars(query.order_by(Sheet.id)))


def end(count: int | None = None, *, is_published: bool = False) -> None:
    """The first ``count`` sheets are over, or all."""
    with unit_of_work():
        for sheet in sheets()[:count]:
            sheet.ended_on = today()
            sheet.published_at = now() if is_published else None


def secrets_of(public_id: str) -> list[str]:
    """Whatever tells a firm that it was drawn."""
    found = db.session.scalars(select(Draw).where(Draw.public_id == public_id)).one()
    record = found.record or {}
    firms = db.session.scalars(select(Firm)).all()
    tickets = [one["ticket"][:12] for one in record["firms"]]
    return [
        found.seed or SEED,
        SOURCE,
        *tickets,
        *(text for one in firms for text in (one.name, one.uscc)),
    ]


def test_until_all_are_visited_the_page_names_no_firm_and_nothing_that_would_tell(
    world: World, visitor: FlaskClient
) -> None:
    name_firms_from(world, "visited")
    public_id = draw(world)
    home = f"/public/draws/{public_id}"
    record = db.session.scalars(select(Draw)).one()
    drawn, digest = len((record.record or {})["firms"]), record.pool_sha256
    count = len(sheets())
    for ended in (0, count - 1):
        end(ended)
        page = visitor.get(home).text
        assert [one for one in secrets_of(public_id) if one in page] == []
        assert digest in page and f"{drawn} 户" in page and "交通运输局 5 人" in page
        assert "抽中的企业全部检查完成后" in page and "data-run" not in page
        for name in ("pool.json", "record.json"):
            answer = visitor.get(f"{home}/{name}")
            assert answer.status_code == 403 and "draw.held_back" in answer.text
            assert [one for one in secrets_of(public_id) if one in answer.text] == []
    held = visitor.get(home).text
    end()
    page = visitor.get(home).text
    text = visitor.get(f"{home}/record.json").data
    assert hashlib.sha256(text).hexdigest() in held  # it was committed to while it was held
    assert SOURCE in page and "data-run" in page
    assert verify_draw(visitor.get(f"{home}/record.json").get_json()) == []
    assert hashlib.sha256(visitor.get(f"{home}/pool.json").data).hexdigest() == digest


def test_until_the_results_are_public_a_visit_that_ended_names_nobody(
    world: World, visitor: FlaskClient
) -> None:
    name_firms_from(world, "published")
    public_id = draw(world)
    end()
    assert SOURCE not in visitor.get(f"/public/draws/{public_id}").text
    end(is_published=True)
    assert SOURCE in visitor.get(f"/public/draws/{public_id}").text


def test_visit_that_is_withdrawn_holds_nothing_back(world: World, visitor: FlaskClient) -> None:
    name_firms_from(world, "visited")
    public_id = draw(world)
    with unit_of_work() as work:
        for visit in work.scalars(select(Inspection)):
            visit.withdrawn_at = now()
    assert SOURCE in visitor.get(f"/public/draws/{public_id}").text


def test_frozen_pool_is_held_back_as_well_and_its_digest_is_not(
    world: World, visitor: FlaskClient
) -> None:
    name_firms_from(world, "visited")
    frozen = freeze(world)
    home = f"/public/draws/{frozen.public_id}"
    assert frozen.pool_sha256 in visitor.get(home).text
    assert visitor.get(f"{home}/pool.json").status_code == 403
    name_firms_from(world, "drawn")
    assert visitor.get(f"{home}/pool.json").status_code == 200


def test_set_aside_draw_waits_for_the_one_that_took_its_place(
    world: World, visitor: FlaskClient
) -> None:
    name_firms_from(world, "visited")
    first = draw(world)
    with unit_of_work() as work:
        old = work.scalars(select(Draw)).one()
        old.state = "superseded"
        for visit in work.scalars(select(Inspection)):
            visit.withdrawn_at = now()
    second = draw(world)
    with unit_of_work() as work:
        new = work.scalars(select(Draw).where(Draw.public_id == second)).one()
        new.replaces_id = old.id
    assert SOURCE not in visitor.get(f"/public/draws/{first}").text
    end()
    assert SOURCE in visitor.get(f"/public/draws/{first}").text
