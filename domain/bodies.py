"""Which bodies may inspect (domain.md part 7 rows 36 and 37; R113).

A leading group, its office and a joint meeting organise and coordinate; inspecting is not theirs
(国办发〔2024〕54号). They are known by their names: no register lists them all.
"""

import re
from typing import Final

_COORDINATING: Final = re.compile(r"领导小组|联席会议|双随机办|协调(?:小组|办公室|机构)|指挥部")


def is_coordinating(name: str) -> bool:
    """Whether this body may never be an inspecting body 检查主体."""
    return _COORDINATING.search("".join(name.split())) is not None
