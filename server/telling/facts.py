"""What a notice says, as plain data: read once when it is made, kept with it, printed from then on
whatever changes later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.check_items import CheckItem
from domain.followup import CaseState
from domain.results import is_problem
from server.accounts.service import get_jurisdiction
from server.corrections.wording import change_lines
from server.documents.wording import law_title
from server.followup import service as followup
from server.followup.models import FollowUp
from server.followup.wording import disposal_word
from server.i18n import in_chinese
from server.i18n import translate as _
from server.inspections import service as inspections
from server.inspections.models import Inspection, Sheet
from server.inspections.wording import answer_text, judge_word, outcome_word, result_word
from server.registry import service as registry
from server.results.models import SheetVersion
from server.runtime import today

Facts = dict[str, Any]


def build_facts(inspection: Inspection, sheet: Sheet, version: SheetVersion, number: str) -> Facts:
    """JSON-ready and Chinese: an official form is one text. Of officers what they showed at the
    door, nothing else."""
    told, items = version.snapshot, _items_of(sheet)
    cases = {
        one.item_code: one
        for one in followup.list_of_sheets([sheet.id])
        if one.state != CaseState.VOID
    }
    with in_chinese():
        return {
            "number": number,
            "version": version.version,
            "made_on": today().isoformat(),
            "county": get_jurisdiction(sheet.jurisdiction_id).name,
            "department": told["department"]["name"],
            "firm": {name: told["firm"].get(name) or "" for name in ("name", "uscc", "address")},
            "task": {"name": inspection.task.name, "no": inspection.task.task_no},
            "inspection": told["number"],
            "ended_on": told["ended_on"],
            "officers": [
                {"name": one.officer.name, "cert_no": one.officer.cert_no}
                for one in inspections.last_team(inspection)
                if one.department_id == sheet.department_id
            ],
            "laws": _laws(told["items"]),
            "result": result_word(version.result_code),
            "items": [_item(one, items.get(one["code"])) for one in told["items"]],
            "problems": [
                _problem(one, cases.get(one["code"]))
                for one in told["items"]
                if one["result"] is not None and is_problem(one["result"])
            ],
            "correction": _correction(
                told.get("correction"),
                items,
                inspections.number_correction(inspection, sheet, version.version),
            ),
            "digest": version.digest,
        }


def list_rows(sheet: Sheet, version: SheetVersion) -> list[dict[str, str]]:
    """code, text, found, result of each item, in the reader's language."""
    items = _items_of(sheet)
    return [_item(one, items.get(one["code"])) for one in version.snapshot["items"]]


def answer_words(answer: Mapping[str, Any], item: CheckItem | None) -> str:
    """What was found at one item, with the officer's note."""
    value, verdict = answer.get("value"), answer.get("verdict")
    shown = answer_text(item, value) if item is not None else str(value or "")
    parts = (outcome_word(answer.get("outcome")), shown, judge_word(verdict) if verdict else "")
    told = "；".join(dict.fromkeys(one for one in parts if one))
    note = str(answer.get("note") or "").strip()
    return f"{told}。{note}" if told and note else told or note


def _items_of(sheet: Sheet) -> dict[str, CheckItem]:
    return {
        item.code: item
        for one in sheet.lists
        for item in registry.list_check_items(one["list"])
        if item.code in one["items"]
    }


def _laws(items: Sequence[Mapping[str, Any]]) -> list[str]:
    laws = (law_title(basis["law"]) for one in items for basis in one["basis"])
    return list(dict.fromkeys(laws))


def _item(one: Mapping[str, Any], item: CheckItem | None) -> dict[str, str]:
    return {
        "code": one["code"],
        "text": one["text"],
        "found": "".join((answer_words(one.get("answer") or {}, item), _pictures(one))),
        "result": result_word(one["result"]),
    }


def _pictures(one: Mapping[str, Any]) -> str:
    count = len(one.get("photos") or ())
    return _("（附照片 {n} 张）", n=count) if count else ""


def _problem(one: Mapping[str, Any], case: FollowUp | None) -> dict[str, str]:
    is_decided = case is not None and case.disposal != ""
    return {
        "code": one["code"],
        "text": one["text"],
        "finding": str((one.get("answer") or {}).get("note") or "").strip(),
        "basis": "、".join(f"{law_title(b['law'])}{b['article']}" for b in one["basis"]),
        "disposal": disposal_word(case.disposal) if case is not None and is_decided else "",
        "kind": case.disposal if case is not None else "",
        "body": case.body if case is not None else "",
        "due_on": case.due_on.isoformat() if case is not None and case.due_on else "",
    }


def _correction(
    told: Mapping[str, Any] | None, items: Mapping[str, CheckItem], number: str
) -> dict[str, Any] | None:
    """What this version changed of the one before; None for the first."""
    if not told:
        return None
    return {
        "number": number,
        "reason": str(told.get("reason") or ""),
        "lines": [
            {"item": one.item, "what": one.what, "old": one.old, "new": one.new}
            for one in change_lines(list(told.get("changes") or []), items)
        ],
    }
