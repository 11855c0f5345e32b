"""The blueprint both API files add their routes to."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("fieldsync_api", __name__, url_prefix="/api/v1")
