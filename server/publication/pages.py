"""HTML pages: the rates, what is missing, a sheet's receipt and publication, the package."""

from __future__ import annotations

import io
import json

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask import session as cookie
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, Actor
from domain.county_settings import read_setting
from domain.errors import Fault, fault, message
from domain.publication_rates import Step
from server.accounts.directory import list_person_names
from server.accounts.service import get_jurisdiction
from server.boundary import whole_number
from server.exchange.service import XLSX_TYPE
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.due import due_of_sheets
from server.inspections.wording import result_word
from server.publication import packages, service
from server.publication.forms import PublicationForm, ReceiptForm
from server.publication.package_file import write_package
from server.publication.rates import BY, Filter, RateView, view_rates
from server.publication.tables import missing_table, rates_table
from server.publication.wording import list_word, percent, step_word
from server.registry.paging import page_in
from server.runtime import runtime, today

blueprint = Blueprint("publication", __name__, url_prefix="/publication")
Page = str | AnyResponse | tuple[str, int]
FORM_BYTES = 256 * 1024  # of everything beside the document
MISSING_PER_PAGE = 100
LISTED = (Step.VISIT, Step.ENTRY, Step.RECEIPT, Step.PUBLICATION)


@blueprint.url_value_preprocessor
def let_a_document_in(endpoint: str | None, _values: object) -> None:
    """Only for somebody with a session: the cookie is signed, what it opens is checked later."""
    takes = {f"{blueprint.name}.{name}" for name in ("receipt", "publish")}
    if endpoint in takes and cookie.get("token"):
        request.max_content_length = runtime().config.max_photo_bytes + FORM_BYTES


@blueprint.get("")
@guarded(Action.BOARD_READ)
def rates() -> Page:
    """录入率 and 公示率 by task, department or officer."""
    view, by = view_rates(get_actor(), _wanted()), request.args.get("by", "")
    by = by if by in BY else BY[0]
    if request.args.get("format") == "xlsx":
        return _table("rates", rates_table(view, by))
    return render_template(
        "publication/rates.html",
        view=view,
        by=by,
        total=view.total,
        lines=view.lines(by),
        **_here(view),
    )


@blueprint.get("/missing")
@guarded(Action.BOARD_READ)
def missing() -> Page:
    """What keeps a rate below 100 %, and whose turn it is."""
    view, step = view_rates(get_actor(), _wanted()), _step()
    rows = view.missing(step)
    if request.args.get("format") == "xlsx":
        return _table(f"missing-{step}", missing_table(rows))
    return render_template(
        "publication/missing.html",
        view=view,
        step=step,
        page=page_in(rows, request.args.get("page", 1, type=whole_number) or 1, MISSING_PER_PAGE),
        steps=_steps(view),
        **_here(view),
    )


@blueprint.get("/<int:inspection_id>/<code>")
@guarded(Action.SHEET_READ)
def sheet(inspection_id: int, code: str) -> Page:
    """One department's result on its way to the public."""
    return _sheet_page(get_actor(), inspection_id, code)


@blueprint.post("/<int:inspection_id>/<code>/receipt")
@guarded(Action.RECEIPT_RECORD)
def receipt(inspection_id: int, code: str) -> Page:
    """Records what the platform answered."""
    actor, form = get_actor(), ReceiptForm()
    if not form.validate():
        return _sheet_page(actor, inspection_id, code, receipt_form=form), 422
    try:
        service.record_receipt(
            actor,
            inspection_id,
            code,
            form.told(),
            form.number.data or "",
            is_checked=bool(form.is_checked.data),
        )
    except Fault as refused:
        told = None if form.blame(refused) else refused
        page = _sheet_page(actor, inspection_id, code, receipt_form=form, refused=told)
        return page, refused.status
    flash(_("已登记平台回执。"), "ok")
    return redirect(url_for("publication.sheet", inspection_id=inspection_id, code=code))


@blueprint.post("/<int:inspection_id>/<code>/publish")
@guarded(Action.PUBLICATION_RECORD)
def publish(inspection_id: int, code: str) -> Page:
    """Records where the result is public."""
    actor, form = get_actor(), PublicationForm()
    if not form.validate():
        return _sheet_page(actor, inspection_id, code, publication_form=form), 422
    try:
        service.record_publication(
            actor,
            inspection_id,
            code,
            form.told(),
            form.channel.data or "",
            form.address.data or "",
        )
    except Fault as refused:
        told = None if form.blame(refused) else refused
        page = _sheet_page(actor, inspection_id, code, publication_form=form, refused=told)
        return page, refused.status
    flash(_("已登记公示情况。"), "ok")
    return redirect(url_for("publication.sheet", inspection_id=inspection_id, code=code))


@blueprint.get("/<int:inspection_id>/<code>/proofs/<kind>/<int:entry_id>")
@guarded(Action.SHEET_READ)
def proof(inspection_id: int, code: str, kind: str, entry_id: int) -> Page:
    """The proof, to be kept, not to be run: it came from outside."""
    mime, path = service.get_proof(get_actor(), inspection_id, code, kind, entry_id)
    ending = {"application/pdf": "pdf", "image/png": "png", "image/webp": "webp"}.get(mime, "jpg")
    answer = send_file(
        str(path),
        mimetype=mime,
        as_attachment=True,
        download_name=f"{kind}-{entry_id}.{'heic' if mime == 'image/heic' else ending}",
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@blueprint.get("/<int:inspection_id>/<code>/package.<form>")
@guarded(Action.ENTRY_PACKAGE)
def sheet_package(inspection_id: int, code: str, form: str) -> Page:
    """What is entered on the platform, of one sheet."""
    return _package(packages.build_sheet_package(get_actor(), inspection_id, code), form)


@blueprint.get("/tasks/<int:task_id>/package.<form>")
@guarded(Action.ENTRY_PACKAGE)
def task_package(task_id: int, form: str) -> Page:
    """The same of a whole task, in one file."""
    return _package(packages.build_task_package(get_actor(), task_id), form)


def _sheet_page(
    actor: Actor,
    inspection_id: int,
    code: str,
    receipt_form: ReceiptForm | None = None,
    publication_form: PublicationForm | None = None,
    refused: Fault | None = None,
) -> str:
    for form in filter(None, (receipt_form, publication_form)):
        form.hold()
    view = service.view_publication(actor, inspection_id, code)
    county = get_jurisdiction(actor.jurisdiction_id)
    settings = county.settings
    people = [one.recorded_by for one in view.receipts]
    people += [one.recorded_by for one in view.publications]
    return render_template(
        "publication/sheet.html",
        view=view,
        due=due_of_sheets([view.inspection])[view.sheet.id],
        county_code=county.code,
        receipt_form=receipt_form or ReceiptForm(formdata=None, day=today(), version=view.version),
        publication_form=publication_form
        or PublicationForm(
            formdata=None,
            day=today(),
            version=view.version,
            channel=read_setting(settings, "platform.channel"),
        ),
        platform=read_setting(settings, "platform.name"),
        names=list_person_names(people),
        refused=refused,
        refused_text=message(refused.code, current_locale(), refused.details) if refused else "",
        result_word=result_word,
        step_word=step_word,
    )


def _wanted() -> Filter:
    def chosen(name: str) -> int | None:
        return request.args.get(name, type=whole_number)

    return Filter(chosen("year"), chosen("task"), chosen("department"), chosen("officer"))


def _step() -> Step:
    wanted = request.args.get("step", "")
    return next((one for one in LISTED if one == wanted), Step.ENTRY)


def _steps(view: RateView) -> list[tuple[Step, int]]:
    return [(one, view.count_missing(one)) for one in LISTED]


def _here(view: RateView) -> dict[str, object]:
    names = ("year", "task", "department", "officer")
    kept = {name: request.args[name] for name in names if request.args.get(name)}
    return {
        "kept": kept,
        "year_choices": [(one, one) for one in view.years],
        "step_word": step_word,
        "list_word": list_word,
        "percent": percent,
    }


def _table(name: str, content: bytes) -> AnyResponse:
    return _file(f"{name}-{today().isoformat()}.xlsx", content, XLSX_TYPE)


def _package(found: packages.EntryPackage, form: str) -> AnyResponse:
    match form:
        case "xlsx":
            return _file(f"{found.name}.xlsx", write_package(found), XLSX_TYPE)
        case "json":
            text = json.dumps(found.as_plain(), ensure_ascii=False, indent=1)
            return _file(f"{found.name}.json", text.encode(), "application/json")
        case _:
            raise fault("request.not_found")


def _file(name: str, content: bytes, mime: str) -> AnyResponse:
    return send_file(io.BytesIO(content), mime, as_attachment=True, download_name=name)
