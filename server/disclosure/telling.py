"""A published result as everybody may read it: what ``domain.disclosure`` lets through of the
entered versions, the publications and the outcomes of follow-up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any

from domain.disclosure_table import DISCLOSURE
from server.disclosure.models import PublicResult
from server.disclosure.tasks import TaskTeller
from server.followup.models import FollowUp
from server.followup.reading import list_of_sheets
from server.inspections.records import map_draw_numbers
from server.publication.models import Publication
from server.publication.records import list_standing_publications
from server.results.models import SheetVersion
from server.results.service import map_versions

Plain = dict[str, Any]
COMPARED = ("result", "result_text", "note", "outcome")


def tell_results(rows: Sequence[PublicResult]) -> list[Plain]:
    """In the order of ``rows``, in the shape of ``result.schema.json``. Each source is read once
    for all of them."""
    ids = [row.sheet_id for row in rows]
    versions = map_versions(ids)
    published: dict[int, dict[int, Publication]] = defaultdict(dict)
    for entry in list_standing_publications(ids):
        published[entry.sheet_id][entry.version] = entry
    cases: dict[int, list[FollowUp]] = defaultdict(list)
    for case in list_of_sheets(ids):
        cases[case.sheet_id].append(case)
    tasks = TaskTeller(map_draw_numbers(row.inspection_id for row in rows))
    return [
        _tell(
            row, tasks, versions[row.sheet_id][::-1], published[row.sheet_id], cases[row.sheet_id]
        )
        for row in rows
    ]


def _tell(
    row: PublicResult,
    tasks: TaskTeller,
    versions: list[SheetVersion],
    published: dict[int, Publication],
    cases: list[FollowUp],
) -> Plain:
    shown = [one for one in versions if one.version in published]
    told = [_version(one, published[one.version], row.private_names) for one in shown]
    for earlier, later in pairwise(told):
        later["changes"] = _changes(earlier["items"], later["items"])
    newest = shown[-1]
    return {
        "number": row.number,
        "sheet": row.sheet_code,
        "firm": {"name": row.firm_name, "uscc": row.uscc},
        "department": {"code": row.sheet_code, "name": row.department_name},
        "task": tasks.tell(row, newest.snapshot),
        "inspected_on": row.ended_on.isoformat(),
        "officers": _officers(newest.snapshot),
        "result": told[-1]["result"],
        "problems": row.problems,
        "published_on": row.published_on.isoformat(),
        "awaits_correction": row.awaits_version,
        "versions": told[::-1],
        "outcomes": [
            _outcome(one, row.private_names) for one in cases if one.is_published
        ],
    }  # fmt: skip


def _version(version: SheetVersion, entry: Publication, names: Collection[str]) -> Plain:
    snapshot = DISCLOSURE.disclose("result", version.snapshot, names)
    publication = DISCLOSURE.disclose("publication", _columns(entry), names)
    correction = snapshot.get("correction")
    return {
        "version": version.version,
        "result": version.result_code,
        "entered_at": snapshot["entered"]["at"],
        "items": [_item(one) for one in snapshot["items"]],
        "publication": {
            "channel": publication["channel"],
            "published_on": publication["published_on"].isoformat(),
            "address": publication["address"],
        },
        "reason": correction.get("reason", "") if correction else "",
        "approved_at": correction.get("approved_at") if correction else None,
        "changes": [],
    }


def _item(one: Plain) -> Plain:
    answer = one.get("answer", {})
    return {
        "code": one["code"],
        "text": one["text"],
        "basis": [
            {"law": b["law"], "article": b.get("article") or ""} for b in one.get("basis", [])
        ],
        "severity": one["severity"],
        "result": one["result"],
        "result_text": one["result_text"],
        "note": answer.get("note") or "",
        "outcome": answer.get("outcome") or "",
    }


def _changes(earlier: list[Plain], later: list[Plain]) -> list[Plain]:
    """Item by item what everybody may see of it: the text before and after."""
    before = {one["code"]: one for one in earlier}
    return [
        {
            "code": one["code"],
            "text": one["text"],
            "old": {name: before[one["code"]][name] for name in COMPARED},
            "new": {name: one[name] for name in COMPARED},
        }
        for one in later
        if one["code"] in before
        and any(before[one["code"]][name] != one[name] for name in COMPARED)
    ]


def _officers(snapshot: Plain) -> list[str]:
    """Who signed for the department, in the order in which they did."""
    signed = [one for one in snapshot["signatures"] if one.get("role") == "officer"]
    signed.sort(key=lambda one: (str(one.get("at")), str(one.get("name"))))
    told = (DISCLOSURE.disclose("officer", one) for one in signed if not one.get("refused"))
    return list(dict.fromkeys(str(one["name"]) for one in told if one.get("name")))


def _outcome(case: FollowUp, names: Collection[str]) -> Plain:
    told = DISCLOSURE.disclose("follow_up", _columns(case), names)
    return {
        "code": told["item_code"],
        "text": told["item_text"],
        "result": told["result_code"],
        "disposal": told["disposal"],
        "body": told["body"],
        "done_on": told["done_on"].isoformat(),
        "outcome": told["public_text"],
    }


def _columns(row: Publication | FollowUp) -> Plain:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}
