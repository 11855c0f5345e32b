"""The catalogue of faults: complete in both languages, stable in form, harmless to format."""

import re
import string
from pathlib import Path

import pytest

from domain.errors import FAULTS, Refused, fault, message

DOMAIN = Path(__file__).parents[3] / "domain"


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_every_code_is_noun_dot_fault_and_has_both_languages(code: str) -> None:
    spec = FAULTS[code]
    assert re.fullmatch(r"[a-z]+(_[a-z]+)?\.[a-z_]+", code)
    assert 400 <= spec.status < 600
    assert re.search("[一-鿿]", spec.zh)
    assert not re.search("[一-鿿]", spec.en.replace("定向", "").replace("不", "")
                         .replace("牵头单位", "").replace("责任单位", ""))  # fmt: skip


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_both_languages_tell_the_same_details(code: str) -> None:
    def names(template: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(template) if name}

    assert names(FAULTS[code].zh) == names(FAULTS[code].en)


def test_every_code_used_in_the_domain_is_in_the_catalogue() -> None:
    used: set[str] = set()
    for path in DOMAIN.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        if not path.name.startswith(("fault", "access")):
            used |= set(re.findall(r'(?:fault|Refused|Unmet)\(\s*"([^"]+)"', text))
            used |= set(re.findall(r'reason="([^"]+)"', text))
            used |= set(re.findall(r'"((?:plan|uscc|checklist|sheet)\.[a-z_]+)"', text))
    assert len(used) > 50
    assert used <= set(FAULTS)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("request.too_large", 413),
        ("request.not_found", 404),
        ("request.method_not_allowed", 405),
        ("request.csrf", 400),
        ("session.required", 401),
        ("session.refused", 401),
        ("access.denied", 403),
        ("device.bound", 409),
        ("sync.epoch_changed", 409),
        ("sync.sequence_gap", 409),
        ("sync.upgrade_required", 426),
        ("sheet.locked", 409),
        ("photo.hash_mismatch", 460),
        ("photo.not_a_picture", 422),
        ("photo.too_large", 422),
        ("photo.too_many_bytes", 413),
        ("upload.not_found", 404),
        ("upload.offset", 409),
        ("upload.locked", 423),
        ("upload.expired", 410),
        ("server.error", 500),
        ("server.busy", 503),
    ],
)
def test_the_protocol_fixes_the_status(code: str, status: int) -> None:
    assert fault(code).status == status


def test_a_code_outside_the_catalogue_cannot_be_raised() -> None:
    with pytest.raises(KeyError):
        fault("sheet.unheard_of")


def test_message_speaks_the_persons_language_and_defaults_to_chinese() -> None:
    assert message("plan.empty", "zh_CN") == "计划表中没有任务。"
    assert message("plan.empty", "en") == "The plan has no tasks."
    assert message("plan.empty", "fr") == "计划表中没有任务。"


def test_a_reason_that_is_a_code_is_spelled_out_with_the_same_details() -> None:
    details = {"row": 3, "column": "抽查比例", "reason": "plan.bad_ratio", "text": "一半"}
    assert message("plan.malformed", "zh_CN", details) == (
        "第 3 行“抽查比例”：抽查比例“一半”无法识别。"
    )
    assert message("plan.malformed", "en", details) == (
        "Row 3, “抽查比例”: the ratio “一半” is not understood."
    )


def test_lists_are_joined_in_the_manner_of_the_language() -> None:
    details = {"items": ["PAX-01", "PAX-02"]}
    assert message("entry.result", "zh_CN", details) == "尚未选定检查结果：PAX-01、PAX-02。"
    assert message("entry.result", "en", details) == "No result chosen for: PAX-01, PAX-02."


def test_a_missing_detail_or_unknown_code_never_breaks_the_message() -> None:
    assert message("plan.malformed", "en", {"row": 3}) == "Row 3, “…”: …."
    assert message("no.such", "en") == "no.such"
    assert message("op.unreadable", "en", {"reason": "op.unreadable"})


def test_braces_in_a_detail_are_only_text() -> None:
    assert "{0.__class__}" in message("date.malformed", "en", {"text": "{0.__class__}"})


def test_a_refusal_becomes_the_same_fault() -> None:
    raised = Refused("date.malformed", {"text": "x"}).as_fault()
    assert (raised.code, raised.status, raised.details) == ("date.malformed", 422, {"text": "x"})
    assert str(raised) == "“x” is not a date; write it like 2024-09-05."


def test_what_a_detail_points_at_is_named_as_a_person_names_it() -> None:
    seen = {"entities": ["answer:tr/PAX-03", "photo:ab12", "photo:cd34", "checkin:0198"]}
    assert message("entry.seen_stale", "zh_CN", seen).endswith("PAX-03、照片、到场登记。")
    assert message("entry.seen_stale", "en", seen).endswith("PAX-03, a photo, a check-in.")
