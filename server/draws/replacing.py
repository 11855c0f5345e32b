"""Use cases: another officer in the place of one who cannot go (R049; part 7 row 17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.access import Action, Actor, Target, may
from domain.canonical import canonical_sha256
from domain.draw_changes import ChangeKind, ChangeState, ReplacementReason
from domain.draw_replacements import (
    Candidate,
    Vacancy,
    draw_replacement,
    freeze_candidates,
    list_bars,
)
from domain.errors import fault
from domain.reasons import parse_reason
from server.accounts.service import confirm_password
from server.db import unit_of_work
from server.draws.change_models import DrawChange
from server.draws.changes import (
    MAX_WORDS,
    add_change,
    decide,
    get_change,
    list_of_draw,
    lock_change,
    parse_words,
    read_seed,
    require_decider,
)
from server.draws.freezing import lock_draw
from server.draws.pool import drawn_key, officer_id_of, officer_key
from server.guard import require
from server.inspections import service as inspections
from server.inspections.models import Inspection, TeamMember
from server.registry import service as registry
from server.runtime import today

MAX_SOURCE_CHARACTERS = 200


def list_replaceable(actor: Actor, inspection: Inspection) -> list[TeamMember]:
    """The members this person may ask to replace now."""
    states = {one.department_id: one.state for one in inspection.sheets}
    return [
        member
        for member in inspections.active_team(inspection)
        if states.get(member.department_id) in ("open", "returned")
        and may(actor, Action.REPLACEMENT_REQUEST, _target(inspection, member))
    ]


def request_replacement(
    actor: Actor, inspection_id: int, officer_id: int, reason: str, words: str
) -> DrawChange:
    """Freezes the candidates with their SHA-256, before any seed exists; the unit head decides.

    Raises ``change.unknown_reason``, ``request.missing_field``, ``reason.too_long``, what
    ``inspections.require_replaceable`` raises, ``change.none_eligible`` where the department has
    nobody else to send, and ``change.open``.
    """
    if reason not in set(ReplacementReason):
        raise fault("change.unknown_reason")
    words = parse_words(words)
    with unit_of_work():
        # A redraw that sets this draw aside closes what was asked for: before it or not at all.
        lock_draw(actor, inspections.get_inspection(actor, inspection_id).draw_id)
        inspections.lock_visit(inspections.get_inspection(actor, inspection_id))
        inspection = inspections.get_inspection(actor, inspection_id)
        member = inspections.require_replaceable(inspection, officer_id)
        require(actor, Action.REPLACEMENT_REQUEST, _target(inspection, member))
        pool = _freeze(actor, inspection, member)
        if None not in list_bars(pool).values():
            raise fault("change.none_eligible")
        change = DrawChange(
            draw_id=inspection.draw_id,
            inspection_id=inspection.id,
            department_id=member.department_id,
            kind=ChangeKind.REPLACEMENT.value,
            reason=reason,
            words=words,
            officer_id=officer_id,
            pool=pool,
            pool_sha256=canonical_sha256(pool),
        )
        return add_change(actor, change)


def approve_replacement(
    actor: Actor,
    change_id: int,
    seed: str,
    seed_source: str,
    password: str,
    address: str,
    words: str = "",
) -> DrawChange:
    """Draws one of the frozen candidates by fresh public randomness and changes the team: all of
    it or nothing.

    Raises ``account.password_wrong``, ``request.missing_field`` without a source,
    ``change.own_request``, ``change.wrong_state``, ``change.sheet_submitted`` and the like where
    the visit went on meanwhile, ``change.pool_changed`` where the registers did (then nothing was
    drawn and it has to be asked for anew), and what ``read_seed`` raises.
    """
    source = parse_reason(seed_source, MAX_SOURCE_CHARACTERS)
    if not source:
        raise fault("request.missing_field", field="seed_source")
    words = parse_reason(words, MAX_WORDS)
    draw_id = get_change(actor, change_id).draw_id
    plain = read_seed(seed, [one.seed for one in list_of_draw(draw_id)])
    confirm_password(actor.person_id, password, address=address)
    with unit_of_work():
        change = lock_change(actor, change_id, ChangeKind.REPLACEMENT)
        require_decider(actor, change)
        inspections.lock_visit(change.inspection)
        inspection = inspections.get_inspection(actor, change.inspection_id)
        assert change.officer_id is not None and change.pool is not None, "a replacement"
        member = inspections.require_replaceable(inspection, change.officer_id)
        read_seed(seed, [change.draw.seed, *(one.seed for one in list_of_draw(draw_id))])
        # Before the seed is looked at: refusing afterwards would let somebody choose.
        if canonical_sha256(_freeze(actor, inspection, member)) != change.pool_sha256:
            raise fault("change.pool_changed")
        record = draw_replacement(
            change.pool, ReplacementReason(change.reason), plain, change.draw.public_id,
            change.public_id,
        )  # fmt: skip
        joins = registry.get_officer(actor, officer_id_of(record["joins"]))
        change.seed, change.seed_source, change.record = plain, source, record
        change.joined_id, change.joined = joins.id, joins
        inspections.replace_member(inspection, member, joins, actor.person_id)
        decide(actor, change, ChangeState.APPROVED, words)
    return change


@dataclass(frozen=True, slots=True)
class ShownCandidate:
    """A frozen candidate for people. ``bar`` None for who can be drawn."""

    key: str
    name: str
    cert_no: str
    bar: str | None


def list_candidates(actor: Actor, change: DrawChange) -> list[ShownCandidate]:
    """The frozen candidates, who can be drawn first."""
    bars = list_bars(change.pool or {"officers": []})
    known = registry.list_officers_by_id(actor, [officer_id_of(key) for key in bars])
    rows = [
        ShownCandidate(key, one.name, one.cert_no, bars[key])
        for one in known
        for key in [officer_key(one)]
    ]
    return sorted(rows, key=lambda row: (row.bar is not None, row.cert_no))


def _target(inspection: Inspection, member: TeamMember) -> Target:
    return Target(inspection.jurisdiction_id, member.department_id)


def _freeze(actor: Actor, inspection: Inspection, member: TeamMember) -> dict[str, Any]:
    """Everybody of the department, as the registers stand: label and area as the draw asked for."""
    firm = inspection.firm
    day = max(today(), inspection.planned_on or today())
    rules = ((inspection.draw.record or {}).get("pool") or {}).get("rules") or {}
    code = member.department.code
    vacancy = Vacancy(
        firm=drawn_key(firm, inspection.draw),
        department=code,
        leaves=officer_key(member.officer),
        label=rules.get("required_labels", {}).get(code),
        area=firm.area or None,
    )
    taken = {one.officer_id for one in inspection.team}
    active = registry.list_eligible_officers(actor, [member.department_id], date.min)
    return freeze_candidates(
        vacancy,
        [
            Candidate(
                id=officer_key(one),
                labels=tuple(one.labels),
                area=one.area or None,
                is_recused=firm.id in one.recused_firm_ids,
                is_certified=one.cert_expires_on is None or one.cert_expires_on >= day,
                was_on_team=one.id in taken,
            )
            for one in active
        ],
    )
