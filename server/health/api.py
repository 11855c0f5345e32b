"""``/healthz`` (alive) and ``/readyz`` (database, blobs); no sign-in (DESIGN §10)."""

from __future__ import annotations

import os

from flask import Blueprint, Response, jsonify
from sqlalchemy import text

from domain.access import Action, may_ever
from server.db import db
from server.guard import find_actor, guarded
from server.jobs import service as jobs
from server.runtime import runtime

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@guarded(Action.PUBLIC_READ)
def healthz() -> Response:
    """The process answers. An administrator is told how the jobs are, too."""
    if may_ever(find_actor(), Action.JOB_READ):
        return jsonify({"status": "alive", "jobs": _jobs()})
    return jsonify({"status": "alive"})


@blueprint.get("/readyz")
@guarded(Action.PUBLIC_READ)
def readyz() -> tuple[Response, int]:
    """200 when the database answers and photos can be written, else 503 and which part fails.
    ``warnings``: what works without, such as jobs that nobody sees to."""
    parts = {"database": _database_answers(), "blobs": _blobs_are_writable()}
    is_ready = all(parts.values())
    body = {
        "status": "ready" if is_ready else "not_ready",
        "parts": parts,
        "warnings": [] if not parts["database"] or _is_scheduled() else ["jobs"],
    }
    return jsonify(body), 200 if is_ready else 503


def _jobs() -> dict[str, object]:
    found = jobs.look()
    return {
        "scheduler": found.is_scheduled,
        "workers": len(found.workers),
        "trouble": found.trouble,
    }


def _is_scheduled() -> bool:
    try:
        return jobs.is_scheduled()
    except Exception:  # a probe answers, whatever is wrong
        return False


def _database_answers() -> bool:
    try:
        db.session.execute(text("SELECT 1 FROM epochs"))
    except Exception:
        return False
    return True


def _blobs_are_writable() -> bool:
    folder = runtime().config.blob_dir
    return folder.is_dir() and os.access(folder, os.W_OK)
