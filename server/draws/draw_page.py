"""One draw's page, whoever asks for it: each form comes back as it was typed where it was
refused."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_wtf import FlaskForm

from domain.access import Actor
from domain.county_settings import read_setting
from domain.errors import Fault, message
from server.accounts.service import get_jurisdiction, list_person_names
from server.draws import service
from server.draws.ceremony_forms import (
    DecideForm,
    DrawDayForm,
    LotteryForm,
    LotteryResultForm,
    MeetingForm,
    RedrawForm,
    RollsForm,
    SignedForm,
    StrikeForm,
)
from server.draws.change_wording import CHANGE_WORDS
from server.draws.changes import list_of_draw
from server.draws.explanation import explain_ratio
from server.draws.forms import ReasonForm, RunDrawForm
from server.draws.frame import frame_of
from server.draws.models import Draw
from server.draws.official import find_official
from server.draws.redrawing import can_decide
from server.draws.results import list_drawn
from server.draws.room import Room, room_of
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections import service as inspections
from server.runtime import now, today


def draw_page(
    actor: Actor,
    draw_id: int,
    refused: Fault | None = None,
    differences: list[str] | None = None,
    **forms: FlaskForm,
) -> str:
    """``forms`` by name, as the template knows them; those not given are empty. ``differences`` is
    None where nothing was recomputed. Raises ``draw.not_found``."""
    found = service.get_draw(actor, draw_id)
    room = room_of(found)
    redraws = service.list_redraws(actor, draw_id)
    waiting = next((one for one in redraws if not one.decision), None)
    begun = inspections.find_begun(found.id) if found.state == service.DrawState.DRAWN else None
    people = {one for r in redraws for one in (r.requested_by, r.decided_by) if one is not None}
    return render_template(
        "draws/draw.html",
        draw=found,
        room=room,
        published=frame_of(found),
        pool=service.frozen_pool(found),
        raised=explain_ratio(service.ratio_of_draw(found)),
        rows=list_drawn(actor, found),
        forms={**_blank(found, room), **forms},
        sent=set(forms),
        refused=refused,
        refused_text=sentence(refused),
        differences=differences,
        people=service.people_of(found),
        redraws=redraws,
        waiting=waiting,
        may_decide=waiting is not None and can_decide(actor, waiting),
        begun=begun,
        names=list_person_names(people),
        changes=list_of_draw(found.id),
        official=find_official(found),
        **CHANGE_WORDS,
    )


def sentence(refused: Fault | None) -> str:
    """A refusal in the reader's language; empty for none."""
    if refused is None:
        return ""
    return message(refused.code, current_locale(), refused.details)


def _blank(draw: Draw, room: Room) -> dict[str, FlaskForm]:
    settings = get_jurisdiction(draw.jurisdiction_id).settings
    platform = str(read_setting(settings, "platform.name"))
    return {
        "run": RunDrawForm(formdata=None, planned_on=today()),
        "reason": ReasonForm(formdata=None),
        "meeting": _meeting(room, platform),
        "rolls": RollsForm(formdata=None, seen=str(len(room.rolls))),
        "strike": StrikeForm(formdata=None),
        "lottery": LotteryForm(formdata=None),
        "result": LotteryResultForm(formdata=None),
        "day": DrawDayForm(formdata=None, planned_on=today()),
        "signed": SignedForm(formdata=None),
        "redraw": RedrawForm(formdata=None),
        "decide": DecideForm(formdata=None),
    }


def _meeting(room: Room, platform: str) -> MeetingForm:
    """What is on record, to be mended; else this moment and this system."""
    told: dict[str, Any] = room.told
    meeting, witness = told.get("meeting") or {}, told.get("witness") or {}
    names = {one["department"]: one["names"] for one in told.get("present", ())}
    form = MeetingForm(
        typed={f"present-{code}": names.get(name, "") for code, name in room.departments},
        formdata=None,
        place=told.get("place", ""),
        began_at=room.instant("began_at") or now(),
        witness_name=witness.get("name", ""),
        witness_unit=witness.get("unit", ""),
        platform=told.get("platform") or platform or _("随查"),
        participants=meeting.get("participants", ""),
        scheme_no=meeting.get("scheme_no", ""),
    )
    if meeting.get("held_on"):
        form.held_on.data = today().fromisoformat(meeting["held_on"])
    return form
