"""The application behind a command, with the county it works on in scope."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flask import Flask

from domain.access import Actor, Role
from server.cli.words import BadInput, _


@contextmanager
def application() -> Iterator[Flask]:
    """The application and its context; no county yet."""
    import server.models  # noqa: F401  (a mapper may name a table no blueprint has loaded)
    from server.app import create_app
    from server.db import db

    app = create_app()
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


@contextmanager
def county() -> Iterator[Flask]:
    """The same with the installation's county in scope (one county is the default)."""
    from server.accounts.models import Jurisdiction
    from server.db import db, scope_to

    with application() as app:
        refuse_old_schema()
        found = db.session.query(Jurisdiction.id).order_by(Jurisdiction.id).first()
        if found is None:
            raise BadInput("setup.required", _("还没有本县，请先运行 suicha county create。"))
        scope_to(found[0])
        yield app


def refuse_old_schema() -> None:
    """One line instead of a failing query when the database was never set up."""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    from server.db import db
    from server.schema import MIGRATIONS

    path = db.engine.url.database
    revision = None
    # Looking into an SQLite file that is not there would make it.
    if db.engine.dialect.name != "sqlite" or (path and Path(path).is_file()):
        with db.engine.connect() as connection:
            revision = MigrationContext.configure(connection).get_current_revision()
    if revision != ScriptDirectory(str(MIGRATIONS)).get_current_head():
        raise BadInput("setup.required", _("数据库尚未建立或版本过旧，请先运行 suicha setup。"))


def operator() -> Actor:
    """Whoever may use this command line may read the whole county; it is nobody's account."""
    from server.db import db

    return Actor(
        person_id=0,
        jurisdiction_id=db.session.info["jurisdiction_id"],
        department_id=None,
        roles=frozenset({Role.AUDITOR}),
    )


def home_office() -> Actor:
    """The same where something is brought in: the home department's office does that."""
    return replace(operator(), roles=frozenset({Role.OFFICE_STAFF}), is_home=True)
