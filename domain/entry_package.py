"""What is entered on the official platform for one department's sheet, under the platform's own
field names (R074, R077, R082; domain research 3.1).

Made of the entered version alone, so that nothing is typed twice: one row per 抽查事项 with the
worst result of its check entries. All values are texts; no nought is lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.outcomes import VisitOutcome
from domain.platform_results import PlatformResults
from domain.result_codes import FirmResult, LocalResult, local_result, worst

FORMAT: Final = "suicha-entry-package/1"
# 抽查事项 by row; the rest says the same in every row of a sheet.
ROW_FIELDS: Final = ("seqno", "raninsItemName", "raninsCheckRes", "raninsCheckResName")
HEAD_FIELDS: Final = (
    "raninsPlanId", "raninsPlaneName", "raninsTaskId", "raninsTaskName", "raninsTypeName",
    "insAuth", "insDate", "uniscId", "entName",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PackageHead:
    """What the version itself does not say: the plan and the task the visit was drawn for."""

    plan_no: str
    plan_name: str
    task_no: str
    task_name: str
    draw_type: str


@dataclass(frozen=True, slots=True)
class EnteredVersion:
    """The version in force with its snapshot, as `server.results` keeps it."""

    version: int
    digest: str
    snapshot: Mapping[str, Any]


def build_package(
    head: PackageHead,
    entered: EnteredVersion,
    item_names: Mapping[str, str],
    platform: PlatformResults,
    visit: FirmResult,
) -> dict[str, Any]:
    """JSON-ready. `item_names` maps a check entry's code to the name of its 抽查事项; a check entry
    without one stands by its own text, so that no result is left out. `visit` is the firm's result
    over the departments whose sheets the reader may see, each by its `exported_code`."""
    snapshot = entered.snapshot
    local = _local_of(snapshot)
    codes: dict[str, list[int]] = {}
    for item in snapshot["items"]:
        if item["result"] is not None:
            name = item_names.get(item["code"]) or item["text"]
            codes.setdefault(name, []).append(platform.code_of(item["result"], local))
    rows = [
        {"seqno": str(number), "raninsItemName": name, **_result(found, platform)}
        for number, (name, found) in enumerate(codes.items(), start=1)
    ]
    every = [code for found in codes.values() for code in found]
    return {
        "format": FORMAT,
        "number": snapshot["number"],
        "version": entered.version,
        "sha256": entered.digest,
        "entered": dict(snapshot["entered"]),
        "raninsPlanId": head.plan_no,
        "raninsPlaneName": head.plan_name,
        "raninsTaskId": head.task_no,
        "raninsTaskName": head.task_name,
        "raninsTypeName": head.draw_type,
        "insAuth": snapshot["department"]["name"],
        "insDate": snapshot["ended_on"] or "",
        "uniscId": snapshot["firm"]["uscc"],
        "entName": snapshot["firm"]["name"],
        **_result(every, platform),
        "visit": {
            **_result([visit.code] if visit.code is not None else [], platform),
            "departments": visit.sheets,
            "entered": visit.entered,
        },
        "rows": rows,
        "checks": [_check(item, local, platform) for item in snapshot["items"]],
        "photos": list_photos(snapshot["items"]),
    }


def exported_code(snapshot: Mapping[str, Any], platform: PlatformResults) -> int | None:
    """The national code under which a sheet's result leaves: its worst item, local values by their
    own line. None without any."""
    local = _local_of(snapshot)
    told = (item["result"] for item in snapshot["items"])
    return worst(platform.code_of(code, local) for code in told if code is not None)


def table_rows(package: Mapping[str, Any]) -> list[list[str]]:
    """The package's rows under `HEAD_FIELDS` and `ROW_FIELDS`, each whole in itself."""
    head = [str(package[name]) for name in HEAD_FIELDS]
    return [head + [row[name] for name in ROW_FIELDS] for row in package["rows"]]


def list_photos(items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each picture once, in the order of the check entries: its SHA-256 and what it proves."""
    proves: dict[str, list[str]] = {}
    for item in items:
        for sha256 in item["photos"]:
            proves.setdefault(sha256, []).append(item["code"])
    return [{"sha256": sha256, "items": codes} for sha256, codes in proves.items()]


def _local_of(snapshot: Mapping[str, Any]) -> LocalResult | None:
    """Why nothing could be checked stands at one entry and holds for the whole sheet. Snapshots of
    before this was asked say nothing of the firm's status."""
    told = (item["answer"].get("outcome") for item in snapshot["items"])
    outcome = next((one for one in told if one is not None), None)
    if outcome is None:
        return None
    return local_result(VisitOutcome(outcome), snapshot["firm"].get("status", ""))


def _result(codes: Sequence[int], platform: PlatformResults) -> dict[str, str]:
    code = worst(codes)
    if code is None:
        return {"raninsCheckRes": "", "raninsCheckResName": ""}
    named = platform.name(code)
    return {"raninsCheckRes": named.number, "raninsCheckResName": named.text}


def _check(
    item: Mapping[str, Any], local: LocalResult | None, platform: PlatformResults
) -> dict[str, Any]:
    code = item["result"]
    found = [] if code is None else [platform.code_of(code, local)]
    return {
        "code": item["code"],
        "text": item["text"],
        **_result(found, platform),
        "local": local.value if local is not None else None,
        "photos": list(item["photos"]),
    }
