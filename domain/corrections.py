"""The only way back from the lock: a correction order (DESIGN §5.5; R079–R081).

A proposal is born when a late edit meets a lock, or on purpose. Its author submits it, the deputy
head may endorse it (setting), the unit head or the deputy approves (setting, the sources differ).
Nobody decides their own, nor what others made their own of it. A refused order is kept.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.access import Role
from domain.errors import Refused


class ProposalState(StrEnum):
    """As on the wire (docs/protocol.md §13.4). An endorsement is no state: the order stays
    submitted and names its endorser."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    DROPPED = "dropped"
    APPROVED = "approved"
    REFUSED = "refused"


class ProposalAction(StrEnum):
    """SUBMIT and DROP are the author's; the rest another person's. TAKE_OVER is for work whose
    author had no right to it on arrival: a member of the team makes it their own operation."""

    SUBMIT = "submit"
    DROP = "drop"
    ENDORSE = "endorse"
    APPROVE = "approve"
    REFUSE = "refuse"
    TAKE_OVER = "take_over"


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """The jurisdiction's setting: roles that may approve, and whether the deputy endorses first.
    Default (part 7 row 1): the unit head approves, endorsement is not demanded."""

    approver_roles: frozenset[Role] = frozenset({Role.UNIT_HEAD})
    needs_endorsement: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a decision looks at. `against`: the heads (field → op id) the order was written on.
    `endorser_person_id`: the deputy who endorsed it, None while nobody has.
    `first_author_person_ids`: whose words these were before its author made them their own."""

    state: ProposalState
    author_person_id: int
    reason: str
    against: Mapping[str, str | None]
    endorser_person_id: int | None = None
    first_author_person_ids: frozenset[int] = frozenset()


_P, _DO = ProposalState, ProposalAction
_MOVES: Final[Mapping[tuple[ProposalState, ProposalAction], ProposalState]] = {
    (_P.DRAFT, _DO.SUBMIT): _P.SUBMITTED,
    (_P.DRAFT, _DO.DROP): _P.DROPPED,
    (_P.SUBMITTED, _DO.DROP): _P.DROPPED,
    (_P.SUBMITTED, _DO.ENDORSE): _P.SUBMITTED,
    (_P.SUBMITTED, _DO.APPROVE): _P.APPROVED,
    (_P.SUBMITTED, _DO.REFUSE): _P.REFUSED,
}


def decide(
    proposal: Proposal,
    action: ProposalAction,
    person_id: int,
    roles: Collection[Role],
    current: Mapping[str, str | None],
    rule: ApprovalRule = ApprovalRule(),
) -> ProposalState | Refused:
    """The proposal's next state, or why not: `correction.wrong_state`, `correction.own_proposal`,
    `correction.own_words`, `correction.wrong_role`, `correction.needs_reason`, `correction.stale`
    (a head has moved since `against`, invariant I10). `current` are the heads now of the fields
    named in `against`."""
    moved = _MOVES.get((proposal.state, action))
    if moved is None:
        return Refused("correction.wrong_state", {"state": proposal.state.value})
    if action in (_DO.SUBMIT, _DO.DROP):
        return _by_author(proposal, action, person_id, moved)
    if person_id == proposal.author_person_id:
        return Refused("correction.own_proposal")
    # Taken over by a colleague they would pass with one pair of eyes after all (I10).
    if person_id in proposal.first_author_person_ids:
        return Refused("correction.own_words")
    if action is _DO.ENDORSE:
        return moved if Role.DEPUTY_HEAD in roles else Refused("correction.wrong_role")
    if not rule.approver_roles & set(roles):
        return Refused("correction.wrong_role")
    if action is _DO.REFUSE:
        return moved
    return _approve(proposal, person_id, current, rule, moved)


def decide_stray(
    state: ProposalState, author_person_id: int, action: ProposalAction, person_id: int
) -> ProposalState | Refused:
    """The same for work that was forbidden on arrival: it is no order of its author's, so it is
    taken over or refused as it lies, by somebody else. Who may is ``access``."""
    moved = {_DO.TAKE_OVER: _P.APPROVED, _DO.REFUSE: _P.REFUSED}.get(action)
    if moved is None or state is not _P.DRAFT:
        return Refused("correction.wrong_state", {"state": state.value})
    if person_id == author_person_id:
        return Refused("correction.own_proposal")
    return moved


def heads_match(against: Mapping[str, str | None], current: Mapping[str, str | None]) -> bool:
    """Whether every field the order was written on still has the head it was written on."""
    return all(current.get(name) == head for name, head in against.items())


def _by_author(
    proposal: Proposal, action: ProposalAction, person_id: int, moved: ProposalState
) -> ProposalState | Refused:
    if person_id != proposal.author_person_id:
        return Refused("correction.wrong_role")
    if action is _DO.SUBMIT and not proposal.reason.strip():
        return Refused("correction.needs_reason")
    return moved


def _approve(
    proposal: Proposal,
    person_id: int,
    current: Mapping[str, str | None],
    rule: ApprovalRule,
    moved: ProposalState,
) -> ProposalState | Refused:
    if rule.needs_endorsement:
        if proposal.endorser_person_id is None:
            return Refused("correction.not_endorsed")
        # Two signatures of one person are one pair of eyes.
        if proposal.endorser_person_id == person_id:
            return Refused("correction.own_endorsement")
    return moved if heads_match(proposal.against, current) else Refused("correction.stale")
