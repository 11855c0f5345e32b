"""Who may never be an inspecting body."""

import pytest

from domain.bodies import is_coordinating


@pytest.mark.parametrize(
    "name",
    [
        "县双随机抽查工作领导小组",
        "领导小组办公室",
        "县双随机办",
        "部门联席会议",
        "安全生产协调小组",
    ],
)
def test_bodies_that_coordinate_are_known(name: str) -> None:
    assert is_coordinating(name)


@pytest.mark.parametrize(
    "name",
    ["交通运输局", "交通运输综合行政执法队", "市生态环境局 阳城分局", "法治办", "道路运输管理所"],
)
def test_bodies_that_inspect_are_not(name: str) -> None:
    assert not is_coordinating(name)
