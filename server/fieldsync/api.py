"""JSON: push, pull and checklists (docs/protocol). Bytes are in ``files``.

Bodies are read by ``sync.messages`` and not by marshmallow: the protocol's messages are pure, are
run by the vectors both ends share, and must keep an unreadable operation instead of refusing the
whole request. They refuse unknown fields, loose types and NUL, like the schemas elsewhere.
"""

from __future__ import annotations

import gzip
from typing import Any, Final

from flask import Response, request

from domain.access import Action
from domain.errors import fault
from server.db import end_reading
from server.fieldsync import service
from server.fieldsync.blueprint import blueprint
from server.fieldsync.files import api as files_api
from server.guard import get_actor, guarded
from server.json_text import dump_json, encode_sorted
from server.registry.checklists import checklist_document
from server.thinking import thinking
from sync.messages.pull_request import parse_pull_request
from sync.messages.push_request import parse_push_request

__all__ = ["blueprint", "files_api"]

COMPRESS_FROM_BYTES: Final = 4096


@blueprint.post("/sync/push")
@guarded(Action.SYNC_PUSH)
def push() -> Response:
    """200 whenever the body was understood, even if every operation was refused."""
    # Whoever waits, for this phone's network or for a turn, keeps nothing that others may need: a
    # connection to the database least of all.
    end_reading()
    request.get_data()
    with thinking.turn():
        return _answer(service.push(get_actor(), parse_push_request(_body(), encode_sorted)))


@blueprint.post("/sync/pull")
@guarded(Action.SYNC_PULL)
def pull() -> Response:
    """What is new in the spaces asked for."""
    return _answer(service.pull(get_actor(), parse_pull_request(_body())))


@blueprint.get("/lib/<reference>")
@guarded(Action.LIBRARY_READ)
def read_checklist(reference: str) -> Response:
    """A checklist version; it never changes, so its ETag answers 304 for ever."""
    document = checklist_document(reference)
    response = Response(document.body, mimetype="application/json")
    response.set_etag(document.etag)
    response.headers["Cache-Control"] = "private, max-age=86400"
    response.make_conditional(request)
    return response


def _answer(body: dict[str, Any]) -> Response:
    """JSON, compressed where that pays and the other end reads it. The lightest level: of a page
    of rows the next one takes three times as long for a tenth less."""
    content = dump_json(body)
    response = Response(content, mimetype="application/json")
    if len(content) >= COMPRESS_FROM_BYTES:
        response.vary.add("Accept-Encoding")
        if "gzip" in request.accept_encodings:
            response.set_data(gzip.compress(content, 1, mtime=0))
            response.content_encoding = "gzip"
    return response


def _body() -> Any:
    body = request.get_json(silent=True)
    if body is None:
        raise fault("request.not_json")
    return body
