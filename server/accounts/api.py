"""JSON: sign-in of the field app (docs/protocol 13.2)."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("accounts_api", __name__, url_prefix="/api/v1")
