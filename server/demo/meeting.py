"""The meeting before each of the demo's draws: one room, one witness, who came along."""

from __future__ import annotations

from server.draws import ceremony
from server.runtime import now


def meeting() -> ceremony.Meeting:
    """As it is noted now."""
    return ceremony.Meeting(
        place="局三楼会议室",
        began_at=now(),
        witness_name="乔如是",
        witness_unit="县政府督查室",
        platform="随查",
        present={"交通运输局": "江月白、方守拙"},
    )
