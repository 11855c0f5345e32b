"""The spreadsheet of a draw made on the official platform, read as rows of cells (part 7 row 19).

One row per officer; a firm has several, with its own cells merged or left blank below the first.
Headers go by many names, and titles may stand above them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from domain.errors import fault
from domain.identifiers import normalise_certificate, normalise_uscc

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "task_no": ("任务编号", "抽查任务编号", "计划编号", "抽查计划编号"),
    "official_no": ("平台编号", "回执号", "抽取编号", "批次号", "任务批次号", "平台回执号"),
    "drawn_at": ("抽取时间", "抽取日期", "摇号时间", "摇号日期", "派发时间"),
    "firm": ("企业名称", "检查对象", "检查对象名称", "市场主体名称", "被检查对象", "单位名称"),
    "uscc": ("统一社会信用代码", "信用代码", "社会信用代码", "统一社会信用代码/注册号", "注册号"),
    "address": ("住所", "地址", "经营地址", "住所（经营场所）", "经营场所"),
    "department": ("部门", "检查部门", "所属部门", "执法单位", "所属单位", "检查机关", "单位"),
    "officer": ("执法人员", "检查人员", "执法检查人员", "人员姓名", "姓名", "执法人员姓名"),
    "cert_no": ("执法证号", "执法证件号", "执法证编号", "证件编号", "证号", "执法证号码"),
}  # fmt: skip
NEEDED: Final = ("firm", "uscc", "department", "officer", "cert_no")
HEADER_WITHIN = 20
# What the registers' columns hold.
LONGEST: Final = {"firm": 120, "address": 200, "official_no": 80, "cert_no": 20}
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_TIME = re.compile(r"(\d{1,2})[:：时](\d{1,2})")


@dataclass(frozen=True, slots=True)
class OfficialOfficer:
    """As the file says; ``row`` as a spreadsheet counts."""

    row: int
    name: str
    cert_no: str
    department: str


@dataclass(slots=True)
class OfficialFirm:
    """A drawn firm with everybody who was drawn for it."""

    row: int
    name: str
    uscc: str
    address: str
    officers: list[OfficialOfficer] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OfficialSheet:
    """What the file says. ``official_no`` and ``task_no`` empty, ``drawn_at`` None where it does
    not; ``drawn_at`` is ``YYYY-MM-DDTHH:MM`` at the site."""

    task_no: str
    official_no: str
    drawn_at: str | None
    firms: tuple[OfficialFirm, ...]

    def as_content(self, official_no: str, drawn_at: str) -> dict[str, Any]:
        """What is compared with a later file of the same number: no order, no row numbers."""
        firms = [
            {
                "name": one.name,
                "uscc": one.uscc,
                "officers": sorted(
                    [o.department, o.cert_no, o.name] for o in one.officers
                ),
            }
            for one in self.firms
        ]  # fmt: skip
        return {
            "task_no": self.task_no,
            "official_no": official_no,
            "drawn_at": drawn_at,
            "firms": sorted(firms, key=lambda one: str(one["uscc"])),
        }


def read_official(rows: Sequence[Sequence[str]]) -> OfficialSheet:
    """Raises ``official.missing_columns``, ``official.empty``, ``official.mixed`` for more than one
    number, task or time, ``official.blank_cell``, ``official.long_cell``,
    ``official.repeated_firm`` for one code under two names."""
    start, places = _find_header(rows)
    firms: dict[str, OfficialFirm] = {}
    heads: dict[str, set[str]] = {"task_no": set(), "official_no": set(), "drawn_at": set()}
    for number, cells in _filled(rows, start, places):
        for name, values in heads.items():
            if cells[name]:
                values.add(cells[name])
        for name in NEEDED:
            if not cells[name]:
                raise fault("official.blank_cell", row=number, column=COLUMNS[name][0])
        for name, longest in LONGEST.items():
            if len(cells[name]) > longest:
                column = COLUMNS[name][0]
                raise fault("official.long_cell", row=number, column=column, max=longest)
        uscc = normalise_uscc(cells["uscc"])
        firm = firms.setdefault(uscc, OfficialFirm(number, cells["firm"], uscc, cells["address"]))
        if firm.name != cells["firm"]:
            raise fault("official.repeated_firm", row=number, uscc=uscc, other=firm.row)
        cert_no = normalise_certificate(cells["cert_no"])
        if all(cert_no != one.cert_no for one in firm.officers):
            officer = OfficialOfficer(number, cells["officer"], cert_no, cells["department"])
            firm.officers.append(officer)
    if not firms:
        raise fault("official.empty")
    for name, values in heads.items():
        if len(values) > 1:
            raise fault("official.mixed", column=COLUMNS[name][0], values=sorted(values))
    said = {name: next(iter(values), "") for name, values in heads.items()}
    return OfficialSheet(
        task_no=said["task_no"],
        official_no=said["official_no"],
        drawn_at=parse_drawn_at(said["drawn_at"]) if said["drawn_at"] else None,
        firms=tuple(firms.values()),
    )


def parse_drawn_at(text: str) -> str:
    """``YYYY-MM-DDTHH:MM``; midnight where no time is said. Raises ``date.malformed``."""
    day = _DAY.search(text)
    time = _TIME.search(text[day.end() :]) if day else None
    if day is None:
        raise fault("date.malformed", text=text[:40])
    year, month, date = (int(one) for one in day.groups())
    hour, minute = (int(one) for one in time.groups()) if time else (0, 0)
    if not (1 <= month <= 12 and 1 <= date <= 31 and hour < 24 and minute < 60):
        raise fault("date.malformed", text=text[:40])
    return f"{year:04d}-{month:02d}-{date:02d}T{hour:02d}:{minute:02d}"


def list_content_differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What a later file says otherwise: `name: old → new`, `− firm`, `+ firm`, `~ firm`."""
    lines = [
        f"{name}: {old[name]} → {new[name]}"
        for name in ("task_no", "drawn_at")
        if old[name] != new[name]
    ]
    before = {one["uscc"]: one for one in old["firms"]}
    after = {one["uscc"]: one for one in new["firms"]}
    for uscc in sorted({*before, *after}):
        left, right = before.get(uscc), after.get(uscc)
        if left == right:
            continue
        shown = right or left
        assert shown is not None
        sign = "−" if right is None else "+" if left is None else "~"
        people = "、".join(officer[2] for officer in shown["officers"])
        lines.append(f"{sign} {shown['name']} {uscc} {people}")
    return lines


def _find_header(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """The row that names the most columns; titles above it are passed over."""
    names = {alias: key for key, aliases in COLUMNS.items() for alias in aliases}
    best: tuple[int, dict[str, int]] = (0, {})
    for number, cells in enumerate(rows[:HEADER_WITHIN]):
        places: dict[str, int] = {}
        for place, cell in enumerate(cells):
            key = names.get(re.sub(r"\s", "", cell).strip("*＊"))
            if key is not None:
                places.setdefault(key, place)
        if len(places) > len(best[1]):
            best = (number, places)
    missing = [COLUMNS[name][0] for name in NEEDED if name not in best[1]]
    if missing:
        raise fault("official.missing_columns", columns=missing)
    return best


def _filled(
    rows: Sequence[Sequence[str]], start: int, places: Mapping[str, int]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Row number and cells by field. A blank cell of a merged block takes the value above; a new
    firm takes nothing from the one before."""
    above = dict.fromkeys(COLUMNS, "")
    for number, row in enumerate(rows[start + 1 :], start=start + 2):
        cells = {
            name: row[places[name]].strip() if name in places and places[name] < len(row) else ""
            for name in COLUMNS
        }
        if not cells["officer"] and not cells["cert_no"]:
            continue  # a blank line, or a note below the table
        is_new = (cells["firm"] or cells["uscc"]) and (
            cells["firm"] not in ("", above["firm"]) or cells["uscc"] not in ("", above["uscc"])
        )
        kept = {"task_no", "official_no", "drawn_at"}
        if not is_new:
            kept |= {"firm", "uscc", "address", "department"}
        for name in kept:
            cells[name] = cells[name] or above[name]
        above = cells
        yield number, cells
