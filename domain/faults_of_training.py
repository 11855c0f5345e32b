"""Faults of trainings. Alphabetical by code."""

from typing import Final

from domain.fault_spec import FaultSpec as F

TRAINING_FAULTS: Final[tuple[F, ...]] = (
    F(
        "draw.untrained",
        409,
        "要求抽取前培训：可抽取的执法人员有 {n} 人近 {days} 天内没有业务培训记录（{names}）。",
        "The county asks for a training before a draw. Officers who can be drawn and have none on"
        " record within {days} days: {n} ({names}).",
    ),
    F(
        "training.day_refused",
        422,
        "培训日期不能晚于今天。",
        "A training cannot lie later than today.",
    ),
    F("training.nobody", 422, "请勾选参训人员。", "Tick who attended."),
    F("training.not_found", 404, "未找到该培训记录。", "The training was not found."),
    F(
        "training.not_theirs",
        403,
        "只能登记本部门人员参加的培训，请重新勾选。",
        "Only people of the own department can be named; tick again.",
    ),
    F(
        "training.taken_back",
        409,
        "该培训记录已经撤回，请刷新页面。",
        "This training was taken back already; reload the page.",
    ),
)
