"""HTTP: photo bytes in (tus 1.0) and photos out (docs/protocol 13.6)."""

from __future__ import annotations

from flask import Response, request, send_file, url_for

from domain.access import Action
from domain.errors import fault
from server.fieldsync.blueprint import blueprint
from server.fieldsync.files import tus, uploads
from server.fieldsync.files.chunks import Chunk
from server.fieldsync.files.photos import get_photo_path, get_thumbnail_path, get_view_path
from server.fieldsync.files.upload_rows import get_upload
from server.guard import get_actor, guarded
from server.runtime import runtime

KEEP_SECONDS = 86400 * 365
TAKING_BYTES = {f"{blueprint.name}.create_file", f"{blueprint.name}.write_file"}


@blueprint.url_value_preprocessor
def let_a_photo_in(endpoint: str | None, _values: object) -> None:
    """A chunk never lies in memory: it may be as long as a photo, other bodies may not."""
    if endpoint in TAKING_BYTES and request.mimetype == tus.CHUNK_TYPE:
        request.max_content_length = runtime().config.max_photo_bytes


@blueprint.after_app_request
def speak_tus(response: Response) -> Response:
    """Refusals of whatever kind are tus answers too, and OPTIONS tells what this server can do."""
    if request.path.startswith(tus.PATH):
        tus.describe_server(response, request, runtime().config.max_photo_bytes)
    return response


@blueprint.post("/files")
@guarded(Action.FILE_UPLOAD)
def create_file() -> Response:
    """201 with the address to send the bytes to, and how many of those that came along are safe."""
    tus.check_version(request)
    length = tus.read_number(request, "Upload-Length")
    chunk = _read_chunk() if request.mimetype == tus.CHUNK_TYPE else None
    upload = uploads.create_upload(get_actor(), length, *tus.read_metadata(request), chunk)
    response = Response(status=201)
    response.headers["Location"] = url_for("fieldsync_api.read_offset", upload_id=upload.id)
    return tus.describe(response, upload)


@blueprint.route("/files/<upload_id>", methods=["HEAD"])
@guarded(Action.FILE_UPLOAD)
def read_offset(upload_id: str) -> Response:
    """How many bytes are safe."""
    tus.check_version(request)
    return tus.describe(Response(status=200), get_upload(get_actor(), upload_id))


@blueprint.patch("/files/<upload_id>")
@guarded(Action.FILE_UPLOAD)
def write_file(upload_id: str) -> Response:
    """Takes a chunk, as it comes."""
    tus.check_version(request)
    if request.mimetype != tus.CHUNK_TYPE:
        raise fault("request.wrong_media_type")
    offset = tus.read_number(request, "Upload-Offset")
    upload = uploads.write_chunk(get_actor(), upload_id, offset, _read_chunk())
    return tus.describe(Response(status=204), upload)


def _read_chunk() -> Chunk:
    return Chunk(request.stream, request.content_length, tus.read_checksum(request))


@blueprint.delete("/files/<upload_id>")
@guarded(Action.FILE_UPLOAD)
def end_file(upload_id: str) -> Response:
    """Forgets an unfinished upload."""
    tus.check_version(request)
    uploads.end_upload(get_actor(), upload_id)
    return Response(status=204)


@blueprint.get("/photos/<sha256>")
@guarded(Action.PHOTO_READ)
def read_photo(sha256: str) -> Response:
    """The photo as it was taken."""
    blob, path = get_photo_path(get_actor(), sha256)
    return _send(str(path), blob.mime, sha256)


@blueprint.get("/photos/<sha256>/thumb")
@guarded(Action.PHOTO_READ)
def read_thumbnail(sha256: str) -> Response:
    """At most 320 pixels a side, upright."""
    path = get_thumbnail_path(get_actor(), sha256)
    return _send(str(path), "image/jpeg", f"{sha256}-t")


@blueprint.get("/photos/<sha256>/view")
@guarded(Action.PHOTO_READ)
def read_view(sha256: str) -> Response:
    """A JPEG of at most 2560 pixels a side, upright: for browsers that cannot draw HEIC."""
    path = get_view_path(get_actor(), sha256)
    return _send(str(path), "image/jpeg", f"{sha256}-v")


def _send(path: str, mime: str, etag: str) -> Response:
    response = send_file(path, mimetype=mime, etag=etag, max_age=KEEP_SECONDS, conditional=True)
    # The address is the content's hash: it never changes. Private: a firm's yard, not the public's.
    response.headers["Cache-Control"] = f"private, max-age={KEEP_SECONDS}, immutable"
    return response
