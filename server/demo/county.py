"""What the demo county is made of: names that belong to nobody, data in ``data/demo/``."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from domain.access import Role

DATA = Path(__file__).parent.parent.parent / "data"
DEMO = DATA / "demo"
CODE = "140599"  # in the range of a real city, but given to no county
NAME = "泽源县"

PLANS = (
    "yangcheng-transport-2024-internal.csv",
    "yangcheng-transport-2024-joint.csv",
    "yangcheng-county-2024-joint.csv",
)


@dataclass(frozen=True, slots=True)
class DemoDepartment:
    """``aliases`` are the names the published plans use (domain.md part 7, row 29)."""

    code: str
    name: str
    aliases: tuple[str, ...]


DEPARTMENTS = (
    DemoDepartment(
        "tr",
        "交通运输局",
        (
            "县交通运输局",
            "县交通局",
            "交通局",
            "交通运输局事业发展中心",
            "交通运输事业发展中心",
            "交通运输综合行政执法队",
            "综合执法队",
            "道路运输管理所",
            "运管所",
            "法治办",
            "法制办",
        ),
    ),
    DemoDepartment(
        "mr",
        "市场监督管理局",
        ("县市场监督管理局", "县市场监管局", "市场监管局", "市场监管"),
    ),
    DemoDepartment(
        "ee",
        "生态环境分局",
        (
            "县生态环境局",
            "县生态环境局阳城分局",
            "市生态环境局阳城分局",
            "晋城市生态环境局阳城分局",
            "市生态环境局泽源分局",
        ),
    ),
    DemoDepartment("ps", "公安局", ("县公安局",)),
)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """An account of the demo; the password is made at set-up, never written in the source."""

    account: str
    name: str
    department: str
    roles: tuple[Role, ...]


def read_people() -> list[DemoPerson]:
    """Everybody in ``data/demo/people.csv``, in file order."""
    with (DEMO / "people.csv").open(encoding="utf-8", newline="") as file:
        return [
            DemoPerson(
                account=row["account"],
                name=row["name"],
                department=row["department"],
                roles=tuple(Role(word) for word in row["roles"].split()),
            )
            for row in csv.DictReader(file)
        ]


def read_phrases() -> list[tuple[str, str]]:
    """(text, check entry or nothing) of ``data/demo/phrases.csv``, in file order."""
    with (DEMO / "phrases.csv").open(encoding="utf-8", newline="") as file:
        return [(row["常用语"], row["检查项"]) for row in csv.DictReader(file)]


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of a file of ``data/demo/`` by the words of its header."""
    with (DEMO / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
