"""The words a county chooses a term's parts from; `county_settings` offers them."""

from enum import StrEnum


class Start(StrEnum):
    """What a term is counted from. The sources say 抽查结束后 and leave open whether of the firm or
    of the whole task (part 7 row 3): FIRM_END is the day the visit to this firm ended, TASK_END the
    day the last visit of the same draw did. The others are not the county's to choose."""

    FIRM_END = "firm_end"
    TASK_END = "task_end"
    ENTERED = "entered"
    DRAWN = "drawn"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    FIXED = "fixed"


class Unit(StrEnum):
    """工作日, or every day (日)."""

    WORKING = "working"
    CALENDAR = "calendar"


CHOSEN_STARTS = (Start.FIRM_END.value, Start.TASK_END.value)
UNITS = tuple(one.value for one in Unit)
