"""认领: the provincial list beside our own, and taking items over from it (R012)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, select

from domain.access import Action, Actor
from domain.errors import fault
from domain.item_list import Difference, compare_fields
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.registry.items.models import ProvinceItem
from server.registry.items.province_file import read_province_file
from server.registry.items.versions import add_item, change_item, fields_of, find_item
from server.registry.keeping import require_keeper
from server.registry.models import InspectionItem
from server.registry.owner import owner_of, person_id_of, take_turns
from server.runtime import now


class ClaimState(StrEnum):
    """DIFFERS: claimed, and the two no longer say the same. GONE: claimed from a line the
    provincial list does not have any more. SAME_NAME: not claimed, ours has an item of that name.
    """

    CLAIMED = "claimed"
    DIFFERS = "differs"
    NOT_YET = "not_yet"
    SAME_NAME = "same_name"
    OURS_ONLY = "ours_only"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One item of either list, or of both."""

    state: ClaimState
    province: ProvinceItem | None
    item: InspectionItem | None
    differences: tuple[Difference, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether there is something to claim."""
        return self.state in (ClaimState.NOT_YET, ClaimState.SAME_NAME, ClaimState.DIFFERS)


@dataclass(frozen=True, slots=True)
class ProvinceImport:
    """How many lines were new, other than before, as before, and gone."""

    created: int
    updated: int
    unchanged: int
    removed: int


def import_province_list(actor: Actor | None, file_name: str, data: bytes) -> ProvinceImport:
    """Puts the file in the place of the provincial list, whole or not at all; our own items stay as
    they are. Raises as ``read_province_file``."""
    require_keeper(actor, Action.ITEM_WRITE)
    rows = read_province_file(data, file_name)
    with unit_of_work() as work:
        take_turns(owner_of(actor))
        known = {one.code: (one.name, one.fields) for one in list_province_items(actor)}
        work.execute(delete(ProvinceItem).where(ProvinceItem.jurisdiction_id == owner_of(actor)))
        at = now()
        work.add_all(
            ProvinceItem(
                jurisdiction_id=owner_of(actor),
                position=position,
                code=row.code,
                name=row.fields["name"],
                fields=row.fields,
                file_name=file_name[-200:],
                imported_at=at,
            )
            for position, row in enumerate(rows, start=1)
        )
        new = sum(row.code not in known for row in rows)
        same = sum(known.get(row.code, ("", {}))[1] == row.fields for row in rows)
        gone = len(known.keys() - {row.code for row in rows})
        write_event(
            owner_of(actor), person_id_of(actor), "items.province_imported", lines=len(rows)
        )
    return ProvinceImport(new, len(rows) - new - same, same, gone)


def list_province_items(actor: Actor | None) -> Sequence[ProvinceItem]:
    """In file order."""
    query = select(ProvinceItem).where(ProvinceItem.jurisdiction_id == owner_of(actor))
    return list(db.session.scalars(query.order_by(ProvinceItem.position)))


def list_claims(actor: Actor | None) -> list[ClaimRow]:
    """The provincial list item by item, then what is ours only."""
    own = list(
        db.session.scalars(
            select(InspectionItem)
            .where(InspectionItem.jurisdiction_id == owner_of(actor))
            .order_by(InspectionItem.id)
        )
    )
    claimed = {one.province_code: one for one in own if one.province_code}
    by_name = {one.name: one for one in own if not one.province_code}
    province = list_province_items(actor)
    rows = [_claim_row(line, claimed, by_name) for line in province]
    codes = {line.code for line in province}
    for one in own:
        if one.province_code is None:
            if all(row.item is not one for row in rows):
                rows.append(ClaimRow(ClaimState.OURS_ONLY, None, one))
        elif one.province_code not in codes:
            rows.append(ClaimRow(ClaimState.GONE, None, one))
    return rows


def _claim_row(
    line: ProvinceItem, claimed: dict[str, InspectionItem], by_name: dict[str, InspectionItem]
) -> ClaimRow:
    if (item := claimed.get(line.code)) is not None:
        # The ratio is the county's own affair, a blank in the provincial list asks for nothing.
        stated = {name: value for name, value in line.fields.items() if value and name in _TAKEN}
        found = compare_fields({n: fields_of(item)[n] for n in stated}, stated, tuple(stated))
        return ClaimRow(
            ClaimState.DIFFERS if found else ClaimState.CLAIMED, line, item, tuple(found)
        )
    if (item := by_name.get(line.name)) is not None:
        return ClaimRow(ClaimState.SAME_NAME, line, item)
    return ClaimRow(ClaimState.NOT_YET, line, None)


_TAKEN = ("name", "kind", "category", "objects", "basis", "bodies", "content", "methods")


def claim_items(actor: Actor | None, codes: Sequence[str], reason: str = "") -> int:
    """Claims these lines of the provincial list, all or none; answers how many changed something. A
    line that an item of ours has the name of becomes that item's next version, so that its
    checklists stay tied; what was claimed before takes over what the province says now, and a blank
    there leaves our words. Raises ``province.not_found``, ``item.code_taken``."""
    require_keeper(actor, Action.ITEM_WRITE)
    with unit_of_work():
        take_turns(owner_of(actor))
        rows = {row.province.code: row for row in list_claims(actor) if row.province is not None}
        if missing := [code for code in codes if code not in rows]:
            raise fault("province.not_found", code=missing[0])
        return sum(_claim(actor, rows[code], reason) for code in dict.fromkeys(codes))


def _claim(actor: Actor | None, row: ClaimRow, reason: str) -> bool:
    line = row.province
    assert line is not None, "claimed lines are the province's"
    if not row.is_open:
        return False
    stated = {name: value for name, value in line.fields.items() if value and name in _TAKEN}
    if row.item is None:
        if find_item(actor, line.code) is not None:
            raise fault("item.code_taken", code=line.code)
        fields = {**line.fields}
        add_item(actor, line.code, fields, reason=reason, province_code=line.code)
        return True
    if row.state is ClaimState.SAME_NAME and row.item.ratio_percent is None:
        stated["ratio_percent"] = line.fields.get("ratio_percent")  # as for an item that is new
    change_item(
        actor, row.item.id, stated, seen=row.item.version, reason=reason, province_code=line.code
    )
    return True
