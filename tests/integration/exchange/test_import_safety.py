"""What must hold when something comes between: other people, a restart, two at once, a bad file."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from domain.access import Actor
from domain.errors import Fault
from server.db import db, scope_to, unit_of_work
from server.demo.service import load_demo
from server.exchange import file_guard, running, service, undoing, working
from server.exchange.importing import begin_undo
from server.exchange.models import Import, ImportState
from server.exchange.reading import open_table
from server.inspections.models import Inspection
from server.registry import service as registry
from server.registry.models import Firm, RegisterChange
from tests.apps import Clock
from tests.integration.exchange.conftest import open_office
from tests.integration.exchange.tables import (
    CORNERS,
    HEAD,
    SHEET,
    Road,
    csv_bytes,
    firm_rows,
    numbers,
    with_part,
    zip_bytes,
)
from tests.integration.exchange.test_labels_and_codes import office
from tests.integration.registry.county import build_county, import_firms

__all__ = ["office"]


def change(uscc: str, **values: object) -> None:
    """Somebody else's form."""
    with unit_of_work():
        firm = db.session.scalar(select(Firm).where(Firm.uscc == uscc))
        for name, value in values.items():
            setattr(firm, name, value)


def firm(uscc: str) -> Firm:
    found = db.session.scalar(select(Firm).where(Firm.uscc == uscc))
    assert found is not None
    return found


def ready(rows: list[list[str]], head: list[str] = HEAD) -> int:
    """An import that waits for its confirmation, without a page; answers its id."""
    one = service.receive_file(None, "firms", "名录.csv", csv_bytes([head, *rows]))
    service.choose_columns(None, one.id, one.mapping)
    working.compare(None, one.id)
    return one.id


def written(import_id: int) -> Import:
    service.confirm(None, import_id)
    working.apply(None, import_id)
    return service.get_import(None, import_id)


def test_row_changed_since_the_preview_is_told_and_nothing_is_written(app: Flask) -> None:
    with app.app_context():
        build_county()
        rows = firm_rows(3)
        import_firms(csv_bytes([HEAD, *rows]))
        for row in rows:
            row[3] = "高风险"
        import_id = ready([*rows, *firm_rows(1, first=7)])
        change(rows[1][0], tier="elevated")
        one = written(import_id)
        assert (one.state, one.report) == (ImportState.READY, {"stale": 1})
        assert {firm(row[0]).tier for row in rows} == {"low", "elevated"}
        (stale,) = service.list_rows(one, "stale").rows
        assert stale.changes["tier"] == ["elevated", "high"]
        assert written(import_id).report == {"created": 1, "updated": 3}


def test_firm_that_somebody_else_began_meanwhile_is_not_begun_twice(app: Flask) -> None:
    with app.app_context():
        build_county()
        import_id = ready(firm_rows(2))
        import_firms(csv_bytes([HEAD, *firm_rows(1)]))
        assert written(import_id).state == ImportState.READY
        assert service.get_import(None, import_id).counts["unchanged"] == 1
        assert written(import_id).report == {"created": 1, "updated": 0}


def test_undo_leaves_and_lists_what_was_changed_since(app: Flask) -> None:
    with app.app_context():
        build_county()
        old = firm_rows(2)
        import_firms(csv_bytes([HEAD, *old]))
        changed = [[*row[:3], "高风险", "0000-5550099", row[5]] for row in old]
        import_id = ready([*changed, *firm_rows(2, first=5)])
        written(import_id)
        change(old[0][0], contact_phone="0000-5550001")
        change(firm_rows(1, first=5)[0][0], address="新址")  # a field the file did not name
        change(firm_rows(1, first=6)[0][0], name="改名的公司")
        with unit_of_work():
            service.get_import(None, import_id).state = ImportState.UNDOING
        undoing.undo(None, import_id)
        report = service.get_import(None, import_id).report
        assert (report["restored"], report["withdrawn"], report["left_count"]) == (2, 1, 2)
        assert (firm(old[0][0]).tier, firm(old[0][0]).contact_phone) == ("low", "0000-5550001")
        assert firm(old[1][0]).contact_phone == "0000-5550017"
        assert not firm(firm_rows(1, first=5)[0][0]).is_active
        assert firm(firm_rows(1, first=6)[0][0]).is_active
        sources = set(db.session.scalars(select(RegisterChange.source)))
        assert {f"import:{import_id}", f"undo:{import_id}"} <= sources


def test_firm_out_of_use_comes_back_only_when_somebody_says_so(road: Road, desk: None) -> None:
    stated = [[*HEAD, "状态"], *([*row, "关闭"] for row in firm_rows(2))]
    road.preview(csv_bytes(stated))
    road.post("confirm")
    again = Road(road.client)
    shown = again.preview(csv_bytes([HEAD, *firm_rows(2)]))
    assert numbers(shown) == [0, 2, 0, 0, 2] and "导入将恢复使用" in shown
    assert "<del>已停业</del> → <ins>正常经营</ins>" in shown  # the register's own words
    again.post("decide", {"decision": "take"})
    again.post("confirm")
    assert firm(firm_rows(1)[0][0]).is_active


def test_firms_of_an_undone_import_are_out_everywhere_until_it_comes_again(app: Flask) -> None:
    road = Road(open_office(app))
    road.preview(csv_bytes([HEAD, *firm_rows(2)]))
    road.post("confirm")
    road.post("undo")
    code, name, *_ = firm_rows(1)[0]
    client = road.client
    assert "名录库里还没有检查对象" in client.get("/registry/firms").text
    assert name not in client.get(f"/registry/firms?q={code}").text
    assert client.get("/registry/exports/firms.csv").data.count(b"\r\n") == 1
    shown = client.get("/registry/firms?status=mistaken").text
    assert "共 2 条" in shown and "误录移出" in shown
    page = client.get("/registry/firms/1").text
    assert "误录移出：第 1 号导入已撤销" in page and "不参加抽取" in page
    with app.app_context():
        scope_to(db.session.scalar(select(Firm.jurisdiction_id).limit(1)))
        assert registry.count_gaps(None).total == 0 and registry.count_firms_by_tier(None) == {}
        assert registry.list_eligible_firms(None, "passenger") == []
        assert registry.find_firms(None, name) == []
        db.session.remove()
    moved = client.post("/registry/firms/1/status", data={"status": "mistaken", "reason": "x"})
    assert moved.status_code == 422
    # a name near one that was taken out is no question, and the same file needs no decision
    again = Road(client)
    shown = again.preview(csv_bytes([HEAD, *firm_rows(2)]))
    assert numbers(shown) == [0, 2, 0, 0]
    assert "<del>误录移出</del> → <ins>正常经营</ins>" in shown
    again.post("confirm")
    assert "共 2 条" in client.get("/registry/firms?status=open").text
    stated = [[*HEAD, "状态"], [*firm_rows(1)[0], "误录移出"]]
    assert "“误录移出”不在可选范围内" in Road(client).preview(csv_bytes(stated))
    assert "恢复 2 条，移出 0 条" in again.post("undo")
    assert "共 2 条" in client.get("/registry/firms?status=mistaken").text


def test_firm_of_an_undone_import_comes_back_by_the_form_with_its_history(
    road: Road, office: Actor
) -> None:
    road.preview(csv_bytes([HEAD, *firm_rows(1)]))
    road.post("confirm")
    road.post("undo")
    code, name, *_ = firm_rows(1)[0]
    kept = registry.add_firm(office, {"uscc": code, "name": name, "category": "freight"})
    assert (kept.id, kept.status, kept.category, kept.is_active) == (1, "open", "freight", True)
    assert [one.source for one in registry.list_changes(office, "firms", 1)] == [
        "form", "undo:1", "import:1",
    ]  # fmt: skip


def test_word_that_may_mean_two_states_of_a_firm_is_an_error(road: Road) -> None:
    words = ["存续", "暂停经营", "停业"]
    rows = [[*row, word] for row, word in zip(firm_rows(3), words, strict=True)]
    assert numbers(road.preview(csv_bytes([[*HEAD, "状态"], *rows]))) == [2, 0, 0, 1]


def test_comparing_goes_on_after_a_restart_at_the_line_it_had_reached(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        build_county()
        rows = [*firm_rows(30), firm_rows(1)[0]]  # the last repeats the first
        one = service.receive_file(None, "firms", "名录.csv", csv_bytes([HEAD, *rows]))
        service.choose_columns(None, one.id, one.mapping)
        monkeypatch.setattr(working, "CHUNK_ROWS", 10)
        store, stored = working._store, []

        def dies_after_two(*arguments: object) -> bool:
            if len(stored) == 2:
                raise KeyboardInterrupt
            stored.append(arguments)
            return store(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(working, "_store", dies_after_two)
        with pytest.raises(KeyboardInterrupt):
            working.compare(None, one.id)
        db.session.rollback()
        assert service.get_import(None, one.id).rows_done == 20
        monkeypatch.setattr(working, "_store", store)
        working.compare(None, one.id)
        found = service.get_import(None, one.id)
        assert (found.state, found.counts["new"], found.counts["error"]) == ("ready", 30, 1)


def test_writing_that_broke_off_wrote_nothing_and_is_taken_up_by_whoever_looks(
    sqlite_app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    road = Road(open_office(sqlite_app))
    road.preview(csv_bytes([HEAD, *firm_rows(5)]))
    monkeypatch.setattr(running, "_run", lambda *_arguments: None)  # the process dies here
    shown = road.client.post(f"{road.path}/confirm", follow_redirects=True)
    assert "Refresh" in shown.headers and "正在写入" in shown.text
    monkeypatch.undo()
    assert "正在写入" in road.client.get(road.path).text  # it may be at work elsewhere
    assert "还没有检查对象" in road.client.get("/registry/firms").text
    clock.advance(seconds=30)
    answer = road.client.get(road.path)
    while "Refresh" in answer.headers:  # each look waits for the work
        answer = road.client.get(road.path)
    assert "新增 5 条" in answer.text


def test_defect_while_writing_leaves_the_register_and_is_told(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    road.preview(csv_bytes([HEAD, *firm_rows(5)]))
    monkeypatch.setattr(working.registry, "apply_changes", lambda *_arguments: 1 / 0)
    shown = road.post("confirm")
    assert "import.interrupted" in shown and "名录库未作任何改动" in shown
    assert "还没有检查对象" in road.client.get("/registry/firms").text


def test_two_confirmations_at_once_write_once(app: Flask) -> None:
    with app.app_context():
        county = build_county()
        import_id = ready(firm_rows(40))
        service.confirm(None, import_id)
    barrier, failed = threading.Barrier(3), []

    def write() -> None:
        with app.app_context():
            scope_to(county)
            barrier.wait()
            try:
                working.apply(None, import_id)
            except BaseException as error:
                failed.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with app.app_context():
        scope_to(county)
        assert failed == []
        assert len(db.session.scalars(select(Firm.id)).all()) == 40
        assert len(db.session.scalars(select(RegisterChange.id)).all()) == 40


def test_undo_of_an_import_that_is_not_done_is_refused(road: Road, desk: None) -> None:
    road.preview(csv_bytes([HEAD, *firm_rows(1)]))
    with pytest.raises(Fault) as refused:
        begin_undo(None, 1)  # type: ignore[arg-type]
    assert refused.value.code == "import.bad_state"


def test_import_of_another_county_is_not_found(road: Road, sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        build_county("140597", "邻县")
        import_id = ready(firm_rows(1))
        db.session.remove()
    assert road.client.get(f"/registry/imports/{import_id}").status_code == 404
    assert road.client.post(f"/registry/imports/{import_id}/confirm").status_code == 404


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (with_part("xl/vbaProject.bin", b"x"), "table.macros"),
        (
            with_part("[Content_Types].xml", b"<Types>sheet.macroEnabled.main+xml</Types>"),
            "table.macros",
        ),
        (with_part(SHEET, CORNERS % b"XFD1048576"), "table.too_many_cells"),
        (with_part(SHEET, CORNERS % b"&#88;FD2"), "table.too_many_cells"),
        (with_part(SHEET, b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "table.unreadable"),
        (with_part(SHEET, b"<worksheet"), "table.unreadable"),
        (zip_bytes({"word/document.xml": b"<w/>"}), "table.unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "table.unreadable"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "table.encrypted",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "_VBA_PROJECT".encode("utf-16-le"), "table.macros"),
        (b"%PDF-1.7\n%\xe2\xe3", "table.picture"),
        (b"\x89PNG\r\n\x1a\n", "table.picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "table.picture"),
        (b"\0\0\0\x18ftypheic", "table.picture"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "table.picture"),
        (b"a," * 300 + b"\n", "table.too_many_cells"),
        (b"x" * (file_guard.MAX_FILE_BYTES + 1), "table.too_large"),
    ],
)
def test_file_that_is_none_of_ours_is_refused_by_what_it_holds(data: bytes, code: str) -> None:
    with pytest.raises(Fault) as refused:
        table = open_table(data)
        for sheet in table.list_sheets() or [""]:
            table.read_rows(sheet)
    assert refused.value.code == code


def test_file_that_unpacks_without_end_is_left_half_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_guard, "MAX_UNPACKED_BYTES", 2 * 1024 * 1024)
    with pytest.raises(Fault) as refused:
        open_table(with_part("xl/media/a.bin", b"\0" * 3 * 1024 * 1024))
    assert refused.value.code == "table.too_large"


def test_formula_is_read_as_its_value_and_leaves_as_text(road: Road, desk: None) -> None:
    rows = firm_rows(1)
    rows[0][1] = "=HYPERLINK(1)"
    import_id = ready(rows)
    written(import_id)
    data = road.client.get("/registry/exports/firms.csv").data.decode("utf-8-sig")
    assert ",'=HYPERLINK(1)," in data
    table = open_table(road.client.get("/registry/exports/firms.xlsx").data)
    assert table.read_rows(table.list_sheets()[0])[1][1] == "=HYPERLINK(1)"


def test_undo_never_takes_a_firm_out_that_was_drawn_for_an_inspection(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        load_demo()
        drawn = set(db.session.scalars(select(Inspection.firm_id)))
        assert drawn
        with unit_of_work():
            service.get_import(None, 1).state = ImportState.UNDOING
        undoing.undo(None, 1)
        report = service.get_import(None, 1).report
        assert {one["entry"] for one in report["left"]} == drawn
        assert {one["why"] for one in report["left"]} == {"referred"}
        in_use = db.session.scalars(select(Firm.id).where(Firm.is_active))
        assert set(in_use) == drawn and report["withdrawn"] == 60 - len(drawn)


@pytest.mark.parametrize("place", [1492, 1802], ids=["its reader panics", "a terabyte of memory"])
def test_damaged_old_workbook_is_refused_and_does_not_end_the_process(place: int) -> None:
    sound = (Path(__file__).parent / "register.xls").read_bytes()
    damaged = bytearray(sound)
    damaged[place] = 255
    with pytest.raises(Fault) as refused:
        open_table(bytes(damaged)).list_sheets()
    assert refused.value.code == "table.unreadable"
    table = open_table(sound)
    assert table.read_rows(table.list_sheets()[0])
