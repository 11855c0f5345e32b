"""HTTP: photo bytes in (tus 1.0) and photos out (docs/protocol 13.6)."""

from __future__ import annotations

from flask import Response, request, send_file, url_for
from werkzeug.exceptions import ClientDisconnected

from domain.access import Action
from domain.errors import fault
from server.fieldsync import tus, uploads
from server.fieldsync.blueprint import blueprint
from server.fieldsync.photos import get_photo_path, get_thumbnail_path
from server.guard import get_actor, guarded
from server.runtime import runtime

READ_BYTES = 64 * 1024
KEEP_SECONDS = 86400 * 365


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
    """Takes a chunk. A connection cut in the middle loses nothing that arrived, unless a checksum
    covers the whole chunk."""
    tus.check_version(request)
    if request.mimetype != tus.CHUNK_TYPE:
        raise fault("request.wrong_media_type")
    offset = tus.read_number(request, "Upload-Offset")
    checksum = tus.read_checksum(request)
    chunk, is_cut = _read_chunk()
    if is_cut and checksum is not None:
        raise fault("upload.checksum")
    upload = uploads.write_chunk(get_actor(), upload_id, offset, chunk, checksum)
    return tus.describe(Response(status=204), upload)


@blueprint.delete("/files/<upload_id>")
@guarded(Action.FILE_UPLOAD)
def end_file(upload_id: str) -> Response:
    """Forgets an unfinished upload."""
    tus.check_version(request)
    uploads.end_upload(get_actor(), upload_id)
    return Response(status=204, headers={"Tus-Resumable": tus.VERSION})


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


def _read_chunk() -> tuple[bytes, bool]:
    """The bytes that arrived, and whether the connection was cut before the chunk was whole."""
    limit = runtime().config.max_body_bytes
    if (request.content_length or 0) > limit:
        raise fault("request.too_large")
    parts: list[bytes] = []
    try:
        while part := request.stream.read(READ_BYTES):
            parts.append(part)
    except (ClientDisconnected, OSError):
        return b"".join(parts), True
    return b"".join(parts), False
