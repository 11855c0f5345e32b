"""What a report's files say beside its form: which report it is, and what is other than before."""

from __future__ import annotations

from server.i18n import format_instant, in_chinese
from server.reports import wording
from server.reports.snapshots import MadeReport
from server.reports.workbook import Changes


def stamp_of(made: MadeReport) -> str:
    """Which report this paper is, whatever is made later."""
    day = format_instant(made.row.made_at)[:10]
    return f"第 {made.row.number} 次　{made.maker}　{day}　{made.row.digest[:12]}"


def changes_of(made: MadeReport) -> Changes | None:
    """For the workbook, in Chinese like the form; None for the first of its kind."""
    if made.previous is None:
        return None
    with in_chinese():
        against = (
            f"与上一次相比：{wording.period_word(made.previous)}　第 {made.previous.number} 次"
            f"　{format_instant(made.previous.made_at)}"
        )
        lines = [(wording.ref_word(made.row.kind, one.ref), one) for one in made.differences]
    return Changes(against, lines)
