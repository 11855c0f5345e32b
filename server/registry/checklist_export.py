"""Checklists as the file they can be imported from again: what comes back is unchanged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from domain.checklists import METHODS, SEVERITIES, CheckItem, ItemType
from server.registry.checklists import TASK_PLACE, build_check_item
from server.registry.models import Checklist

_METHOD_WORDS = {code: word for word, code in METHODS.items()}
_SEVERITY_WORDS = {code: word for word, code in SEVERITIES.items()}


def export_checklists(checklists: Sequence[Checklist]) -> bytes:
    """One YAML file of these versions, in the form of ``data/checklists.yaml``."""
    places: dict[str, dict[str, Any]] = {}
    for one in checklists:
        places |= _places(one.plan_tasks)
    document: dict[str, Any] = {
        "version": 1,
        **({"plan_task_index": places} if places else {}),
        "checklists": [dump_checklist(one) for one in checklists],
    }
    text: str = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=1000)
    return text.encode()


def dump_checklist(checklist: Checklist) -> dict[str, Any]:
    """One list as ``domain.checklists.parse_checklists`` reads it."""
    return dump_list(
        checklist.code,
        checklist.title,
        checklist.objects,
        checklist.plan_tasks,
        [dump_entry(build_check_item(entry)) for entry in checklist.entries],
    )


def dump_list(
    code: str, title: str, objects: str, plan_tasks: Sequence[str], items: list[dict[str, Any]]
) -> dict[str, Any]:
    """From its parts; ``plan_tasks`` may have their places."""
    return {
        "id": code,
        "title": title,
        "plan_tasks": [name.partition(TASK_PLACE)[0] for name in plan_tasks],
        "objects": objects,
        "items": items,
    }


def dump_entry(item: CheckItem) -> dict[str, Any]:
    """An entry as a checklists file writes it."""
    entry: dict[str, Any] = {
        "code": item.code,
        "text": item.text,
        "basis": [_dump_basis(one.law, one.article, one.confidence) for one in item.basis],
        "method": [_METHOD_WORDS[method] for method in item.methods],
        "answer": _dump_answer(item),
        "photo_on_fail": item.photo_on_fail,
        "severity": _SEVERITY_WORDS[item.severity],
    }
    if not item.is_required:
        entry["is_required"] = False
    if item.department:
        entry["department"] = item.department
    if item.item:
        entry["item"] = item.item
    return entry


def _dump_basis(law: str, article: str | None, confidence: str) -> dict[str, Any]:
    return {"law": law, "article": article, "confidence": confidence}


def _dump_answer(item: CheckItem) -> dict[str, Any]:
    is_pair = item.type is ItemType.NUMBER_PAIR and item.labels
    answer: dict[str, Any] = {"type": str(ItemType.NUMBER if is_pair else item.type)}
    if item.unit:
        answer["unit"] = item.unit
    if is_pair:
        answer["pair"] = list(item.labels)
    if item.rule:
        answer["pass"] = item.rule.text
    if item.min_photos:
        answer["min"] = item.min_photos
    if item.known:
        answer["known"] = str(item.known)
    return answer


def _places(plan_tasks: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Task reference → file and row, as ``plan_task_index`` writes them."""
    found = {}
    for task in plan_tasks:
        name, _, place = task.partition(TASK_PLACE)
        file, _, row = place.rpartition(":")
        if file and row.isdecimal():
            found[name] = {"file": file, "row": int(row)}
    return found
