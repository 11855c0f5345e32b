"""Serves ``/app/`` (the built field app) and ``/static/`` (the page kit's files)."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Blueprint, Response, send_from_directory
from werkzeug.utils import safe_join

from domain.access import Action
from domain.errors import fault
from server.guard import guarded

STATIC = Path(__file__).parent.parent.parent / "pwa" / "static"
BUILD = STATIC / "build"

blueprint = Blueprint("shell", __name__)


@blueprint.get("/app/")
@blueprint.get("/app/<path:name>")
@guarded(Action.PUBLIC_READ)  # the sign-in screen is part of the app
def field_app(name: str = "index.html") -> Response:
    """The app's files. Hashed assets are immutable; the shell and the worker are revalidated."""
    found = safe_join(str(BUILD), name)
    # os.path and not Path: a name longer than a file's may be is simply not there
    if found is None or not os.path.isfile(found):  # noqa: PTH113
        raise fault("request.not_found")
    response = send_from_directory(BUILD, name)
    is_hashed = name.startswith("assets/")
    response.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if is_hashed else "no-cache"
    )
    if name == "sw.js":
        response.headers["Service-Worker-Allowed"] = "/app/"
    return response


@blueprint.get("/static/<path:name>", endpoint="static")
@guarded(Action.PUBLIC_READ)
def static_file(name: str) -> Response:
    """Stylesheets, scripts and icons of the office pages."""
    if name.startswith("build/"):
        raise fault("request.not_found")
    response = send_from_directory(STATIC, name)
    response.headers["Cache-Control"] = "no-cache"
    return response
