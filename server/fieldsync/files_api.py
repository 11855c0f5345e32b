"""HTTP: photo bytes in (tus 1.0) and photos out (docs/protocol 13.6)."""

from __future__ import annotations

from flask import Response, request, send_file, url_for

from domain.access import Action
from domain.errors import fault
from server.fieldsync import tus, uploads
from server.fieldsync.blueprint import blueprint
from server.fieldsync.chunks import Chunk
from server.fieldsync.photos import get_photo_path, get_thumbnail_path
from server.guard import get_actor, guarded
from server.runtime import runtime

KEEP_SECONDS = 86400 * 365


@blueprint.url_value_preprocessor
def let_a_photo_in(endpoint: str | None, _values: object) -> None:
    """A chunk never lies in memory: it may be as long as a photo, other bodies may not."""
    if endpoint == f"{blueprint.name}.write_file":
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
    """201 with the address to send the bytes to."""
    tus.check_version(request)
    length = tus.read_number(request, "Upload-Length")
    upload = uploads.create_upload(get_actor(), length, *tus.read_metadata(request))
    response = Response(status=201)
    response.headers["Location"] = url_for("fieldsync_api.read_offset", upload_id=upload.id)
    return tus.describe(response, upload)


@blueprint.route("/files/<upload_id>", methods=["HEAD"])
@guarded(Action.FILE_UPLOAD)
def read_offset(upload_id: str) -> Response:
    """How many bytes are safe."""
    tus.check_version(request)
    return tus.describe(Response(status=200), uploads.get_upload(get_actor(), upload_id))


@blueprint.patch("/files/<upload_id>")
@guarded(Action.FILE_UPLOAD)
def write_file(upload_id: str) -> Response:
    """Takes a chunk, as it comes."""
    tus.check_version(request)
    if request.mimetype != tus.CHUNK_TYPE:
        raise fault("request.wrong_media_type")
    offset = tus.read_number(request, "Upload-Offset")
    checksum = tus.read_checksum(request)
    chunk = Chunk(request.stream, request.content_length, checksum)
    upload = uploads.write_chunk(get_actor(), upload_id, offset, chunk)
    return tus.describe(Response(status=204), upload)


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


def _send(path: str, mime: str, etag: str) -> Response:
    response = send_file(path, mimetype=mime, etag=etag, max_age=KEEP_SECONDS, conditional=True)
    # The address is the content's hash: it never changes. Private: a firm's yard, not the public's.
    response.headers["Cache-Control"] = f"private, max-age={KEEP_SECONDS}, immutable"
    return response
