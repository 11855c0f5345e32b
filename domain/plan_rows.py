"""One row of a plan table: what was understood of it, and what the importer should know."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NoReturn, TypeVar

from domain.bodies import is_coordinating
from domain.errors import Refused, fault
from domain.plan_cells import (
    DrawMode,
    DrawType,
    Ratio,
    Window,
    parse_draw_mode,
    parse_draw_type,
    parse_ratio,
    parse_tiers,
    parse_window,
    plain_text,
)
from domain.plan_headers import COLUMNS, PlanKind
from domain.plan_parties import DutyRole, parse_duties, parse_parties
from domain.sampling import RiskTier

_LEAD_DUTY: Final = "牵头单位"
_RESPONSIBLE_DUTY: Final = "责任单位"
Parties = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Note:
    """Something the importer should show: a catalogue code and the column it is about."""

    code: str
    column: str
    details: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One row of a plan. `row` counts as a spreadsheet does: the header is row 1. Texts are plain;
    `cells` keeps every cell as written, by its column. Fields a kind of table has not are None or
    empty. A campaign table has one row per department: its unit is the initiator when it leads,
    a cooperator otherwise."""

    row: int
    kind: PlanKind
    seq: int | None
    plan_no: str | None
    plan_name: str | None
    official_task_no: str | None
    task_name: str | None
    draw_type: DrawType | None
    items: str
    objects: str
    ratio: Ratio
    credit_risk: str
    tiers: tuple[RiskTier, ...]
    window: Window
    initiators: tuple[str, ...]
    lead_units: tuple[str, ...]
    cooperators: tuple[str, ...]
    inspecting_bodies: tuple[str, ...]
    draw_modes: tuple[DrawMode, ...]
    notes: tuple[Note, ...]
    cells: Mapping[str, str]


def read_row(kind: PlanKind, row: int, cells: Mapping[str, str], year: int | None) -> PlanRow:
    """Reads the cells, keyed by canonical column. Raises `plan.malformed`."""
    return _RowReader(kind, row, cells, year).read()


class _RowReader:
    """Reads one row; knows which column a refusal is about."""

    def __init__(
        self, kind: PlanKind, row: int, cells: Mapping[str, str], year: int | None
    ) -> None:
        self._kind, self._row, self._cells, self._year = kind, row, cells, year
        self._column_of = {name: column for column, name in COLUMNS[kind].items()}
        self._notes: list[Note] = []

    def read(self) -> PlanRow:
        ratio = self._need("ratio", parse_ratio(self._cell("ratio")))
        credit_risk = plain_text(self._cell("credit_risk"))
        tiers = parse_tiers(credit_risk)
        modes = self._modes()
        initiators, lead_units, cooperators = self._parties()
        bodies = self._inspecting_bodies()
        if ratio.times is None:
            self._note("plan.note_times_missing", "ratio")
        if self._has("credit_risk") and len(tiers) < len(RiskTier):
            code = "plan.note_tiers_missing" if tiers else "plan.note_credit_risk_blank"
            self._note(code, "credit_risk", count=len(tiers))
        return PlanRow(
            row=self._row,
            kind=self._kind,
            seq=self._seq(),
            plan_no=self._optional("plan_no"),
            plan_name=self._optional("plan_name"),
            official_task_no=self._optional("official_task_no"),
            task_name=self._required("task_name") if self._has("task_name") else None,
            draw_type=self._type(),
            items=self._required("items"),
            objects=self._required("objects"),
            ratio=ratio,
            credit_risk=credit_risk,
            tiers=tiers,
            window=self._need("window", parse_window(self._cell("window"), self._year)),
            initiators=initiators,
            lead_units=lead_units,
            cooperators=cooperators,
            inspecting_bodies=bodies,
            draw_modes=modes,
            notes=tuple(self._notes),
            cells=self._cells,
        )

    def _parties(self) -> Parties:
        if self._has("unit"):
            return self._campaign_parties()
        if not self._has("duties"):
            return self._bodies("initiators"), (), self._bodies("cooperators")
        duties = parse_duties(self._required("duties"))
        by_role = {
            role: tuple(duty.body for duty in duties if duty.role is role) for role in DutyRole
        }
        return (
            by_role[DutyRole.INITIATOR],
            by_role[DutyRole.LEAD_UNIT],
            by_role[DutyRole.COOPERATOR],
        )

    def _campaign_parties(self) -> Parties:
        unit, duty = self._required("unit"), self._required("duty")
        if duty not in (_LEAD_DUTY, _RESPONSIBLE_DUTY):
            self._refuse("duty", "plan.bad_duty", {"text": duty})
        return ((unit,), (unit,), ()) if duty == _LEAD_DUTY else ((), (), (unit,))

    def _modes(self) -> tuple[DrawMode, ...]:
        if not self._has("draw_modes"):
            return ()
        modes = self._need("draw_modes", parse_draw_mode(self._cell("draw_modes")))
        if len(modes) > 1:
            self._note("plan.note_several_modes", "draw_modes", count=len(modes))
        return modes

    def _type(self) -> DrawType | None:
        if not self._has("draw_type"):
            return None
        return self._need("draw_type", parse_draw_type(self._cell("draw_type")))

    def _seq(self) -> int | None:
        if not self._has("seq"):
            return None
        text = self._required("seq")
        if not re.fullmatch(r"[0-9]{1,6}", text):
            self._refuse("seq", "plan.bad_number", {"text": text})
        return int(text)

    def _bodies(self, name: str) -> tuple[str, ...]:
        return parse_parties(self._required(name)) if self._has(name) else ()

    def _inspecting_bodies(self) -> tuple[str, ...]:
        """As printed: what a plan says of bodies that may not inspect is noted, not mended (part 7
        row 36)."""
        bodies = self._bodies("inspecting_bodies")
        if number := sum(map(is_coordinating, bodies)):
            only = number == len(bodies)
            code = "plan.note_only_coordinates" if only else "plan.note_body_coordinates"
            self._note(code, "inspecting_bodies")
        return bodies

    def _required(self, name: str) -> str:
        text = plain_text(self._cell(name))
        if not text:
            self._refuse(name, "plan.blank", {})
        return text

    def _optional(self, name: str) -> str | None:
        return self._required(name) if self._has(name) else None

    def _need(self, name: str, value: T | Refused) -> T:
        if isinstance(value, Refused):
            reason = value.code if self._cell(name).strip() else "plan.blank"
            self._refuse(name, reason, value.details)
        return value

    def _refuse(self, name: str, reason: str, details: Mapping[str, object]) -> NoReturn:
        column = self._column_of[name]
        raise fault("plan.malformed", row=self._row, column=column, reason=reason, **details)

    def _note(self, code: str, name: str, **details: object) -> None:
        self._notes.append(Note(code, self._column_of[name], details))

    def _has(self, name: str) -> bool:
        return name in self._column_of

    def _cell(self, name: str) -> str:
        return self._cells[self._column_of[name]] if self._has(name) else ""
