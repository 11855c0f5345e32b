"""What must hold before a result sheet is entered and locked (DESIGN §5.2; R048, R074, R079).

Everything unmet is reported at once: a team standing in a yard must not learn of its gaps one by
one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from domain.judging import Judgement, Missing, Verdict
from domain.outcomes import OutcomeFact
from domain.result_codes import NO_ISSUE, RESULTS

OFFICERS_NEEDED = 2


@dataclass(frozen=True, slots=True)
class PhotoFact:
    """A declared picture that was not removed. `is_received`: stored with the declared hash."""

    sha256: str
    items: tuple[str, ...]
    is_received: bool


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """All that entry looks at, of one department's sheet. `judgements` has every item of the sheet;
    `results` the national code per item; `firm_signed` a signature of the firm;
    `firm_refusal_reason` the recorded reason of a refusal; `open_siblings` the entities with two
    versions to choose from; `firm_unsigned` that the firm has not signed again what was changed
    after a return, then `standing_officers` are those whose signature covers what stands now;
    `outcome` why nothing could be checked, then no list is filled."""

    is_ended: bool
    checked_in: Collection[int]
    judgements: Mapping[str, Judgement]
    photos: Sequence[PhotoFact]
    signed_officers: Collection[int]
    firm_signed: bool
    firm_refusal_reason: str | None
    open_siblings: Sequence[str]
    results: Mapping[str, int]
    is_accepted: bool
    acceptance_required: bool = True
    officers_needed: int = OFFICERS_NEEDED
    firm_unsigned: bool = False
    standing_officers: Collection[int] = ()
    outcome: OutcomeFact | None = None


@dataclass(frozen=True, slots=True)
class Unmet:
    """One precondition that does not hold: a code of the fault catalogue and its details."""

    code: str
    details: dict[str, object] = field(default_factory=dict)


def entry_preconditions(facts: SheetFacts) -> list[Unmet]:
    """Every unmet precondition, in the order a person would mend them; empty when the sheet may be
    entered. At most one of each code."""
    unmet = [Unmet("entry.not_ended")] if not facts.is_ended else []
    unmet += _officers(facts)
    unmet += _answers(facts) if facts.outcome is None else _evidence_of(facts.outcome)
    unmet += _photos(facts)
    unmet += _signatures(facts)
    if facts.open_siblings:
        unmet.append(Unmet("entry.conflict", {"entities": sorted(set(facts.open_siblings))}))
    unmet += _results(facts)
    if facts.acceptance_required and not facts.is_accepted:
        unmet.append(Unmet("entry.not_accepted"))
    return unmet


def _officers(facts: SheetFacts) -> list[Unmet]:
    present = len(set(facts.checked_in))
    if present >= facts.officers_needed:
        return []
    return [Unmet("entry.officers", {"present": present, "needed": facts.officers_needed})]


def _answers(facts: SheetFacts) -> list[Unmet]:
    lacking = [
        item
        for item, judgement in facts.judgements.items()
        if any(what is not Missing.PHOTO for what in judgement.missing)
    ]
    return [Unmet("entry.answer", {"items": lacking})] if lacking else []


def _evidence_of(outcome: OutcomeFact) -> list[Unmet]:
    """What happened in words, and a picture of it."""
    unmet = [] if outcome.note else [Unmet("entry.outcome_note", {"items": [outcome.item]})]
    if outcome.photos == 0:
        unmet.append(Unmet("entry.outcome_photo", {"items": [outcome.item]}))
    return unmet


def _photos(facts: SheetFacts) -> list[Unmet]:
    unmet: list[Unmet] = []
    needed = [item for item, one in facts.judgements.items() if Missing.PHOTO in one.missing]
    if needed and facts.outcome is None:
        unmet.append(Unmet("entry.photo_required", {"items": needed}))
    waited = [photo for photo in facts.photos if not photo.is_received]
    if waited:
        items = sorted({item for photo in waited for item in photo.items})
        hashes = sorted(photo.sha256 for photo in waited)
        details: dict[str, object] = {"count": len(waited), "items": items, "photos": hashes}
        unmet.append(Unmet("entry.photo_not_received", details))
    return unmet


def _signatures(facts: SheetFacts) -> list[Unmet]:
    # Whoever was not there cannot sign for what was seen there.
    signed = len(set(facts.signed_officers) & set(facts.checked_in))
    unmet: list[Unmet] = []
    if signed < facts.officers_needed:
        details: dict[str, object] = {"signed": signed, "needed": facts.officers_needed}
        unmet.append(Unmet("entry.signature_officer", details))
    if facts.outcome is not None:
        return unmet  # there is nobody to sign, or nobody who would
    has_refusal = bool((facts.firm_refusal_reason or "").strip())
    if not facts.firm_signed and not (has_refusal and signed >= facts.officers_needed):
        unmet.append(Unmet("entry.signature_firm"))
    standing = len(set(facts.standing_officers) & set(facts.checked_in))
    if facts.firm_unsigned and standing < facts.officers_needed:
        again: dict[str, object] = {"signed": standing, "needed": facts.officers_needed}
        unmet.append(Unmet("entry.signature_again", again))
    return unmet


def _results(facts: SheetFacts) -> list[Unmet]:
    unmet: list[Unmet] = []
    without = [
        item
        for item, judgement in facts.judgements.items()
        if item not in facts.results and (facts.outcome is not None or not _is_left_out(judgement))
    ]
    if without:
        unmet.append(Unmet("entry.result", {"items": without}))
    unknown = [
        item
        for item, code in facts.results.items()
        if code not in RESULTS or item not in facts.judgements
    ]
    if unknown:
        unmet.append(Unmet("entry.result_unknown", {"items": unknown}))
    contradicted = [
        item
        for item, judgement in facts.judgements.items()
        if _contradicts(facts, judgement, facts.results.get(item))
    ]
    if contradicted:
        unmet.append(Unmet("entry.result_contradicts", {"items": contradicted}))
    return unmet


def _contradicts(facts: SheetFacts, judgement: Judgement, code: int | None) -> bool:
    """A finding entered as none; or, where nothing could be checked, another code than its own."""
    if facts.outcome is not None:
        return code is not None and code != facts.outcome.result
    return judgement.verdict is Verdict.FAIL and code == NO_ISSUE


def _is_left_out(judgement: Judgement) -> bool:
    """An optional item nobody answered needs no result."""
    return judgement.verdict is Verdict.MISSING and not judgement.missing
