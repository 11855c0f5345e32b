"""Every failure leaves the server in one of two shapes: JSON for ``/api/`` and for whoever asks for
JSON rather than a page, a page for people.

Both carry the stable code of ``domain.errors``. A 5xx tells the person an incident number and
nothing else; the details go to the log under the same number.
"""

from __future__ import annotations

import logging
import secrets

from flask import Flask, Response, g, jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import ClientDisconnected, HTTPException

from domain.errors import Fault, fault, message
from server.i18n import current_locale
from server.kept_forms import KeptForm, keep_form
from server.patience import is_stalled

log = logging.getLogger("suicha")

_BY_STATUS = {
    400: "request.bad_parameter",
    404: "request.not_found",
    405: "request.method_not_allowed",
    413: "request.too_large",
    415: "request.wrong_media_type",
}
_ENDED_SESSION = {"session.required", "session.expired", "request.csrf"}


def install_error_handlers(app: Flask) -> None:
    """Registers the handlers; called by ``create_app`` alone."""
    app.register_error_handler(Fault, answer_fault)
    app.register_error_handler(CSRFError, lambda _e: answer_fault(fault("request.csrf")))
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(OperationalError, _answer_database)
    app.register_error_handler(NoConnection, _answer_database)
    app.register_error_handler(IntegrityError, _answer_trigger)
    app.register_error_handler(Exception, _answer_bug)


def fault_body(error: Fault) -> dict[str, object]:
    """The one JSON shape of every error (docs/protocol 13.1)."""
    text = message(error.code, current_locale(), error.details)
    return {"error": {"code": error.code, "message": text, "details": error.details}}


def answer_fault(error: Fault) -> Response:
    """The response for a known fault; a page keeps the status and names the code small."""
    if error.code in {"session.required", "session.expired"} and _is_page_view():
        target = request.full_path if request.query_string else request.path
        return redirect(url_for("accounts.sign_in", next=target))  # type: ignore[return-value]
    body = fault_body(error)
    if _wants_json():
        response = jsonify(body)
    else:
        response = Response(
            render_template("error.html", fault=error, kept=_kept(error), **body),
            mimetype="text/html",
        )
    response.status_code = error.status
    if error.status in {429, 503}:
        response.headers["Retry-After"] = str(error.details.get("retry_after", 5))
    return response


def _answer_http(error: HTTPException) -> Response:
    if isinstance(error, ClientDisconnected):
        # Nothing of half a body was looked at. Who fell silent may still be there to read this.
        return answer_fault(fault("request.stalled" if is_stalled(error) else "request.cut"))
    code = _BY_STATUS.get(error.code or 500)
    if code is None:
        return _answer_bug(error)
    details = {"field": "-"} if code == "request.bad_parameter" else {}  # nobody said which
    return answer_fault(fault(code, **details))


def _answer_database(error: OperationalError | NoConnection) -> Response:
    # Busy or gone for a moment: the caller should come back, nothing was decided.
    log.warning("database not available: %s", getattr(error, "orig", error))
    return answer_fault(fault("server.busy", retry_after=5))


def _answer_trigger(error: IntegrityError) -> Response:
    # Our triggers name their fault; they are the last line, the services refuse before them.
    if "sheet.locked" in str(error.orig):
        return answer_fault(fault("sheet.locked"))
    return _answer_bug(error)


def _kept(error: Fault) -> KeptForm | None:
    return keep_form() if error.code in _ENDED_SESSION else None


def _is_page_view() -> bool:
    return request.method == "GET" and not _wants_json()


def _wants_json() -> bool:
    if request.path.startswith("/api/"):
        return True
    wanted = request.accept_mimetypes  # a browser that opens a link to a file asks for a page
    return wanted.best_match(["text/html", "application/json"]) == "application/json"


def _answer_bug(error: Exception) -> Response:
    incident = getattr(g, "incident", None) or secrets.token_hex(4)
    log.exception("incident %s at %s %s", incident, request.method, request.path, exc_info=error)
    return answer_fault(fault("server.error", incident=incident))
