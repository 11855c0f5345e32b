"""What the pages of firms show, whichever route asks."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from domain.errors import Fault, message
from domain.identifiers import check_licence
from server.accounts.service import list_departments, list_person_names
from server.boundary import whole_number
from server.guard import get_actor
from server.i18n import current_locale
from server.i18n import translate as _
from server.registry import service
from server.registry.clash_views import tell_meanwhile
from server.registry.firm_forms import FirmForm, StatusForm, VehicleForm
from server.registry.models import Firm
from server.registry.wording import Names, Told, color_words, tell_history

FILTERS = ("q", "category", "tier", "status", "area", "label", "group", "lacks")


def firms_page(**upload: Any) -> str:
    """The register, filtered; without a filter also what it lacks, and its pictures."""
    actor = get_actor()
    asked = {name: request.args.get(name, "").strip() for name in FILTERS}
    number = request.args.get("page", 1, type=whole_number)
    tags = service.list_tags(actor, "firms")
    is_whole = not any(asked.values()) and number == 1
    counts = service.count_firms(actor) if is_whole else {}
    by_tier = service.count_firms_by_tier(actor) if is_whole else {}
    return render_template(
        "registry/firms.html",
        page=service.list_firms(
            actor,
            wanted=service.firm_filter(actor, asked),
            page=number,
            sort=request.args.get("sort", ""),
            is_descending=request.args.get("dir") == "desc",
        ),
        wanted=asked,
        is_whole=is_whole,
        gaps=service.count_gaps(actor) if is_whole else None,
        per_trade=[
            (_(name), sum(counts.get(code, {}).values()))
            for code, name in service.CATEGORIES.items()
        ],
        per_tier=[
            (_(name), by_tier.get(tier, 0))
            for tier, name in (*service.TIERS.items(), (service.NO_TIER, "未分类"))
        ],
        areas=service.list_areas(actor),
        tags=tags,
        groups=sorted({tag.group_name for tag in tags if tag.group_name}),
        **_words(),
        **upload,
    )


def firm_page(
    firm: Firm,
    status_form: StatusForm | None = None,
    vehicle_forms: dict[int, VehicleForm] | None = None,
    refused: Fault | None = None,
) -> str:
    """One firm. ``vehicle_forms`` are refused forms by the vehicle's id, 0 for a new one."""
    actor = get_actor()
    changes = service.list_changes(actor, "firms", firm.id)
    licences = [one for one in (firm.licence_no, *(firm.more_licences or [])) if one]
    vehicles = service.list_vehicles(actor, firm)
    return render_template(
        "registry/firm.html",
        firm=firm,
        history=history_of("firms", firm.id),
        why=next((one.reason for one in changes if "status" in one.changes), ""),
        licences=[(one, check_licence(one) is not None) for one in licences],
        classes=service.list_tiers(actor, firm.id),
        tag_names=service.tag_names(actor, "firms"),
        vehicles=vehicles,
        recused=service.list_recused_officers(actor, firm),
        departments={one.id: one.name for one in list_departments()},
        status_form=status_form or StatusForm(formdata=None, status=firm.status),
        vehicle_forms={
            0: VehicleForm(formdata=None, color="yellow"),
            **{one.id: VehicleForm(formdata=None, obj=one) for one in vehicles},
            **(vehicle_forms or {}),
        },
        refused_vehicles=set(vehicle_forms or ()),
        **refusal(refused),
        **_words(),
    )


def firm_form_page(
    form: FirmForm,
    firm: Firm | None,
    refused: Fault | None = None,
    meanwhile: service.ChangedMeanwhile | None = None,
) -> str:
    """The form of a firm, new or known; ``meanwhile`` says what others changed."""
    return render_template(
        "registry/firm_edit.html",
        form=form,
        firm=firm,
        meanwhile=meanwhile,
        clashes=tell_clashes("firms", meanwhile),
        **refusal(refused),
        **_words(),
    )


def history_of(register: str, entry_id: int) -> list[Told]:
    """One entry's timeline, the newest first."""
    changes = service.list_changes(get_actor(), register, entry_id)
    return tell_history(register, changes, names_of(register, changes))


def names_of(register: str, changes: Any) -> Names:
    """Names for everything these changes mention."""
    actor = get_actor()
    people, firms = set(), set()
    for one in changes:
        people.add(one.changed_by)
        people |= set(one.changes.get("person_id", ()))
        firms |= {n for ids in one.changes.get("recused_firm_ids", ()) for n in ids or ()}
    known = service.list_firms_by_id(actor, sorted(firms))
    return Names(
        tags=service.tag_names(actor, register),
        people=list_person_names([one for one in people if one]),
        firms={firm.id: firm.name for firm in known},
        departments={one.id: one.name for one in list_departments()},
    )


def tell_clashes(register: str, meanwhile: service.ChangedMeanwhile | None) -> list[dict[str, Any]]:
    """For the conflict's list: the field, what it said, what it says, who and when."""
    if meanwhile is None:
        return []
    names = names_of(register, [_as_change(one) for one in meanwhile.clashes])
    return tell_meanwhile(
        meanwhile,
        service.field_words(register),
        lambda name, value: service.tell_value(name, value, names),
    )


def refusal(refused: Fault | None) -> dict[str, Any]:
    """A refusal in the reader's language."""
    text = message(refused.code, current_locale(), refused.details) if refused else ""
    return {"refused": refused, "refused_text": text}


def _as_change(clash: service.Clash) -> Any:
    return service.RegisterChange(
        changes={clash.name: [clash.base, clash.now]}, changed_by=clash.changed_by
    )


def _words() -> dict[str, Any]:
    return {
        "categories": service.CATEGORIES,
        "tiers": service.TIERS,
        "statuses": service.STATUSES,
        "colors": color_words(),
    }
