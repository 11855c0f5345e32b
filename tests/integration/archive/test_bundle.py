"""The ZIP of a visit's file: everything in it is on its list, and one changed byte is named."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from server.archive.bundling import write_zip
from server.archive.contents import read_dossier
from server.archive.manifest import MANIFEST, PDF, SIGNATURE, check_archive
from server.cli.main import suicha
from server.custody.signing import Unreadable
from server.db import db, scope_to
from tests.apps import Clock, close_app, make_app
from tests.integration.archive.filed import PHOTOS, correct, enter_visit, take
from tests.integration.builders import Field, build_field
from tests.integration.fieldsync.phone import Answer, Phone

Files = dict[str, bytes]


def read(data: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def write(files: Files, path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name, data in files.items():
            file.writestr(name, data)
    return path


@pytest.fixture(scope="module")
def county(
    sqlite_empty: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, Field]]:
    """One county with an entered visit, for all that only read it."""
    home = tmp_path_factory.mktemp("archive")
    (home / "suicha.sqlite3").write_bytes(sqlite_empty.read_bytes())
    app = make_app(f"sqlite:///{home / 'suicha.sqlite3'}", home, Clock())
    with app.app_context():
        field = build_field()
        db.session.remove()
    enter_visit(lambda name: Phone(app, field, name))
    correct(lambda name: Phone(app, field, name))
    yield app, field
    close_app(app)


@pytest.fixture(scope="module")
def taken(county: tuple[Flask, Field]) -> tuple[bytes, Answer]:
    """The ZIP as the office downloads it, and the keys as anybody may have them."""
    app, field = county
    office = Phone(app, field, "office")
    data = take(office, f"/inspections/{field.inspection_id}/archive.zip")
    return data, office.client.get("/api/v1/custody-keys").get_json()


def keys_of(told: Answer) -> dict[str, str]:
    return {one["key_id"]: one["public_key"] for one in told["keys"]}


def test_the_same_record_and_day_give_the_same_bytes(
    county: tuple[Flask, Field], taken: tuple[bytes, Answer]
) -> None:
    app, field = county
    office = Phone(app, field, "office")
    inside = read(taken[0])[PDF]
    assert take(office, f"/inspections/{field.inspection_id}/archive.pdf") == inside
    with app.test_request_context("/"):
        actor = field.actor("office")
        scope_to(actor.jurisdiction_id)
        dossier, again = read_dossier(actor, field.inspection_id), io.BytesIO()
        write_zip(actor, dossier, io.BytesIO(inside), date(2026, 3, 4), again)
        db.session.remove()
    assert again.getvalue() == taken[0]


def test_the_zip_holds_originals_versions_pdf_and_a_signed_list(
    taken: tuple[bytes, Answer], tmp_path: Path
) -> None:
    data, keys = taken[0], keys_of(taken[1])
    files = read(data)
    manifest = json.loads(files[MANIFEST])
    assert [one["name"] for one in manifest["files"]][:3] == [
        PDF, "sheets/tr/version-1.json", "sheets/tr/version-2.json",
    ]  # fmt: skip
    photos = [one for one in manifest["files"] if one["kind"] == "photo"]
    assert {files[one["name"]] for one in photos} == set(PHOTOS)
    assert all(one["item"] == "PAX-02" and one["at"] and one["place"] for one in photos)
    assert manifest["is_complete"] is False
    assert {one["part"] for one in manifest["missing"]} == {
        "telling", "receipt", "publication", "closed",
    }  # fmt: skip
    assert [one["version"] for one in manifest["sheets"]] == [1, 2]
    (tmp_path / "file.zip").write_bytes(data)
    found = check_archive(tmp_path / "file.zip", keys)
    assert found.differences == () and found.is_signed is True
    names = [one.date_time for one in zipfile.ZipFile(io.BytesIO(data)).infolist()]
    assert set(names) == {(1980, 1, 1, 0, 0, 0)}


def test_one_changed_file_is_named_whatever_was_changed(
    taken: tuple[bytes, Answer], tmp_path: Path
) -> None:
    data, keys = taken[0], keys_of(taken[1])
    whole, path = read(data), tmp_path / "changed.zip"
    photo = next(name for name in whole if name.startswith("photos/"))
    sheet = "sheets/tr/version-1.json"

    def codes(**changed: bytes | None) -> list[tuple[str, str]]:
        files = whole | {name: told for name, told in changed.items() if told is not None}
        for name in [name for name, told in changed.items() if told is None]:
            del files[name]
        found = check_archive(write(files, path), keys)
        return [(one.code, one.name) for one in found.differences]

    flipped = bytes([whole[photo][0] ^ 1]) + whole[photo][1:]
    assert codes(**{photo: flipped}) == [("archive.file_differs", photo)]
    assert codes(**{photo: whole[photo] + b"0"}) == [("archive.size_differs", photo)]
    assert codes(**{photo: None}) == [("archive.file_missing", photo)]
    assert codes(**{"more.txt": b"more"}) == [("archive.file_unlisted", "more.txt")]
    assert codes(**{SIGNATURE: b"{}"}) == [("archive.bad_signature", SIGNATURE)]
    told = json.loads(whole[MANIFEST])
    spaced = json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
    assert ("archive.not_canonical", MANIFEST) in codes(**{MANIFEST: spaced})
    # Who changes a locked sheet and its line in the list: the digest of the entry tells.
    forged = whole[sheet].replace(b"PAX-01", b"PAX-09")
    line: dict[str, Any] = next(one for one in told["files"] if one["name"] == sheet)
    line["sha256"] = hashlib.sha256(forged).hexdigest()
    mended = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert codes(**{sheet: forged, MANIFEST: mended}) == [
        ("archive.sheet_differs", sheet), ("archive.bad_signature", SIGNATURE),
    ]  # fmt: skip


def test_the_command_names_the_first_difference(
    taken: tuple[bytes, Answer], tmp_path: Path
) -> None:
    data, told_keys = taken
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    good.write_bytes(data)
    files = read(data)
    photo = next(name for name in files if name.startswith("photos/"))
    write(files | {photo: files[photo][:-1] + b"?"}, bad)
    (tmp_path / "keys.json").write_text(json.dumps(told_keys))
    keys = ["--keys", str(tmp_path / "keys.json")]
    run = CliRunner().invoke

    done = run(suicha, ["archive", "verify", str(good), *keys, "--json"])
    told = json.loads(done.output)
    assert (done.exit_code, told["equal"], told["is_signed"]) == (0, True, True)
    done = run(suicha, ["archive", "verify", str(bad), *keys])
    assert done.exit_code == 1 and f"archive.file_differs: {photo}" in done.output
    (tmp_path / "none.zip").write_bytes(b"none")
    done = run(suicha, ["archive", "verify", str(tmp_path / "none.zip")])
    assert done.exit_code == 2 and "archive.not_an_archive" in done.output


def test_what_is_no_file_of_ours_is_refused(tmp_path: Path) -> None:
    for files in ({}, {MANIFEST: b"[]"}, {MANIFEST: b'{"format":"suicha-archive/1"}'}):
        with pytest.raises(Unreadable):
            check_archive(write(files, tmp_path / "other.zip"))
