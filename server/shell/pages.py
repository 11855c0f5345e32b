"""Serves ``/app/`` (the built field app) and ``/static/`` (the page kit's files)."""

from __future__ import annotations

import hashlib
import mimetypes
import os
import re
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory
from werkzeug.utils import safe_join

from domain.access import Action
from domain.errors import fault
from server.guard import guarded

STATIC = Path(__file__).parent.parent.parent / "pwa" / "static"
BUILD = STATIC / "build"
_VERSION = re.compile(r"[0-9a-f]{12}")
PACKED = (("br", ".br"), ("gzip", ".gz"))
FOR_EVER = "public, max-age=31536000, immutable"

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
    response = _send_packed(name)
    is_hashed = name.startswith("assets/")
    response.headers["Cache-Control"] = FOR_EVER if is_hashed else "no-cache"
    if name == "sw.js":
        response.headers["Service-Worker-Allowed"] = "/app/"
    return response


def _send_packed(name: str) -> Response:
    """The file in the smallest form that was built and that the browser takes. Said to caches even
    where there is none: what they keep depends on who asked."""
    for coding, suffix in PACKED:
        if request.accept_encodings.quality(coding) > 0 and (BUILD / f"{name}{suffix}").is_file():
            kind = mimetypes.guess_type(name)[0]
            response = send_from_directory(BUILD, f"{name}{suffix}", mimetype=kind)
            response.headers["Content-Encoding"] = coding
            break
    else:
        response = send_from_directory(BUILD, name)
    response.vary.add("Accept-Encoding")
    return response


@blueprint.get("/static/<path:name>", endpoint="static")
@guarded(Action.PUBLIC_READ)
def static_file(name: str) -> Response:
    """Stylesheets, scripts and icons of the office pages. Under the address of this version
    (``kit_file``) the browser keeps them: a page asks for itself alone. A page that was open
    while a new version came gets the new files."""
    version, _slash, rest = name.partition("/")
    is_current = version == kit_version()
    if is_current or _VERSION.fullmatch(version):
        name = rest
    if name.startswith("build/"):
        raise fault("request.not_found")
    response = send_from_directory(STATIC, name)
    response.headers["Cache-Control"] = FOR_EVER if is_current else "no-cache"
    return response


@blueprint.app_template_global()
def kit_file(name: str) -> str:
    """The address of a stylesheet, script or icon in this version. The version is a folder, so that
    what a script imports from beside it has it too."""
    return f"/static/{kit_version()}/{name}"


@cache
def kit_version() -> str:
    """Twelve hex digits that change with any of the files."""
    whole = hashlib.sha256()
    for file in sorted(one for one in STATIC.iterdir() if one.is_file()):
        whole.update(f"{file.name}\n{file.stat().st_size}\n".encode())
        whole.update(file.read_bytes())
    return whole.hexdigest()[:12]
