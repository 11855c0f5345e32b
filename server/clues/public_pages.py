"""Public pages, without sign-in: reporting a violation, and what became of the report."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask import session as cookie
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.clues import MAX_FILES, ClueKind
from domain.county_settings import read_setting
from domain.errors import Fault, message
from server.accounts.directory import find_public_county
from server.accounts.models import Jurisdiction
from server.clues import service
from server.clues.public_forms import FollowForm, ReportForm
from server.clues.receiving import MAX_EVIDENCE_BYTES
from server.clues.wording import public_state
from server.guard import guarded
from server.i18n import current_locale
from server.inspections import service as inspections

blueprint = Blueprint("public_clues", __name__, url_prefix="/public/report")
Page = str | AnyResponse | tuple[str, int]
FORM_BYTES = 256 * 1024  # of everything beside the files


@blueprint.url_value_preprocessor
def let_files_in(endpoint: str | None, _values: object) -> None:
    """Only for who has opened the form before: the cookie with its token is signed."""
    if endpoint == f"{blueprint.name}.send" and cookie.get("csrf_token"):
        request.max_content_length = MAX_EVIDENCE_BYTES + FORM_BYTES


@blueprint.get("")
@guarded(Action.PUBLIC_READ)
def form() -> Page:
    """The form; ``?visit=`` from the page of a visit, ``?kind=`` what it is about."""
    kind = request.args.get("kind", "")
    filled = ReportForm(
        formdata=None,
        kind=kind if kind in set(ClueKind) else "",
        visit=request.args.get("visit", "")[:60],
    )
    return _form_page(_county(), filled)


@blueprint.post("")
@guarded(Action.CLUE_REPORT)
def send() -> Page:
    """Takes the report and shows number and code, here and never again."""
    county, sent = _county(), ReportForm()
    is_valid = sent.validate()
    if not is_valid or sent.website.data:
        sent.ask_for_files_again()
        return _form_page(county, sent, is_doubtful=is_valid or sent.is_stale), 422
    visit = inspections.find_visit_of_token(sent.visit.data or "")
    try:
        received = service.receive(county.id, sent.report(visit), request.remote_addr or "")
    except Fault as refused:
        told = None if sent.blame(refused) else refused
        sent.ask_for_files_again()
        return _form_page(county, sent, told), refused.status
    return render_template(
        "public/report_received.html", county=county, number=received.number,
        code=received.code, phone=_phone(county),
    )  # fmt: skip


@blueprint.get("/query")
@guarded(Action.PUBLIC_READ)
def query() -> Page:
    """Number and code."""
    return _follow_page(_county(), FollowForm(formdata=None))


@blueprint.get("/<number>")
@guarded(Action.PUBLIC_READ)
def one(number: str) -> Page:
    """The same with the number filled in, whether there is such a report or not."""
    return _follow_page(_county(), FollowForm(formdata=None, number=number[:24]))


@blueprint.post("/query")
@guarded(Action.CLUE_REPORT)
def follow() -> Page:
    """Where it stands, and the answer."""
    county, asked = _county(), FollowForm()
    if not asked.validate():
        return _follow_page(county, asked), 422
    address = request.remote_addr or ""
    try:
        found = service.follow(county.id, asked.number.data, asked.code.data, address)
    except Fault as refused:
        return _follow_page(county, asked, refused), refused.status
    state, meaning = public_state(found.state)
    return render_template(
        "public/report_state.html", county=county, found=found, state=state, meaning=meaning,
        phone=_phone(county),
    )  # fmt: skip


def _county() -> Jurisdiction:
    return find_public_county(request.values.get("county", ""))


def _phone(county: Jurisdiction) -> str:
    return str(read_setting(county.settings, "clue.phone"))


def _form_page(
    county: Jurisdiction,
    form: ReportForm,
    refused: Fault | None = None,
    *,
    is_doubtful: bool = False,
) -> str:
    form.website.data = ""
    return render_template(
        "public/report.html",
        county=county,
        form=form,
        is_doubtful=is_doubtful,
        most_files=MAX_FILES,
        megabytes=MAX_EVIDENCE_BYTES // 2**20,
        phone=_phone(county),
        refused=refused,
        refused_text=_sentence(refused),
    )


def _follow_page(county: Jurisdiction, form: FollowForm, refused: Fault | None = None) -> str:
    return render_template(
        "public/report_query.html", county=county, form=form, refused=refused,
        refused_text=_sentence(refused),
    )  # fmt: skip


def _sentence(refused: Fault | None) -> str:
    return message(refused.code, current_locale(), refused.details) if refused else ""
