"""What is entered by hand for annex 2, because no record of a visit tells it."""

from enum import StrEnum
from typing import Final


class EntryKind(StrEnum):
    """会议, 双随机工作文件, 业务培训, 本月组织随机抽查的文件."""

    MEETING = "meeting"
    DOCUMENT = "document"
    TRAINING = "training"
    DRAW_PAPER = "draw_paper"


# What a kind has to name beside its day and its name (annex 2, 填写说明).
NEEDS_NUMBER: Final = (EntryKind.DOCUMENT, EntryKind.DRAW_PAPER)
NEEDS_PEOPLE: Final = (EntryKind.TRAINING,)
MAX_PEOPLE: Final = 100_000
