"""What a visit's page shows of follow-up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.access import Action, Actor, may
from domain.errors import message
from server.accounts.directory import list_person_names
from server.followup.closing import list_lacks
from server.followup.reading import is_closed, list_closings, list_of_sheets
from server.followup.wording import disposal_word
from server.i18n import current_locale
from server.inspections.models import Inspection


def panel_of(actor: Actor, inspection: Inspection, sheet_ids: Sequence[int]) -> dict[str, Any]:
    """For ``followup/panel.html``; ``sheet_ids`` are those the reader may see."""
    closings = list_closings(inspection.id)
    can_close = may(actor, Action.INSPECTION_CLOSE) and inspection.withdrawn_at is None
    lacks = list_lacks(inspection) if can_close else []
    locale = current_locale()
    return {
        "follow_ups": list_of_sheets(sheet_ids),
        "closings": closings,
        "closers": list_person_names({one.person_id for one in closings}),
        "is_closed": is_closed(closings),
        "can_close": can_close,
        "lacks": [message(one.code, locale, one.details) for one in lacks],
        "disposal_word": disposal_word,
    }
