"""``suicha report``: counted or kept, with its files."""

from __future__ import annotations

from pathlib import Path

from python_calamine import CalamineWorkbook

from tests.integration.cli.conftest import Run


def test_a_report_is_counted_and_only_an_account_keeps_it(run_ready: Run, tmp_path: Path) -> None:
    sheet, paper = tmp_path / "one.xlsx", tmp_path / "one.pdf"
    counted = run_ready(
        "report", "annex1", "--xlsx", str(sheet), "--pdf", str(paper), "--json"
    ).document
    assert counted["texts"]["joint/drawn"] == "4" and counted["report"] is None
    assert counted["files"] == [str(sheet), str(paper)]
    rows = CalamineWorkbook.from_path(sheet).get_sheet_by_index(0).to_python()
    assert rows[2][:2] == ["平台", "统计项目"] and paper.read_bytes().startswith(b"%PDF")
    month = run_ready("report", "annex2", "--month", "2024-05", "--json").document
    assert month["texts"]["problems"] == "0 户"
    annual = run_ready("report", "annual", "--progress", "2", "--json").document
    assert annual["kind"] == "progress"
    assert annual["texts"]["now/draws"] == counted["texts"]["all/times"]  # no task of the province
    refused = run_ready("report", "annex1", "--by", "nobody")
    assert refused.code == 2 and refused.err.startswith("account.unknown: ")
    assert run_ready("report", "annex1", "--on", "2999-01-01").err.startswith("report.day_refused")
    assert run_ready("report", "summary", "T-none").err.startswith("plan.not_found: ")
