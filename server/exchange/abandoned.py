"""Files somebody uploaded and never confirmed: what they hold goes, that they were there stays."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, select

from server.audit.service import write_event
from server.db import unit_of_work
from server.exchange.models import Import, ImportRow, ImportState
from server.runtime import now

# Longer than anybody's leave. The register has moved on by then: the preview would be untrue.
ABANDONED_AFTER = timedelta(days=30)
_WAITING = (ImportState.COLUMNS, ImportState.COMPARING, ImportState.READY, ImportState.FAILED)


def drop_abandoned() -> int:
    """Of the county in sight, or of all; answers how many. An import that is being written or was
    written is never among them; of a failed one the reason stays."""
    last_sign = func.coalesce(Import.beat_at, Import.made_at)
    query = select(Import).where(
        Import.content.is_not(None),
        Import.state.in_(_WAITING),
        last_sign < now() - ABANDONED_AFTER,
    )
    with unit_of_work() as work:
        found = list(work.scalars(query.with_for_update(skip_locked=True)))
        for one in found:
            work.execute(delete(ImportRow).where(ImportRow.import_id == one.id))
            one.content = None
            if one.state != ImportState.FAILED:
                one.state, one.report = ImportState.DROPPED, {"days": ABANDONED_AFTER.days}
            write_event(
                one.jurisdiction_id, None, "import.dropped", one.source, days=ABANDONED_AFTER.days
            )
    return len(found)
