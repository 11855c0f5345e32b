"""``/healthz`` (alive) and ``/readyz`` (database, blobs); no sign-in (DESIGN §10)."""

from __future__ import annotations

import os

from flask import Blueprint, Response, jsonify
from sqlalchemy import text

from domain.access import Action
from server.db import db
from server.guard import guarded
from server.runtime import runtime

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@guarded(Action.PUBLIC_READ)
def healthz() -> Response:
    """The process answers."""
    return jsonify({"status": "alive"})


@blueprint.get("/readyz")
@guarded(Action.PUBLIC_READ)
def readyz() -> tuple[Response, int]:
    """200 when the database answers and photos can be written, else 503 and which part fails."""
    parts = {"database": _database_answers(), "blobs": _blobs_are_writable()}
    is_ready = all(parts.values())
    body = {"status": "ready" if is_ready else "not_ready", "parts": parts}
    return jsonify(body), 200 if is_ready else 503


def _database_answers() -> bool:
    try:
        db.session.execute(text("SELECT 1 FROM epochs"))
    except Exception:
        return False
    return True


def _blobs_are_writable() -> bool:
    folder = runtime().config.blob_dir
    return folder.is_dir() and os.access(folder, os.W_OK)
