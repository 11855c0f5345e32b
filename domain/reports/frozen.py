"""A report as it is frozen: one value of plain JSON, from which the form, every number and the list
behind it follow without asking any table again."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from domain.reports.annex1 import COLUMNS, ROWS, CountedDraw, Visit, list_behind
from domain.reports.annex1_form import build_annex1
from domain.reports.annex2_form import build_annex2
from domain.reports.annual_form import build_annual
from domain.reports.evaluation_form import build_evaluation
from domain.reports.grid import Grid
from domain.reports.listed import Listed, ListOf, parse_lists
from domain.reports.task_summary_form import build_summary_form


class ReportKind(StrEnum):
    """附件1, 附件2, 抽查结果汇总表, 年度数据, 工作开展情况数据, 工作效果评估."""

    ANNEX1 = "annex1"
    ANNEX2 = "annex2"
    SUMMARY = "summary"
    ANNUAL = "annual"
    PROGRESS = "progress"
    EVALUATION = "evaluation"


def dump_draw(draw: CountedDraw) -> dict[str, Any]:
    """Its part of a frozen annex 1."""
    return {
        "id": draw.id,
        "is_joint": draw.is_joint,
        "on_platform": draw.on_platform,
        "with_market_office": draw.with_market_office,
        "used_classes": draw.used_classes,
        "visits": {str(int(known)): list(ids) for known, ids in draw.visits.items()},
    }


def parse_draw(told: Mapping[str, Any]) -> CountedDraw:
    """The reverse."""
    return CountedDraw(
        id=told["id"],
        is_joint=told["is_joint"],
        on_platform=told["on_platform"],
        with_market_office=told["with_market_office"],
        used_classes=told["used_classes"],
        visits={Visit(int(known)): ids for known, ids in told["visits"].items()},
    )


def build_form(content: Mapping[str, Any]) -> Grid:
    """The printed form of any frozen report."""
    day, contact = date.fromisoformat(content["day"]), content["contact"]
    match ReportKind(content["kind"]):
        case ReportKind.ANNEX1:
            return build_annex1(
                content["numbers"],
                unit=content["unit"],
                platform=content["platform"],
                day=day,
                contact=contact,
            )
        case ReportKind.ANNEX2:
            return build_annex2(
                content["lines"],
                region=content["region"],
                unit=content["unit"],
                day=day,
                contact=contact,
            )
        case ReportKind.ANNUAL | ReportKind.PROGRESS:
            return build_annual(
                content["numbers"],
                content["indicators"],
                number=content["number"],
                unit=content["unit"],
                day=day,
                contact=contact,
            )
        case ReportKind.EVALUATION:
            return build_evaluation(content)
        case ReportKind.SUMMARY:
            return build_summary_form(
                [(one["key"], one["department"], one["numbers"]) for one in content["lines"]],
                task_no=content["task"]["number"],
                task=content["task"]["name"],
                kind=content["type"],
                pool=content["pool"],
                unit=content["unit"],
                day=day,
                contact=contact,
                remark=content["remark"],
            )


def list_texts(content: Mapping[str, Any]) -> dict[str, str]:
    """Ref → what the form says there, in its order: for comparing two reports."""
    form = build_form(content)
    return {cell.ref: cell.text for row in form.rows for cell in row if cell.ref}


def list_refs(content: Mapping[str, Any]) -> list[str]:
    """Of each number with a list, in the order of the form."""
    if content["kind"] == ReportKind.ANNEX1:
        return [f"{row.key}/{column}" for row in ROWS for column in COLUMNS]
    return [one["ref"] for one in content["lists"]]


def list_behind_ref(content: Mapping[str, Any], ref: str) -> Listed | None:
    """The list behind one number; None where there is none such."""
    if content["kind"] == ReportKind.ANNEX1:
        row, _slash, column = ref.partition("/")
        if row not in content["numbers"] or column not in COLUMNS:
            return None
        of = ListOf.DRAWS if column == COLUMNS[0] else ListOf.VISITS
        return Listed(ref, row, of, list_behind(map(parse_draw, content["draws"]), row, column))
    return next((one for one in parse_lists(content["lists"]) if one.ref == ref), None)
