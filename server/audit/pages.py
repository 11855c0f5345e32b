"""HTML pages of the auditor: who did what when, a sample by lot, one entry and its proof."""

from __future__ import annotations

import io
import json
import secrets
import tempfile
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.errors import fault
from server.audit import reading, roots
from server.audit.detail_wording import detail_lines, doer_word
from server.audit.forms import SAMPLE_SIZES, SYSTEM, Asked, read_asked, read_sample
from server.audit.wording import deed_word
from server.boundary import whole_number
from server.exchange.service import CSV_TYPE, XLSX_TYPE
from server.exchange.writing import write_table
from server.guard import get_actor, guarded
from server.i18n import translate as _
from server.runtime import SITE_ZONE, today

blueprint = Blueprint("audit", __name__, url_prefix="/audit")
Page = str | AnyResponse
WORDS = {"deed_word": deed_word, "detail_lines": detail_lines, "doer_word": doer_word}


@blueprint.get("")
@guarded(Action.AUDIT_READ)
def log() -> Page:
    """操作留痕, narrowed by person, deed, thing and days."""
    asked = read_asked(request.args)
    root = roots.ensure_daily_root(get_actor().jurisdiction_id)
    page = reading.list_page(asked.wanted, request.args.get("page", 1, type=whole_number))
    before = roots.find_root_before(root) if root else None
    return render_template(
        "audit/log.html",
        page=page,
        last_root=root,
        root_before=before,
        sizes=SAMPLE_SIZES,
        **_choices(asked),
        **WORDS,
    )


@blueprint.get("/export.<form>")
@guarded(Action.AUDIT_READ)
def export(form: str) -> Page:
    """The same as a file, the oldest first."""
    if form not in ("xlsx", "csv"):
        raise fault("request.not_found")
    lines = reading.list_all(read_asked(request.args).wanted)
    heads = [
        _("记录编号"),
        _("时间"),
        _("操作人"),
        _("操作"),
        _("对象"),
        _("手机"),
        _("附记"),
        _("序位"),
    ]
    widths = [10, 20, 14, 24, 30, 38, 60, 10]
    # Years of it: a file without a name of its own, gone with the response.
    out = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        write_table(out, _("操作留痕"), heads, widths, _rows(lines), form)
    except BaseException:
        out.close()
        raise
    out.seek(0)
    kind = XLSX_TYPE if form == "xlsx" else CSV_TYPE
    name = f"{_('操作留痕')}-{today().isoformat()}.{form}"
    answer = send_file(out, kind, as_attachment=True, download_name=name)
    answer.call_on_close(out.close)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/sample")
@guarded(Action.AUDIT_READ)
def sample() -> Page:
    """Records to look into, by lot. The seed stands in the address, so that anybody with the same
    filters gets the same records."""
    asked = read_asked(request.args)
    seed, count = read_sample(request.args)
    if not seed:
        chosen = {**_filters(asked), "seed": secrets.token_hex(8), "size": str(count)}
        return redirect(f"{url_for('audit.sample')}?{urlencode(chosen)}")
    lines, total = reading.sample(asked.wanted, seed, count)
    return render_template(
        "audit/sample.html", lines=lines, total=total, seed=seed, count=count,
        sizes=SAMPLE_SIZES, **_choices(asked), **WORDS,
    )  # fmt: skip


@blueprint.get("/<int:event_id>")
@guarded(Action.AUDIT_READ)
def entry(event_id: int) -> Page:
    """One entry with what is hashed of it."""
    found = reading.get_event(event_id)
    text = json.dumps(found.entry, ensure_ascii=False, indent=2, sort_keys=True)
    return render_template("audit/entry.html", found=found, text=text, **WORDS)


@blueprint.get("/<int:event_id>/proof.json")
@guarded(Action.AUDIT_READ)
def proof(event_id: int) -> Page:
    """The way from the entry to a signed root, as ``suicha audit check`` reads it."""
    text = json.dumps(reading.build_proof(event_id), ensure_ascii=False, indent=2)
    headers = {
        "Content-Disposition": f'attachment; filename="audit-{event_id}-proof.json"',
        "Cache-Control": "no-store",
    }
    return Response(text, mimetype="application/json", headers=headers)


@blueprint.get("/growth.json")
@guarded(Action.AUDIT_READ)
def growth() -> Page:
    """That the list only grew since the root over ``?since=`` entries."""
    size = request.args.get("since", type=whole_number)
    if size is None:
        raise fault("request.not_found")
    found = reading.build_growth(get_actor().jurisdiction_id, size)
    return _kept(json.dumps(found, indent=2).encode(), f"audit-growth-{size}.json")


@blueprint.get("/leaves")
@guarded(Action.AUDIT_READ)
def leaves() -> Page:
    """The hashes of all entries, to be kept elsewhere: they name an entry that was rewritten
    together with its hash."""
    data = reading.dump_leaves(get_actor().jurisdiction_id)
    return _kept(data, f"audit-{today().isoformat()}.leaves")


def _kept(data: bytes, name: str) -> AnyResponse:
    is_json = name.endswith(".json")
    kind = "application/json" if is_json else "application/octet-stream"
    answer = send_file(io.BytesIO(data), kind, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _filters(asked: Asked) -> dict[str, str]:
    return {name: value for name, value in asked.typed.items() if value}


def _choices(asked: Asked) -> dict[str, object]:
    people = sorted(reading.list_actors().items(), key=lambda one: one[1])
    deeds = sorted(((one, deed_word(one)) for one in reading.list_actions()), key=lambda o: o[1])
    return {
        "asked": asked,
        "people": [(SYSTEM, _("系统")), *((str(one), name) for one, name in people)],
        "deeds": deeds,
        "filters": _filters(asked),
    }


def _to_the_second(at: datetime) -> str:
    return f"{at.astimezone(SITE_ZONE):%Y-%m-%d %H:%M:%S}"


def _rows(lines: Iterator[reading.Line]) -> Iterator[list[str]]:
    for line in lines:
        event = line.event
        details = _("；").join(
            f"{name}：{value}" for name, value in detail_lines(event, longest=2_000)
        )
        yield [
            str(event.id),
            _to_the_second(event.at),
            doer_word(line.who, event),
            deed_word(event.action),
            event.target,
            event.device_id or "",
            details,
            "" if line.place is None else str(line.place + 1),
        ]
