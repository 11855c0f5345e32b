"""A visitor's own browser recomputes a draw: equal on the page, and a forged file is found out."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.harness import Server, page_errors


def verify_in_public(page: Page, server: Server, number: str, folder: Path) -> None:
    """Nobody signed in: equal; a record with two officers exchanged is found out, on the spot."""
    with page_errors(page) as complaints:
        page.goto(f"{server.url}/public")
        page.get_by_role("main").get_by_role("link", name="抽取公示").click()
        page.get_by_role("link", name=number).click()
        page.get_by_role("button", name="在本机重新计算").click()
        outcome = page.locator("[data-outcome]")
        expect(outcome.locator(".notice.ok")).to_contain_text(number)
        expect(outcome.locator(".dot.ok")).to_have_count(4)
        with page.expect_download() as download:
            page.get_by_role("link", name="下载抽取记录").click()
        record = json.loads(Path(download.value.path()).read_bytes())
        expect(outcome).to_contain_text(record["pool_sha256"])

        team = record["assignments"][0]["officers"]
        record["assignments"][0]["officers"] = team[::-1]
        file = folder / "forged.json"
        file.write_text(json.dumps(record), encoding="utf-8")
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url))
        page.locator("input[type=file]").set_input_files(file)
        expect(outcome.locator(".notice.error")).to_contain_text("不一致")
        expect(outcome).to_contain_text(
            f'第一处差异：第 1 组执法检查人员：记录为 "{team[1]}"，重新计算得 "{team[0]}"'
        )
        expect(outcome.locator(".dot.ok")).to_have_count(3)
        file.write_text("no record", encoding="utf-8")
        page.locator("input[type=file]").set_input_files(file)
        expect(outcome).to_contain_text("这个文件不是抽取记录")
        assert sent == [] and complaints == []
