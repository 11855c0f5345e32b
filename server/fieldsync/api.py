"""JSON: push, pull, checklists, uploads, photos (docs/protocol)."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("fieldsync_api", __name__, url_prefix="/api/v1")
