"""What the templates of the on-site record and of the notice are filled from, for the pages to
print and for the archive."""

from __future__ import annotations

from typing import Any

from server.accounts.service import get_jurisdiction
from server.inspections import notice_words
from server.inspections.models import Inspection, Sheet
from server.inspections.publishing import last_team
from server.inspections.sheet_view import SheetView
from server.inspections.wording import result_word, verdict_word


def paper_words(inspection: Inspection, sheet: Sheet, view: SheetView) -> dict[str, Any]:
    """The officers are those of the department; of a visit that was withdrawn, its last team."""
    team = last_team(inspection)
    return {
        "inspection": inspection,
        "view": view,
        "county": get_jurisdiction(inspection.jurisdiction_id).name,
        "team": team,
        "officers": [one for one in team if one.department_id == sheet.department_id],
        "sections": [(section.title, len(section.items)) for section in view.sections],
        "laws": list(dict.fromkeys(one.law for item in view.items for one in item.item.basis)),
        "words": notice_words,
        "verdict_word": verdict_word,
        "result_word": result_word,
    }
