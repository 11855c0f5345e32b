"""Public pages, without sign-in: results to look for, a firm's, a visit's, and as files (R015,
R018, R082, R087, R089)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, render_template, request, stream_with_context, url_for
from werkzeug.wrappers import Response

from domain.access import Action
from domain.county_settings import read_setting
from domain.errors import fault
from domain.results import RESULTS
from server.accounts.directory import find_public_county
from server.accounts.models import Jurisdiction
from server.boundary import whole_number
from server.disclosure import searching
from server.disclosure.asking import PROBLEM_WORD, Asked, read_question
from server.disclosure.field_words import list_lines
from server.disclosure.files import MOST_ROWS, SCHEMA_PATH, write_csv, write_json
from server.disclosure.telling import tell_results
from server.disclosure.wording import WORDS, result_word
from server.guard import guarded
from server.i18n import translate as _
from server.settings.clauses import CLAUSES
from server.visitors import answer_page, answer_stream

blueprint = Blueprint("disclosure", __name__)
Page = str | Response | tuple[str, int]
SCHEMA = Path(__file__).parent / "result.schema.json"


@blueprint.get("/public/results")
@guarded(Action.PUBLIC_READ)
def results() -> Page:
    """Published results, the newest visit first."""
    county, asked = _county(), read_question(request.args)
    wanted = searching.Wanted(q=asked.wanted.q) if asked.faults else asked.wanted
    page = searching.list_results(county.id, wanted, request.args.get("page", 1, whole_number))
    choices = searching.list_choices(county.id)
    text = render_template(
        "public/results.html",
        county=county,
        page=page,
        typed=asked.typed,
        faults=asked.faults,
        is_narrowed=any(asked.typed.values()),
        choices=choices,
        codes=[(PROBLEM_WORD, _("发现问题的")), *((code, result_word(code)) for code in RESULTS)],
        kept=_kept(asked),
        **WORDS,
    )
    return (text, 422) if asked.faults else answer_page(text)


@blueprint.get("/public/results/<firm>")
@guarded(Action.PUBLIC_READ)
def firm(firm: str) -> Page:
    """One firm's results, the newest first."""
    county = _county()
    rows = searching.list_of_firm(county.id, firm)
    if not rows:
        raise fault("disclosure.no_results")
    return answer_page(
        render_template("public/firm.html", county=county, rows=rows, newest=rows[0], **WORDS)
    )


@blueprint.get("/public/results/visits/<int:inspection_id>")
@guarded(Action.PUBLIC_READ)
def visit(inspection_id: int) -> Page:
    """One visit: each department's own result, with corrections and what followed."""
    county = _county()
    rows = searching.list_of_visit(county.id, inspection_id)
    if not rows:
        raise fault("disclosure.no_results")
    told = list(zip(rows, tell_results(rows), strict=True))
    return answer_page(
        render_template(
            "public/visit.html", county=county, first=rows[0], told=told,
            worst=searching.worst_of(rows), **WORDS,
        )
    )  # fmt: skip


@blueprint.get("/public/results/shown")
@guarded(Action.PUBLIC_READ)
def shown() -> Page:
    """What of a result is public, and why the rest is not."""
    days = read_setting(_county().settings, searching.TERM_SETTING)
    lines = list_lines()
    named = {clause for line in lines for clause in line.clauses}
    quoted = [CLAUSES[number] for number in sorted(named & CLAUSES.keys())]
    return answer_page(
        render_template("public/shown.html", lines=lines, days=days, quoted=quoted, **WORDS)
    )


@blueprint.get("/public/results.json")
@guarded(Action.PUBLIC_READ)
def results_json() -> Page:
    """The same choice as on the page, whole."""
    county, asked = _county(), _whole()
    head = {
        "schema": url_for(".schema", _external=True),
        "county": {"code": county.code, "name": county.name},
        "stamp": searching.stamp_of(county.id),
    }
    return answer_stream(
        _etag("json", county, asked),
        lambda: stream_with_context(write_json(county.id, head, asked.wanted, _address(county))),
        f"results-{county.code}.json",
        "application/json",
    )


@blueprint.get("/public/results.csv")
@guarded(Action.PUBLIC_READ)
def results_csv() -> Page:
    """The same for a spreadsheet."""
    county, asked = _county(), _whole()
    return answer_stream(
        _etag("csv", county, asked),
        lambda: stream_with_context(write_csv(county.id, asked.wanted, _address(county))),
        f"results-{county.code}.csv",
        "text/csv",
    )


@blueprint.get(SCHEMA_PATH)
@guarded(Action.PUBLIC_READ)
def schema() -> Page:
    """JSON Schema of the file."""
    headers = {"Cache-Control": "public, max-age=3600"}
    text = SCHEMA.read_text(encoding="utf-8")
    return Response(text, mimetype="application/schema+json", headers=headers)


def _county() -> Jurisdiction:
    return find_public_county(request.args.get("county", ""))


def _whole() -> Asked:
    """For a file, which cannot show what is wrong beside its field."""
    asked = read_question(request.args)
    for name in asked.faults:
        raise fault("request.bad_parameter", field=name)
    count = searching.count_results(_county().id, asked.wanted)
    if count > MOST_ROWS:
        raise fault("disclosure.too_many", count=count, most=MOST_ROWS)
    return asked


def _etag(kind: str, county: Jurisdiction, asked: Asked) -> str:
    return f"{kind} {searching.stamp_of(county.id)} {asked.wanted} {request.url_root}"


def _address(county: Jurisdiction) -> Callable[[int, str], str]:
    # Worked out once: a year has thousands of lines.
    start = url_for(".visit", inspection_id=0, _external=True)[:-1]
    end = f"?county={county.code}" if request.args.get("county") else ""
    return lambda inspection_id, code: f"{start}{inspection_id}{end}#sheet-{code}"


def _kept(asked: Asked) -> dict[str, str]:
    """The choice for the addresses of the files."""
    kept = {name: value for name, value in asked.typed.items() if value}
    if county := request.args.get("county"):
        kept["county"] = county
    return kept
