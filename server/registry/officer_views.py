"""What the pages of officers show, whichever route asks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import render_template, request

from domain.access import Action, Target, may
from domain.errors import Fault
from server.accounts.service import list_departments, list_people, list_person_names
from server.boundary import whole_number
from server.guard import get_actor
from server.inspections.service import visit_loads
from server.registry import service
from server.registry.firm_views import history_of, refusal, tell_clashes
from server.registry.models import Officer
from server.registry.officer_forms import OfficerForm, RecusalForm
from server.registry.officer_search import EXPIRY_WARNING_DAYS
from server.registry.tags import offered_tags
from server.runtime import today
from server.training.service import list_of_officer

FILTERS = ("q", "label", "group", "area", "certificate", "recused", "state", "lacks")


def officers_page(**upload: Any) -> str:
    """The register, filtered, with what it lacks and each officer's load of the year."""
    actor = get_actor()
    asked = {name: request.args.get(name, "").strip() for name in FILTERS}
    department_id = request.args.get("department", type=whole_number)
    tags = service.list_tags(actor, "officers")
    page = service.list_officers(
        actor,
        wanted=service.officer_filter(actor, asked, department_id),
        on=today(),
        page=request.args.get("page", 1, type=whole_number),
        sort=request.args.get("sort", ""),
        is_descending=request.args.get("dir") == "desc",
    )
    is_whole = not any(asked.values()) and department_id is None
    return render_template(
        "registry/officers.html",
        page=page,
        wanted={**asked, "department_id": department_id},
        is_whole=is_whole,
        # The page shows those in post; a register of those who left is not an empty one.
        is_empty=is_whole and not page.total and not _count_all(),
        gaps=service.count_officer_gaps(actor, today()),
        loads=visit_loads(actor, [one.id for one in page.rows], today().year),
        areas=service.list_officer_areas(actor),
        tags=tags,
        groups=sorted({tag.group_name for tag in tags if tag.group_name}),
        tag_names=service.tag_names(actor, "officers"),
        **_words(),
        **upload,
    )


def _count_all() -> int:
    wanted = service.officer_filter(get_actor(), {"state": "all"}, None)
    return service.list_officers(get_actor(), wanted=wanted, on=today()).total


def officer_page(
    officer: Officer,
    recusal_form: RecusalForm | None = None,
    ending: int | None = None,
    refused: Fault | None = None,
) -> str:
    """One officer. ``ending`` is the firm whose recusal could not be ended as asked."""
    actor = get_actor()
    words = request.args.get("firm", "").strip()
    recusals = service.list_recusals(actor, officer)
    people = {one.record.began_by for one in recusals if one.record and one.record.began_by}
    if officer.person_id:
        people.add(officer.person_id)
    return render_template(
        "registry/officer.html",
        officer=officer,
        history=history_of("officers", officer.id),
        load=visit_loads(actor, [officer.id], today().year)[officer.id],
        trainings=list_of_officer(officer.id),
        can_read_training=lambda one: may(
            actor, Action.TRAINING_READ, Target(one.jurisdiction_id, one.department_id)
        ),
        year=today().year,
        tag_names=service.tag_names(actor, "officers"),
        recusals=recusals,
        people=list_person_names(people),
        words=words,
        found=service.find_firms(actor, words) if words else [],
        recusal_form=recusal_form or RecusalForm(formdata=None),
        ending=ending,
        can_write=may(
            actor,
            Action.OFFICER_WRITE,
            Target(officer.jurisdiction_id, officer.department_id),
        ),
        **refusal(refused),
        **_words(),
    )


def officer_form_page(
    form: OfficerForm,
    officer: Officer | None,
    refused: Fault | None = None,
    meanwhile: service.ChangedMeanwhile | None = None,
) -> str:
    """The form of an officer, new or known; ``meanwhile`` says what others changed."""
    return render_template(
        "registry/officer_edit.html",
        form=form,
        officer=officer,
        meanwhile=meanwhile,
        clashes=tell_clashes("officers", meanwhile),
        **refusal(refused),
    )


def officer_form(officer: Officer | None, **values: Any) -> OfficerForm:
    """With the choices of now: tags, the departments whose officers one keeps, accounts of theirs
    nobody else has."""
    actor = get_actor()
    labels = officer.labels if officer else []
    taken = service.list_linked_people(actor)
    kept = service.list_kept_departments(actor)
    names = {one.id: one.name for one in list_departments() if one.id in kept}
    own = officer.person_id if officer else None
    people = [
        one
        for one in list_people()
        if one.id == own or (one.department_id in kept and one.id not in taken)
    ]
    return OfficerForm(
        offered_tags(actor, "officers", labels),
        names.items(),
        [(one.id, f"{one.name}（{one.account}）") for one in people],
        **values,
    )


def _words() -> dict[str, Any]:
    return {
        "departments": {one.id: one.name for one in list_departments()},
        "today": today(),
        "warn_before": today() + timedelta(days=EXPIRY_WARNING_DAYS),
        "categories": service.CATEGORIES,
    }
