"""Use cases: a one-time code for the firm's link, made by the office and given another way than the
link."""

from __future__ import annotations

import secrets

from sqlalchemy import select

from domain.access import Action, Actor
from domain.errors import fault
from domain.telling import CODE_DIGITS, CODE_LIFE
from server.accounts.passwords import hash_password
from server.audit.service import write_event
from server.db import unit_of_work
from server.guard import require
from server.inspections import service as inspections
from server.runtime import now
from server.telling.models import FirmCode
from server.telling.reading import find_link


def issue_code(actor: Actor, inspection_id: int, code: str) -> str:
    """The digits, told this once; an earlier code opens nothing from now on. Raises
    ``telling.link_revoked`` where no notice has brought a link, ``access.denied``."""
    inspection = inspections.get_inspection(actor, inspection_id)
    sheet = inspections.get_sheet(inspection, code)
    require(actor, Action.TELLING_RECORD, inspections.target_of(inspection, sheet))
    digits = "".join(str(secrets.randbelow(10)) for _ in range(CODE_DIGITS))
    hashed = hash_password(digits)  # slow on purpose: before the turn to write
    with unit_of_work() as work:
        inspections.lock_visit(inspection)
        link = find_link(inspection_id)
        if link is None:
            raise fault("telling.link_revoked")
        for one in work.scalars(
            select(FirmCode).where(FirmCode.link_id == link.id, FirmCode.revoked_at.is_(None))
        ):
            one.revoked_at = now()
        work.add(
            FirmCode(
                jurisdiction_id=actor.jurisdiction_id,
                link_id=link.id,
                code_hash=hashed,
                made_by=actor.person_id,
                made_at=now(),
                expires_at=now() + CODE_LIFE,
                tries=0,
            )
        )
        write_event(
            actor.jurisdiction_id,
            actor.person_id,
            "telling.code_issued",
            f"{inspection.space}/{code}",
        )
    return digits
