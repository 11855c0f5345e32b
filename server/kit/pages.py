"""``/kit``: every part in all states (DESIGN §9). Registered in development only."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("kit", __name__)
