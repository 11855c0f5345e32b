"""Which register entries an inspection refers to: they stay, whatever an import is told to undo."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from domain.access import Actor
from server.db import db
from server.inspections.models import Inspection, TeamMember


def list_inspected_firms(_actor: Actor | None, firm_ids: Collection[int]) -> set[int]:
    """Of these firms, the ones that were drawn for an inspection in the county in scope."""
    found = db.session.scalars(select(Inspection.firm_id).distinct())
    return set(found) & set(firm_ids)


def list_sent_officers(_actor: Actor | None, officer_ids: Collection[int]) -> set[int]:
    """Of these officers, the ones that were sent somewhere, replaced ones too."""
    found = db.session.scalars(select(TeamMember.officer_id).distinct())
    return set(found) & set(officer_ids)
