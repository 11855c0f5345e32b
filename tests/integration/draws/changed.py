"""The small county of ``world`` after a joint draw, with its heads and with phones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask

from domain.access import Role
from server.accounts.models import Person, PersonRole
from server.accounts.service import hash_password
from server.db import db, unit_of_work
from server.draws import service as draws
from server.inspections.models import Inspection, TeamMember
from server.inspections.publishing import active_team
from tests.integration.builders import PASSWORD
from tests.integration.draws.world import PLANNED_ON, SEED, SOURCE, World, build_world
from tests.integration.fieldsync.phone import Phone

FRESH = "6 5 4 3 2 1 1 2"
WITNESS = "现场掷骰子，见证人乙"
AT_HOME = "127.0.0.1"


def build_drawn(**counts: int) -> World:
    """One joint draw has been made."""
    world = set_up(**counts)
    frozen = draws.freeze_pool(world.clerk, world.joint_task)
    draws.run_draw(world.clerk, frozen.id, SEED, SOURCE, PLANNED_ON)
    return world


def set_up(**counts: int) -> World:
    """Everybody can sign in; ``head`` and ``mr_head`` approve, ``mr_lead`` leads there."""
    world = build_world(**counts)
    secret = hash_password(PASSWORD)
    with unit_of_work() as work:
        for account, name, department, role in (
            ("head", "主要负责人", world.home, Role.UNIT_HEAD),
            ("mr_head", "市场局负责人", world.other, Role.UNIT_HEAD),
            ("mr_lead", "市场局组长", world.other, Role.TEAM_LEAD),
        ):
            person = Person(
                jurisdiction_id=world.county, department_id=department, account=account,
                name=name, password_hash=secret, roles=[PersonRole(role=str(role))],
            )  # fmt: skip
            work.add(person)
            work.flush()
            world.people[account] = person.id
        for person in work.query(Person):
            person.password_hash = secret
    return world


def visits() -> list[Inspection]:
    return db.session.query(Inspection).order_by(Inspection.id).all()


def member(world: World, visit: Inspection, *, is_lead: bool = True) -> TeamMember:
    """Of the home department."""
    return next(
        one
        for one in active_team(visit)
        if one.department_id == world.home and one.is_lead is is_lead
    )


def account_of(world: World, officer_id: int) -> str:
    return next(name for name, one in world.officers.items() if one == officer_id)


@dataclass
class Ground:
    """What a phone asks of the county: the space it records in, and who is who."""

    world: World
    space: str = ""

    @property
    def people(self) -> dict[str, int]:
        return self.world.people


def phone_of(app: Flask, world: World, account: str, visit: Inspection | None = None) -> Phone:
    return Phone(app, Ground(world, visit.space if visit else ""), account)  # type: ignore[arg-type]


def pulled(phone: Phone) -> dict[str, Any]:
    """What the phone asks for when it knows everything it ever saw, and what it is told."""
    body = {"device": phone.device, "epoch": phone.epoch, "schema": 1, "spaces": phone.cursor}
    answer = phone.post("/api/v1/sync/pull", body)
    assert answer.status_code == 200, answer.get_json()
    told: dict[str, Any] = answer.get_json()
    return told
