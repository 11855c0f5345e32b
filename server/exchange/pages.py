"""HTML pages: a file on its way into a register, and files out of it (R001, R009, R010)."""

from __future__ import annotations

import io
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask import session as browser_session
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.errors import Fault, fault, message
from server.accounts.service import list_people
from server.boundary import whole_number
from server.exchange import service, words
from server.exchange.file_guard import MAX_FILE_BYTES
from server.exchange.forms import RegisterFileForm
from server.exchange.models import AT_WORK, Import, ImportState
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.runtime import today

blueprint = Blueprint("exchange", __name__, url_prefix="/registry")
Page = str | AnyResponse | tuple[str, int]
FORM_BYTES = 64 * 1024
REFRESH_SECONDS = 2


@blueprint.url_value_preprocessor
def let_a_long_file_in(endpoint: str | None, _values: object) -> None:
    """Registers are longer than other bodies. Only for somebody with a session: the cookie is
    signed, what it opens is checked later."""
    if endpoint == f"{blueprint.name}.receive" and browser_session.get("token"):
        request.max_content_length = MAX_FILE_BYTES + FORM_BYTES


@blueprint.get("/imports")
@guarded(Action.REGISTER_IMPORT)
def list_imports() -> Page:
    """Every import, the newest first, and the ways to a new one."""
    register = request.args.get("register", "")
    page = service.list_imports(get_actor(), register, request.args.get("page", 1, whole_number))
    return render_template(
        "exchange/list.html",
        page=page,
        register=register,
        registers=service.list_writable(get_actor()),
        people={one.id: one.name for one in list_people()},
        words=words,
    )


@blueprint.get("/imports/new/<register>")
@guarded(Action.REGISTER_IMPORT)
def new(register: str) -> Page:
    """The form for a file."""
    return _new_page(register, RegisterFileForm(formdata=None))


@blueprint.post("/imports/new/<register>")
@guarded(Action.REGISTER_IMPORT)
def receive(register: str) -> Page:
    """Takes the file in; nothing is compared yet."""
    service.get_register(register)
    form = RegisterFileForm()
    if not form.validate():
        return _new_page(register, form), 422
    try:
        made = service.receive_file(get_actor(), register, form.file_name, form.data_bytes)
    except Fault as refused:
        return _new_page(register, form, refused), refused.status
    return _to(made.id)


@blueprint.get("/imports/<int:import_id>")
@guarded(Action.REGISTER_IMPORT)
def show(import_id: int) -> Page:
    """Whatever it is waiting for: columns, the work, a confirmation; or what became of it."""
    return _import_page(import_id)


@blueprint.post("/imports/<int:import_id>/sheet")
@guarded(Action.REGISTER_IMPORT)
def choose_sheet(import_id: int) -> Page:
    """Another sheet or header line."""
    row = request.form.get("header_row", type=whole_number)
    try:
        service.choose_sheet(
            get_actor(), import_id, request.form.get("sheet", ""), row - 1 if row else None
        )
    except Fault as refused:
        return _import_page(import_id, refused)
    return _to(import_id)


@blueprint.post("/imports/<int:import_id>/columns")
@guarded(Action.REGISTER_IMPORT)
def choose_columns(import_id: int) -> Page:
    """Begins the comparing."""
    width = len(service.get_import(get_actor(), import_id).headers)
    chosen = [request.form.get(f"column-{place}", "") for place in range(width)]
    try:
        service.choose_columns(get_actor(), import_id, chosen)
    except Fault as refused:
        return _import_page(import_id, refused, chosen)
    return _at_work(import_id)


@blueprint.post("/imports/<int:import_id>/decide")
@guarded(Action.REGISTER_IMPORT)
def decide(import_id: int) -> Page:
    """For one row that asks, or for all of them."""
    row_id, entry_id = (request.form.get(name, type=whole_number) for name in ("row", "entry"))
    try:
        decision = request.form.get("decision", "")
        service.decide(get_actor(), import_id, row_id, decision, entry_id)
    except Fault as refused:
        return _import_page(import_id, refused)
    show, page = (request.form.get(name) or None for name in ("show", "page"))
    return redirect(url_for("exchange.show", import_id=import_id, show=show, page=page))


@blueprint.post("/imports/<int:import_id>/confirm")
@guarded(Action.REGISTER_IMPORT)
def confirm(import_id: int) -> Page:
    """Begins the writing."""
    try:
        is_partial = request.form.get("partial") == "1"
        service.confirm(get_actor(), import_id, is_partial=is_partial)
    except Fault as refused:
        return _import_page(import_id, refused)
    return _at_work(import_id)


@blueprint.post("/imports/<int:import_id>/drop")
@guarded(Action.REGISTER_IMPORT)
def drop(import_id: int) -> Page:
    """Gives the file up."""
    service.drop(get_actor(), import_id)
    flash(_("已放弃，名录库未作改动"), "info")
    return redirect(url_for("exchange.list_imports"))


@blueprint.post("/imports/<int:import_id>/undo")
@guarded(Action.REGISTER_IMPORT)
def undo(import_id: int) -> Page:
    """Begins the taking back."""
    service.begin_undo(get_actor(), import_id)
    return _at_work(import_id)


@blueprint.get("/imports/<int:import_id>/errors.xlsx")
@guarded(Action.REGISTER_IMPORT)
def error_file(import_id: int) -> Page:
    """The rows that cannot be used, to hand back."""
    one = service.get_import(get_actor(), import_id)
    register = service.get_register(one.register)
    data = service.build_error_file(one, register)
    return _download(data, service.XLSX_TYPE, f"{register.title}-错误行-{one.id}.xlsx")


@blueprint.get("/imports/templates/<register>.xlsx")
@guarded(Action.REGISTER_IMPORT)
def template(register: str) -> Page:
    """An empty table to fill in."""
    found = service.get_register(register)
    data = service.build_template(get_actor(), found)
    return _download(data, service.XLSX_TYPE, f"{found.title}-导入模板.xlsx")


@blueprint.get("/exports/<register>.<form>")
@guarded(Action.REGISTER_READ)
def export(register: str, form: str) -> Page:
    """The register under the filters of its page."""
    if form not in ("xlsx", "csv"):
        raise fault("request.not_found")
    found = service.get_register(register)
    data = service.build_export(get_actor(), found, request.args, form)
    kind = service.XLSX_TYPE if form == "xlsx" else service.CSV_TYPE
    return _download(data, kind, f"{found.title}-{today().isoformat()}.{form}")


def _to(import_id: int) -> AnyResponse:
    return redirect(url_for("exchange.show", import_id=import_id))


def _at_work(import_id: int) -> AnyResponse:
    service.start(get_actor().jurisdiction_id, import_id)
    service.wait(import_id)
    return _to(import_id)


def _new_page(code: str, form: RegisterFileForm, refused: Fault | None = None) -> str:
    register = service.get_register(code)
    if code not in service.list_writable(get_actor()):
        raise fault("access.denied")
    return render_template(
        "exchange/new.html",
        register=register,
        form=form,
        megabytes=MAX_FILE_BYTES // 1024 // 1024,
        words=words,
        **_refusal(refused),
    )


def _import_page(
    import_id: int, refused: Fault | None = None, chosen: list[str] | None = None
) -> Page:
    service.wait(import_id)
    one = service.get_import(get_actor(), import_id)
    told: dict[str, Any] = {
        "one": one,
        "register": service.get_register(one.register),
        "words": words,
        "people": {person.id: person.name for person in list_people()},
        **_refusal(refused),
    }
    if one.state in AT_WORK:
        service.look_after(one)
        page = make_response(render_template("exchange/work.html", **told))
        page.headers["Refresh"] = str(REFRESH_SECONDS)
    elif one.state == ImportState.COLUMNS:
        told["sample"] = service.sample_of(one)
        page = make_response(
            render_template("exchange/columns.html", chosen=chosen or one.mapping, **told)
        )
    else:
        page = make_response(_rows_page(one, told))
    page.status_code = refused.status if refused else 200
    return page


def _rows_page(one: Import, told: dict[str, Any]) -> str:
    show = request.args.get("show", "")
    register = told["register"]
    page = service.list_rows(one, show, request.args.get("page", 1, whole_number))
    name = "preview" if one.state == ImportState.READY else "result"
    return render_template(
        f"exchange/{name}.html",
        page=page,
        show=show,
        lookup=register.build_lookup(get_actor()),
        **told,
    )


def _refusal(refused: Fault | None) -> dict[str, Any]:
    reason = message(refused.code, current_locale(), refused.details) if refused else ""
    return {"refused": refused, "reason": reason}


def _download(data: bytes, kind: str, name: str) -> Response:
    page = send_file(io.BytesIO(data), kind, as_attachment=True, download_name=name)
    page.headers["Cache-Control"] = "no-store"
    return page
