"""Headers of tus 1.0 (creation, also with bytes, checksum, expiration, termination), read
strictly."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from email.utils import format_datetime

from flask import Request, Response

from domain.errors import fault
from server.fieldsync.models import Upload

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
PATH = "/api/v1/files"
CHUNK_TYPE = "application/offset+octet-stream"


def check_version(request: Request) -> None:
    """Raises ``upload.version`` (412) for any other protocol version."""
    if request.headers.get("Tus-Resumable") != VERSION:
        raise fault("upload.version")


def read_number(request: Request, name: str) -> int:
    """A whole number in a header; ``upload.malformed`` names the header otherwise."""
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise fault("upload.malformed", field=name)
    return int(text)


def read_metadata(request: Request) -> tuple[str, str]:
    """(sha256, op) out of ``Upload-Metadata``."""
    found: dict[str, str] = {}
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        name, _, coded = pair.strip().partition(" ")
        try:
            found[name] = base64.b64decode(coded, validate=True).decode("ascii")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise fault("upload.malformed", field="Upload-Metadata") from error
    if not found.get("sha256") or not found.get("op") or "\0" in found["op"]:
        raise fault("upload.malformed", field="Upload-Metadata")
    return found["sha256"], found["op"]


def read_checksum(request: Request) -> bytes | None:
    """The chunk's SHA-256 where the phone sent one; other algorithms are ``upload.malformed``."""
    text = request.headers.get("Upload-Checksum")
    if text is None:
        return None
    algorithm, _, coded = text.partition(" ")
    try:
        digest = base64.b64decode(coded, validate=True)
    except binascii.Error:
        digest = b""
    if algorithm != "sha256" or len(digest) != 32:
        raise fault("upload.malformed", field="Upload-Checksum")
    return digest


def describe(response: Response, upload: Upload) -> Response:
    """Adds what tus clients read to an answer about an upload."""
    response.headers["Upload-Offset"] = str(upload.offset)
    response.headers["Upload-Length"] = str(upload.length)
    response.headers["Cache-Control"] = "no-store"
    if upload.state == "open":
        response.headers["Upload-Expires"] = _http_date(upload.expires_at)
    return response


def describe_server(response: Response, request: Request, max_bytes: int) -> None:
    """What every answer says, what 412 says, and what OPTIONS says."""
    response.headers["Tus-Resumable"] = VERSION
    if response.status_code == 412:
        response.headers["Tus-Version"] = VERSION
    if request.method == "OPTIONS":
        response.headers["Tus-Version"] = VERSION
        response.headers["Tus-Extension"] = EXTENSIONS
        response.headers["Tus-Max-Size"] = str(max_bytes)
        response.headers["Tus-Checksum-Algorithm"] = "sha256"


def _http_date(at: datetime) -> str:
    return format_datetime(at, usegmt=True)
