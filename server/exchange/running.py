"""The long works run in a thread of the process that was asked; any process can go on with them.

What a thread has reached stands in the database. Whoever looks at an import that shows no sign of
life for a while (its process ended) takes it up again.
"""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from flask import Flask, current_app

from domain.access import Actor
from domain.errors import Fault
from server.db import db, scope_to
from server.exchange.importing import get_import
from server.exchange.models import AT_WORK, Import, ImportState
from server.exchange.working import WORKS, fail
from server.runtime import now

SILENCE = timedelta(seconds=20)  # beyond the longest transaction, and the wait for one's turn
PATIENCE_SECONDS = 1.5  # most files are done before anybody would look at a progress bar
_log = logging.getLogger(__name__)
_threads: dict[tuple[int, int], threading.Thread] = {}
_lock = threading.Lock()


def start(jurisdiction_id: int, import_id: int) -> None:
    """Takes it up in this process, unless it is at work here already."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with _lock:
        known = _threads.get((id(app), import_id))
        if known is not None and known.is_alive():
            return
        thread = threading.Thread(
            target=_run, args=(app, jurisdiction_id, import_id), daemon=True, name="import"
        )
        _threads[id(app), import_id] = thread
        thread.start()


def wait(import_id: int, seconds: float = PATIENCE_SECONDS) -> None:
    """Until the work in this process is done, for as long as a person does not mind."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    thread = _threads.get((id(app), import_id))
    if thread is not None:
        thread.join(seconds)
        if not thread.is_alive():
            with _lock:
                _threads.pop((id(app), import_id), None)


def look_after(one: Import) -> None:
    """Takes up what a process that ended has left."""
    is_silent = one.beat_at is None or now() - one.beat_at > SILENCE
    if one.state in AT_WORK and is_silent:
        start(one.jurisdiction_id, one.id)


def _run(app: Flask, jurisdiction_id: int, import_id: int) -> None:
    with app.app_context():
        try:
            scope_to(jurisdiction_id)
            work_on(import_id)
        finally:
            db.session.remove()


def work_on(import_id: int) -> None:
    """Whatever has to be done next; a failure is written down, a busy database is tried again by
    whoever looks next."""
    one = get_import(None, import_id)
    work = WORKS.get(ImportState(one.state))
    if work is None:
        return
    actor = _actor_of(one)
    db.session.rollback()
    try:
        work(actor, import_id)
    except Fault as refused:
        db.session.rollback()
        if refused.code != "server.busy":
            fail(actor, import_id, refused.code, refused.details)
    except Exception:
        _log.exception("import %s broke off", import_id)
        db.session.rollback()
        fail(actor, import_id, "import.interrupted", {})


def _actor_of(one: Import) -> Actor | None:
    """Who is named in the history: whoever gave the order."""
    ordered = {ImportState.APPLYING: one.confirmed_by, ImportState.UNDOING: one.undone_by}
    person_id = ordered.get(ImportState(one.state), one.made_by)
    if person_id is None:
        return None
    from server.accounts.service import get_person
    from server.accounts.sessions import actor_of

    return actor_of(get_person(person_id))
