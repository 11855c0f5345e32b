"""The demo's departments without its people and its draw: an empty county to import into."""

from __future__ import annotations

from pathlib import Path

from domain.access import Actor
from server.accounts.models import Department, DepartmentAlias, Jurisdiction
from server.db import db, scope_to, unit_of_work
from server.demo.county import DEPARTMENTS
from server.exchange.service import RegisterImport, import_file

DATA = Path(__file__).parent.parent.parent.parent / "data"
CHECKLISTS = DATA / "checklists.yaml"


def build_county(code: str = "140598", name: str = "测试县") -> int:
    """A county with four departments and their aliases, in scope afterwards; answers its id."""
    with unit_of_work() as work:
        county = Jurisdiction(code=code, name=name, settings={})
        work.add(county)
        work.flush()
        for entry in DEPARTMENTS:
            work.add(
                Department(
                    jurisdiction_id=county.id,
                    code=entry.code,
                    name=entry.name,
                    is_home=entry.code == "tr",
                    aliases=[
                        DepartmentAlias(jurisdiction_id=county.id, alias=alias)
                        for alias in entry.aliases
                    ],
                )
            )
        made = county.id
    db.session.remove()
    scope_to(made)
    return made


def import_firms(data: bytes, actor: Actor | None = None) -> RegisterImport:
    """The bytes of a CSV file, whole or not at all."""
    return import_file("firms", "firms.csv", data, actor)


def import_officers(data: bytes, actor: Actor | None = None) -> RegisterImport:
    """The same for officers."""
    return import_file("officers", "officers.csv", data, actor)
