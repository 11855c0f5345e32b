"""What the platform has to change after a correction."""

from typing import Any

from domain.entry_corrections import build_corrects


def result(code: str, name: str, **more: str) -> dict[str, Any]:
    return {"raninsCheckRes": code, "raninsCheckResName": name, **more}


GOOD, BAD = result("1", "未发现问题"), result("5", "发现问题已责令改正")
BEFORE = {
    **GOOD,
    "version": 1,
    "sha256": "a" * 64,
    "rows": [{**GOOD, "raninsItemName": "客运监管"}, {**GOOD, "raninsItemName": "安全监管"}],
    "checks": [{**GOOD, "code": "A-1"}, {**GOOD, "code": "A-2"}, {**GOOD, "code": "B-1"}],
}


def test_each_result_that_differs_is_named_old_beside_new() -> None:
    after = {
        **BEFORE, **BAD, "version": 2,
        "rows": [{**BAD, "raninsItemName": "客运监管"}, BEFORE["rows"][1]],  # type: ignore[index]
        "checks": [{**GOOD, "code": "A-1"}, {**BAD, "code": "A-2"}, {**GOOD, "code": "B-1"}],
    }  # fmt: skip
    told = build_corrects(BEFORE, after, "抄录有误")
    assert (told["version"], told["sha256"], told["reason"]) == (1, "a" * 64, "抄录有误")
    assert told["rows"] == [
        {"raninsItemName": "", "old": GOOD, "new": BAD},
        {"raninsItemName": "客运监管", "old": GOOD, "new": BAD},
    ]
    assert told["checks"] == [{"code": "A-2", "old": GOOD, "new": BAD}]


def test_a_correction_of_findings_alone_changes_no_result() -> None:
    told = build_corrects(BEFORE, {**BEFORE, "version": 2}, "补记")
    assert told["rows"] == [] and told["checks"] == []


def test_what_only_one_version_has_stands_beside_nothing() -> None:
    empty = result("", "")
    after = {**BEFORE, "checks": [{**GOOD, "code": "A-1"}, {**GOOD, "code": "C-1"}]}
    assert build_corrects(BEFORE, after, "")["checks"] == [
        {"code": "C-1", "old": empty, "new": GOOD},
        {"code": "A-2", "old": GOOD, "new": empty},
        {"code": "B-1", "old": GOOD, "new": empty},
    ]
