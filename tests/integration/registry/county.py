"""The demo's departments without its people and its draw: an empty county to import into."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from domain.access import Actor, Role
from server.accounts.models import Department, DepartmentAlias, Jurisdiction
from server.accounts.service import add_person, find_department, get_jurisdiction
from server.db import db, scope_to, unit_of_work
from server.demo.county import DEPARTMENTS
from server.exchange.service import RegisterImport, import_file
from server.registry.service import import_checklists
from tests.conftest import Beginning

DATA = Path(__file__).parent.parent.parent.parent / "data"
CHECKLISTS = DATA / "checklists.yaml"
PASSWORD = "a long password"


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


def _build_listed() -> int:
    county = build_county()
    import_checklists(CHECKLISTS.read_bytes())
    return county


LISTED = Beginning("listed", _build_listed)  # with all the lists that come with the product


def enter_listed(app: Flask) -> int:
    """The county a database begins with that is ``LISTED``, in scope afterwards; answers its id."""
    county: int = LISTED.told(app)
    scope_to(county)
    return county


def import_firms(data: bytes, actor: Actor | None = None) -> RegisterImport:
    """The bytes of a CSV file, whole or not at all."""
    return import_file("firms", "firms.csv", data, actor)


def import_officers(data: bytes, actor: Actor | None = None) -> RegisterImport:
    """The same for officers."""
    return import_file("officers", "officers.csv", data, actor)


def office_of(county: int, account: str = "office") -> Actor:
    """Somebody of the home department's office, with an account."""
    home = find_department("tr")
    assert home is not None
    person = add_person(
        get_jurisdiction(county), home, account, account, PASSWORD, [Role.OFFICE_STAFF]
    )
    return Actor(
        person.id, county, home.id, frozenset({Role.OFFICE_STAFF}), name=account, is_home=True
    )
