"""Use cases of the firm's own door: opening the link with its code, and being inside.

Whoever has the link alone learns nothing: an unknown, a revoked and a living link ask for a code
alike, and every refusal is the same words after the same time. Each try is counted before it is
judged; addresses and links that fail too often are throttled like sign-ins.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta

from sqlalchemy import select, update

from domain.errors import fault
from domain.telling import VISIT_LIFE, CodeFacts, FirmAct, may_try, read_code
from server.accounts.passwords import is_right_password
from server.accounts.throttle import count_failure, is_throttled, take_turn_to_keep
from server.audit.service import write_event
from server.db import db, scope_to, unit_of_work
from server.runtime import now
from server.telling.models import FirmActRow, FirmCode, FirmLink, FirmVisit

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
FIRM = "firm"  # who did it, in the trail: no person of ours


def open_link(token: str, typed: str, address: str) -> str:
    """The secret of a new visit, for the firm's cookie. Raises ``firm.code_refused`` for whatever
    is wrong."""
    scope_to(None)
    digits = read_code(typed)
    stored = _take_try(token, address) if digits else None
    is_right = is_right_password(stored[1] if stored else None, digits or "0")
    secret, refused = secrets.token_urlsafe(32), None
    with unit_of_work() as work:
        if stored is None or not is_right or not _use(stored[0]):
            refused = fault("firm.code_refused")
            if not is_throttled(_throttle_key(token), address):
                count_failure(_throttle_key(token), address)
        else:
            code = work.get_one(FirmCode, stored[0])
            link = work.get_one(FirmLink, code.link_id)
            visit = FirmVisit(
                jurisdiction_id=link.jurisdiction_id,
                link_id=link.id,
                code_id=code.id,
                token_sha256=_digest(secret),
                opened_at=now(),
                expires_at=now() + VISIT_LIFE,
            )
            work.add(visit)
            work.flush()
            work.add(
                FirmActRow(
                    jurisdiction_id=link.jurisdiction_id,
                    link_id=link.id,
                    visit_id=visit.id,
                    kind=FirmAct.OPEN.value,
                    at=now(),
                )
            )
            write_event(
                link.jurisdiction_id, None, "firm.opened", f"insp:{link.inspection_id}", actor=FIRM
            )
    if refused is not None:
        raise refused  # after the commit: the failure has been counted
    return secret


def find_visit(
    token: str, secret: str, late: timedelta = timedelta()
) -> tuple[FirmLink, FirmVisit] | None:
    """The link and who is inside; None for nobody, for another link's visit, once its hour is over
    by ``late``, and once the link is revoked. The session sees the link's county from here on."""
    scope_to(None)
    if not secret or not _TOKEN.fullmatch(token):
        return None
    visit = db.session.scalar(
        select(FirmVisit).where(
            FirmVisit.token_sha256 == _digest(secret),
            FirmVisit.ended_at.is_(None),
            FirmVisit.expires_at > now() - late,
        )
    )
    link = db.session.get(FirmLink, visit.link_id) if visit is not None else None
    if visit is None or link is None or link.token != token or link.revoked_at is not None:
        return None
    scope_to(link.jurisdiction_id)
    return link, visit


def require_visit(token: str, secret: str) -> tuple[FirmLink, FirmVisit]:
    """Raises ``firm.signed_out``."""
    found = find_visit(token, secret)
    if found is None:
        raise fault("firm.signed_out")
    return found


def may_keep_file(link: FirmLink) -> bool:
    """Whether a file of a refused form is kept for it, one more now; so many in a while, the same
    while as for a sign-in."""
    return take_turn_to_keep(f"firm-link:{link.id}")


def close_visit(token: str, secret: str) -> None:
    """The firm is done; without a visit nothing happens."""
    found = find_visit(token, secret)
    if found is None:
        return
    with unit_of_work() as work:
        work.get_one(FirmVisit, found[1].id).ended_at = now()


def _take_try(token: str, address: str) -> tuple[int, str] | None:
    """Id and hash of the code to compare with, one try of it spent; None where there is none that
    may be tried."""
    with unit_of_work() as work:
        link = (
            work.scalar(select(FirmLink).where(FirmLink.token == token))
            if _TOKEN.fullmatch(token)
            else None
        )
        if link is None or is_throttled(_throttle_key(token), address):
            return None
        query = select(FirmCode).where(FirmCode.link_id == link.id)
        code = work.scalar(query.order_by(FirmCode.id.desc()).limit(1).with_for_update())
        if code is None or not may_try(_facts(code, link), now()):
            return None
        code.tries += 1
        return code.id, code.code_hash


def _use(code_id: int) -> bool:
    """False where it was used or revoked meanwhile: of two with the right digits one comes in."""
    done = db.session.execute(
        update(FirmCode)
        .where(FirmCode.id == code_id, FirmCode.used_at.is_(None), FirmCode.revoked_at.is_(None))
        .values(used_at=now())
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def _facts(code: FirmCode, link: FirmLink) -> CodeFacts:
    return CodeFacts(
        expires_at=code.expires_at,
        tries=code.tries,
        is_used=code.used_at is not None,
        is_revoked=code.revoked_at is not None,
        is_link_revoked=link.revoked_at is not None,
    )


def _throttle_key(token: str) -> str:
    return f"firm:{_digest(token)[:40]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
