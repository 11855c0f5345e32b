"""Use cases: drawing which firms with problems are visited again, and recording what was found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from domain.access import Action, Actor
from domain.county_settings import read_setting
from domain.errors import fault
from domain.revisits import (
    ALGORITHM,
    PoolFirm,
    count_revisits,
    draw_revisits,
    dump_pool,
)
from server.accounts.service import get_jurisdiction, lock_jurisdiction
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.draws.seeds import readable_seed
from server.followup.models import FollowUp, Revisit, RevisitDraw
from server.followup.overview import FirmWithProblems, list_firms_with_problems
from server.guard import require
from server.inspections.service import Inspection
from server.runtime import now, today
from sync.canonical import hash_text

MAX_NOTE_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class RevisitPool:
    """Who could be drawn, by the county's settings; ``text`` with its hash is what is published."""

    firms: list[FirmWithProblems]
    text: str
    sha256: str
    percent: str
    within_days: int

    @property
    def count(self) -> int:
        """How many will be drawn."""
        return count_revisits(len(self.firms), Decimal(self.percent))


def pool_of(actor: Actor, first: date, last: date) -> RevisitPool:
    """Firms with problems of that time; a visit that was drawn once is not drawn again."""
    settings = get_jurisdiction(actor.jurisdiction_id).settings
    drawn = list(db.session.scalars(select(Revisit.inspection_id)))
    firms = list_firms_with_problems(actor, first, last, drawn)
    percent = str(read_setting(settings, "revisit.percent"))
    text = dump_pool(
        (PoolFirm(_id(one), one.number) for one in firms),
        percent,
        first.isoformat(),
        last.isoformat(),
    )
    within = int(read_setting(settings, "revisit.within_days"))
    return RevisitPool(firms, text, hash_text(text), percent, within)


def draw(
    actor: Actor, first: date, last: date, seed: str, witness: str, pool_sha256: str
) -> RevisitDraw:
    """Draws with a seed from outside. ``pool_sha256`` is what was read out before the seed. Raises
    ``revisit.pool_empty``, ``revisit.pool_changed``, ``revisit.seed_reused``,
    ``request.missing_field`` without a witness, and what ``readable_seed`` raises."""
    require(actor, Action.REVISIT_DRAW)
    seed = readable_seed(seed)
    if not (witness := " ".join(witness.split())[:80]):
        raise fault("request.missing_field", field="witness")
    with unit_of_work() as work:
        lock_jurisdiction(actor.jurisdiction_id)
        pool = pool_of(actor, first, last)
        if not pool.count:
            raise fault("revisit.pool_empty")
        if pool.sha256 != pool_sha256:
            raise fault("revisit.pool_changed")
        if db.session.scalar(select(RevisitDraw.id).where(RevisitDraw.seed == seed)):
            raise fault("revisit.seed_reused")
        made = RevisitDraw(
            jurisdiction_id=actor.jurisdiction_id,
            from_on=first,
            to_on=last,
            percent=pool.percent,
            within_days=pool.within_days,
            pool=pool.text,
            pool_sha256=pool.sha256,
            seed=seed,
            witness=witness,
            made_by=actor.person_id,
            made_at=now(),
        )
        work.add(made)
        work.flush()
        by_id = {_id(one): one for one in pool.firms}
        won = draw_revisits(sorted(by_id), pool.count, seed, pool.sha256)
        due = today() + timedelta(days=pool.within_days)
        for one, ticket in won:
            work.add(
                Revisit(
                    jurisdiction_id=actor.jurisdiction_id,
                    draw_id=made.id,
                    firm_id=by_id[one].firm_id,
                    inspection_id=by_id[one].inspection_id,
                    ticket=ticket,
                    due_on=due,
                    outcome="",
                    note="",
                )
            )
        write_event(
            actor.jurisdiction_id, actor.person_id, "revisit.drawn", f"revisit_draw:{made.id}",
            pool=pool.sha256, seed=seed, witness=witness, firms=[one for one, _ticket in won],
        )  # fmt: skip
        work.flush()
    return made


def lock_revisit(actor: Actor, revisit_id: int) -> Revisit:
    """As it stands now; whoever else records waits. Raises ``revisit.not_found``,
    ``revisit.recorded``."""
    get_revisit(actor, revisit_id)
    query = select(Revisit).where(Revisit.id == revisit_id).with_for_update()
    revisit = db.session.scalars(query.execution_options(populate_existing=True)).one()
    if revisit.outcome:
        raise fault("revisit.recorded")
    return revisit


def get_revisit(actor: Actor, revisit_id: int) -> Revisit:
    """Raises ``revisit.not_found``, also for another county's."""
    revisit = db.session.scalar(
        select(Revisit)
        .where(Revisit.id == revisit_id, Revisit.jurisdiction_id == actor.jurisdiction_id)
        .options(joinedload(Revisit.firm), joinedload(Revisit.inspection), joinedload(Revisit.draw))
    )
    if revisit is None:
        raise fault("revisit.not_found")
    return revisit


def list_revisits(actor: Actor) -> list[Revisit]:
    """Those still to be made first, by their due date."""
    query = (
        select(Revisit)
        .where(Revisit.jurisdiction_id == actor.jurisdiction_id)
        .options(
            joinedload(Revisit.firm),
            joinedload(Revisit.draw),
            joinedload(Revisit.inspection).joinedload(Inspection.task),
        )
        .order_by(Revisit.outcome != "", Revisit.due_on, Revisit.id)
    )
    return list(db.session.scalars(query))


def list_revisits_of_firm(actor: Actor, firm_id: int) -> list[Revisit]:
    """In order of drawing."""
    query = select(Revisit).where(
        Revisit.jurisdiction_id == actor.jurisdiction_id, Revisit.firm_id == firm_id
    )
    query = query.options(joinedload(Revisit.draw), joinedload(Revisit.inspection))
    return list(db.session.scalars(query.order_by(Revisit.id)))


def list_draws(actor: Actor) -> list[RevisitDraw]:
    """The newest first."""
    query = select(RevisitDraw).where(RevisitDraw.jurisdiction_id == actor.jurisdiction_id)
    return list(db.session.scalars(query.order_by(RevisitDraw.id.desc())))


def build_record(actor: Actor, draw_id: int) -> dict[str, object]:
    """What somebody needs to draw again (``domain.revisits``): ``pool`` is the very text that was
    hashed. Raises ``revisit.not_found``."""
    query = select(RevisitDraw).where(RevisitDraw.jurisdiction_id == actor.jurisdiction_id)
    made = db.session.scalar(query.where(RevisitDraw.id == draw_id))
    if made is None:
        raise fault("revisit.not_found")
    return {
        "algorithm": ALGORITHM,
        "drawn": [
            {"id": _name(one.firm.id, one.firm.uscc), "ticket": one.ticket} for one in made.revisits
        ],
        "made_at": made.made_at.isoformat(),
        "pool": made.pool,
        "pool_sha256": made.pool_sha256,
        "seed": made.seed,
        "witness": made.witness,
    }


def list_problems(revisit: Revisit) -> list[FollowUp]:
    """What the first visit found, whoever's department."""
    query = select(FollowUp).where(
        FollowUp.inspection_id == revisit.inspection_id, FollowUp.state != "void"
    )
    query = query.options(joinedload(FollowUp.department))
    return list(db.session.scalars(query.order_by(FollowUp.id)))


def _id(firm: FirmWithProblems) -> str:
    return _name(firm.firm_id, firm.uscc)


def _name(firm_id: int, uscc: str | None) -> str:
    return uscc or f"firm-{firm_id}"
