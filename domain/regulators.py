"""行业主管部门: who regulates a trade, and so should initiate its joint task (R027, R028).

A stated table: the county plan lets the market regulator initiate for the testing stations (its row
23) and the transport bureau for every other trade of ours (its rows 11–13).
"""

from collections.abc import Collection, Mapping
from typing import Final

# Trade → name or alias of the department; a trade that is not here is the bureau's own.
REGULATORS: Final[Mapping[str, str]] = {"vehicle_test": "市场监督管理局"}


def regulator_of(trade: str, home: str) -> str:
    """The name of the department; `home` is the bureau's."""
    return REGULATORS.get(trade, home)


def is_initiated_by(regulator: str, initiators: Collection[str]) -> bool:
    """Both as codes of departments. Of several initiators one is enough; a task without any says
    nothing."""
    return not initiators or regulator in initiators
