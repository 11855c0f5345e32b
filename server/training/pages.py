"""HTML pages: the trainings of a year, recording one, one with who attended (R119)."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask import session as cookie
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, Target, may
from domain.errors import Fault, message
from server.accounts.directory import list_departments, list_person_names
from server.boundary import whole_number
from server.exchange.writing import XLSX_TYPE, build_table
from server.guard import get_actor, guarded
from server.i18n import current_locale, in_chinese
from server.i18n import translate as _
from server.registry.service import list_officers_by_id
from server.runtime import runtime, today
from server.training import service
from server.training.forms import TakingBackForm, TrainingForm
from server.training.models import Training
from server.training.wording import kind_words

blueprint = Blueprint("training", __name__, url_prefix="/trainings")
Page = str | AnyResponse | tuple[str, int]
FORM_BYTES = 256 * 1024  # of everything beside the material
FIRST_YEAR, LAST_YEAR = 2000, 2100
HEADERS = [
    "培训日期", "类别", "培训班名称", "培训内容", "学时", "地点", "授课人或组织单位", "参训人数",
    "参训人员", "是否撤回",
]  # fmt: skip
WIDTHS = [12, 14, 28, 40, 8, 18, 20, 10, 40, 10]


@blueprint.url_value_preprocessor
def let_material_in(endpoint: str | None, _values: object) -> None:
    """Only for somebody with a session: the cookie is signed, what it opens is checked later."""
    if endpoint == f"{blueprint.name}.record" and cookie.get("token"):
        request.max_content_length = runtime().config.max_photo_bytes + FORM_BYTES


@blueprint.get("")
@guarded(Action.TRAINING_READ)
def list_all() -> Page:
    """Those of a year."""
    actor, year = get_actor(), _year()
    return render_template(
        "training/list.html",
        rows=service.list_trainings(actor, year),
        year=year,
        can_write=_may_write(),
        kinds=kind_words(),
    )


@blueprint.get("/list.xlsx")
@guarded(Action.TRAINING_READ)
def list_file() -> Response:
    """The same as a file; what is filed is one text, so that its words are Chinese."""
    year = _year()
    found = service.list_trainings(get_actor(), year)
    with in_chinese():
        rows = [
            [
                one.held_on.isoformat(),
                kind_words()[one.kind],
                one.name,
                one.content,
                format(one.hours.normalize(), "f"),
                one.place,
                one.held_by,
                str(len(one.attendees)),
                "、".join(_names_of(one)),
                "是" if one.removed_at else "",
            ]
            for one in found
        ]
    body = build_table("培训记录", HEADERS, WIDTHS, rows, "xlsx")
    answer = Response(body, mimetype=XLSX_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="trainings-{year}.xlsx"'
    return answer


@blueprint.get("/new")
@guarded(Action.TRAINING_WRITE)
def new() -> Page:
    """The form; ``like`` a record that was taken back, to be recorded anew."""
    form, officers, people = TrainingForm(formdata=None, held_on=today()), set(), set()
    if like := request.args.get("like", type=whole_number):
        known = service.get_training(get_actor(), like)
        form = TrainingForm(formdata=None, obj=known)
        officers = {one.officer_id for one in known.attendees}
        people = {one.person_id for one in known.attendees}
    return _form_page(form, officers, people)


@blueprint.post("/new")
@guarded(Action.TRAINING_WRITE)
def record() -> Page:
    """On record. A refusal keeps what was typed and ticked."""
    form = TrainingForm()
    ticked = form.ticked_officers, form.ticked_people
    if not form.validate():
        return _form_page(form, *ticked), 422
    try:
        made = service.record_training(get_actor(), form.course(), form.material)
    except Fault as refused:
        told = None if form.blame(refused) else refused
        return _form_page(form, *ticked, refused=told), refused.status
    flash(_("已登记培训，参训 {n} 人。", n=len(made.attendees)), "ok")
    return redirect(url_for("training.show", training_id=made.id))


@blueprint.get("/<int:training_id>")
@guarded(Action.TRAINING_READ)
def show(training_id: int) -> Page:
    """One, with who attended."""
    return _page(training_id)


@blueprint.get("/<int:training_id>/document")
@guarded(Action.TRAINING_READ)
def document(training_id: int) -> Response:
    """The material, to be kept, not to be run: it came from outside."""
    found, mime, path = service.get_material(get_actor(), training_id)
    answer = send_file(
        str(path), mimetype=mime, as_attachment=True, download_name=found.document_name
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@blueprint.post("/<int:training_id>/take-back")
@guarded(Action.TRAINING_WRITE)
def take_back(training_id: int) -> Page:
    """With a reason."""
    form = TakingBackForm()
    if not form.validate():
        return _page(training_id, form), 422
    try:
        service.take_back(get_actor(), training_id, form.reason.data or "")
    except Fault as refused:
        if refused.status == 404:
            raise
        return _page(training_id, form, refused), refused.status
    flash(_("已撤回，不再计入；可照此重新登记。"), "ok")
    return redirect(url_for("training.show", training_id=training_id))


def _form_page(
    form: TrainingForm,
    officers: set[int | None] | set[int],
    people: set[int | None] | set[int],
    refused: Fault | None = None,
) -> str:
    return render_template(
        "training/new.html",
        form=form,
        choices=service.list_choices(get_actor()),
        officers=officers,
        people=people,
        **_said(refused),
    )


def _page(
    training_id: int, form: TakingBackForm | None = None, refused: Fault | None = None
) -> str:
    actor = get_actor()
    found = service.get_training(actor, training_id)
    who = {one for one in (found.recorded_by, found.removed_by) if one}
    departments = {one.id: one.name for one in list_departments()}
    return render_template(
        "training/training.html",
        training=found,
        department=departments.get(found.department_id, ""),
        names=_names_of(found),
        kinds=kind_words(),
        people=list_person_names(who),
        can_write=service.can_write(actor, found),
        form=form or TakingBackForm(formdata=None),
        **_said(refused),
    )


def _names_of(training: Training) -> list[str]:
    ids = [one.officer_id for one in training.attendees if one.officer_id]
    officers = {one.id: one.name for one in list_officers_by_id(get_actor(), ids)}
    people = list_person_names({one.person_id for one in training.attendees if one.person_id})
    return [
        officers.get(one.officer_id or 0) or people.get(one.person_id or 0, "—")
        for one in training.attendees
    ]


def _may_write() -> bool:
    actor = get_actor()
    target = Target(actor.jurisdiction_id, actor.department_id)
    return may(actor, Action.TRAINING_WRITE, target)


def _said(refused: Fault | None) -> dict[str, object]:
    text = message(refused.code, current_locale(), refused.details) if refused else ""
    return {"refused": refused, "refused_text": text}


def _year() -> int:
    year = request.args.get("year", type=whole_number) or today().year
    return year if FIRST_YEAR <= year <= LAST_YEAR else today().year
