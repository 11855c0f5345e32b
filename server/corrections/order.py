"""Lookup: one correction order with the sheet it is about, as both stand now."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.access import Actor, Target
from domain.corrections import Proposal as Decision
from domain.corrections import ProposalAction, ProposalState, heads_match
from domain.errors import Refused, fault
from domain.results import Unmet, entry_preconditions
from server.corrections.joining import find_order_id, list_joined
from server.corrections.models import CorrectionStep
from server.corrections.origins import list_first_authors
from server.corrections.steps import list_steps
from server.db import db
from server.fieldsync import service as fieldsync
from server.fieldsync.models import Proposal, Space
from server.fieldsync.service import SheetRows, Standing
from server.results import service as results
from sync.corrections import Subject, list_changes, subject_of
from sync.merge import attached_to
from sync.rows import Row
from sync.versions import Change, lay_over_all

# What a correction can break; who was there and who signed is settled since the lock.
CHECKED = {
    "entry.answer",
    "entry.photo_not_received",
    "entry.photo_required",
    "entry.result",
    "entry.result_contradicts",
    "entry.result_unknown",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One proposal of an order: the row it is about, and what it would change there."""

    proposal: Proposal
    subject: Subject
    changes: list[Change] | Refused


@dataclass(frozen=True, slots=True)
class Order:
    """``first_authors`` are the people whose words it was before. ``parts`` are what is decided
    together, the one that names the order first. Under the space's lock all of it stays true until
    the commit; on a page it is a look."""

    code: str
    target: Target
    standing: Standing
    steps: tuple[CorrectionStep, ...]
    first_authors: tuple[int, ...]
    parts: tuple[Part, ...]

    @property
    def proposal(self) -> Proposal:
        """The one that names the order; author, state and reason are the same in all of them."""
        return self.parts[0].proposal

    @property
    def changes(self) -> list[Change] | Refused:
        """What approving it would do, or why it cannot be approved. A part that somebody else has
        corrected alike meanwhile is left out while others still change something."""
        refused = [one.changes for one in self.parts if isinstance(one.changes, Refused)]
        for one in refused:
            if one.code != "correction.nothing_changed":
                return one
        found = [
            change
            for part in self.parts
            if not isinstance(part.changes, Refused)
            for change in part.changes
        ]
        return found or refused[0]

    @property
    def heads(self) -> dict[str, str | None]:
        """The heads a decider is shown and must send back as ``against``."""
        return {
            self._named(part, name): head
            for part in self.parts
            for name, head in part.subject.heads.items()
        }

    def _named(self, part: Part, field: str) -> str:
        """Of several parts each head says whose it is."""
        return field if len(self.parts) == 1 else f"{part.subject.entity}/{field}"

    @property
    def reason(self) -> str:
        """Why its author wants it."""
        asked = (self.proposal.payload.get("fields") or {}).get("reason") or ""
        is_asked = self.proposal.kind == "correction.propose"
        return self.proposal.reason or (str(asked) if is_asked else "")

    @property
    def people(self) -> frozenset[int]:
        """Whose words it is or was: none of them decides on it (I10)."""
        return frozenset({self.proposal.person_id, *self.first_authors})

    @property
    def is_stale(self) -> bool:
        """Whether what it was written on has been corrected since."""
        return not heads_match(self.decision.against, self.heads)

    @property
    def endorser_id(self) -> int | None:
        """Who endorsed it, if anybody has."""
        done = (s.person_id for s in self.steps if s.action == ProposalAction.ENDORSE)
        return next(done, None)

    @property
    def decision(self) -> Decision:
        """As ``domain.corrections`` looks at it."""
        return Decision(
            state=ProposalState(self.proposal.state),
            author_person_id=self.proposal.person_id,
            reason=self.reason,
            against={
                self._named(part, name): part.proposal.against.get(name)
                for part in self.parts
                for name in part.subject.fields
            },
            endorser_person_id=self.endorser_id,
            first_author_person_ids=frozenset(self.first_authors),
        )

    def corrected(self, version: Row) -> SheetRows:
        """The sheet as it would hold with this version laid over what holds now."""
        now = self.standing.now
        rows = lay_over_all(now.evidence, [version])
        chosen = dict(now.results)
        for row in rows:
            if row.type == "answer" and "result" in row.fields:
                chosen[row.id.rpartition("/")[2]] = int(str(row.fields["result"]))
        return replace(
            now,
            results=chosen,
            answers={r.id.rpartition("/")[2]: r for r in rows if r.type == "answer"},
            photos=[r for r in rows if r.type == "photo" and attached_to(r)],
        )

    def list_broken(self, after: SheetRows) -> list[Unmet]:
        """What the record would lack after the correction and does not lack now."""
        before = _unmet(self.standing.now)
        return [one for one in _unmet(after) if one not in before]


def read_order(proposal: Proposal) -> Order:
    """The whole order the proposal belongs to. Raises ``correction.not_found`` for one that is
    about no sheet of an inspection."""
    order_id = find_order_id(proposal.id)
    leading = proposal if order_id == proposal.id else fieldsync.find_proposal(order_id)
    code = fieldsync.find_code(proposal.entity, proposal.payload)
    if leading is None or leading.inspection_id is None or code is None:
        raise fault("correction.not_found")
    standing = fieldsync.read_standing(leading.inspection_id, code)
    all_of_it = [leading, *list_joined(order_id)]
    authors = [author for one in all_of_it for author in list_first_authors(one)]
    return Order(
        code=code,
        target=replace(
            fieldsync.target_of_sheet(leading.space, code), author_person_id=leading.person_id
        ),
        standing=standing,
        steps=tuple(list_steps(leading.id)),
        first_authors=tuple(dict.fromkeys(authors)),
        parts=tuple(_part(one, standing) for one in all_of_it),
    )


def _part(proposal: Proposal, standing: Standing) -> Part:
    now = standing.now
    rows = [*now.evidence, *([now.row] if now.row is not None else [])]
    about = proposal.kind, proposal.entity, proposal.payload, proposal.result
    sha256 = (proposal.payload.get("photo") or {}).get("sha256")
    has_bytes = sha256 is not None and fieldsync.has_bytes(sha256)
    return Part(
        proposal=proposal,
        subject=subject_of(*about, rows),
        changes=list_changes(*about, rows, now.results, proposal.space, has_bytes),
    )


def lock_order(proposal_id: str) -> tuple[Space, Order]:
    """The order under its inspection's lock, until the commit."""
    found = fieldsync.lock_proposal(find_order_id(proposal_id))
    if found is None:
        raise fault("correction.not_found")
    space, proposal = found
    for one in list_joined(proposal.id):
        db.session.refresh(one)  # as it stands under the lock
    return space, read_order(proposal)


def get_order(actor: Actor, proposal_id: str) -> Order:
    """By the id of any of its parts. Raises ``correction.not_found`` also for one the actor may not
    read."""
    return read_order(fieldsync.get_proposal(actor, proposal_id))


def _unmet(sheet: SheetRows) -> list[Unmet]:
    found = entry_preconditions(results.entry_facts(sheet))
    return [one for one in found if one.code in CHECKED]
