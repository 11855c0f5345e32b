"""Starting with bad settings, on an empty home by two at once, and going on without a database."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from server.cli.secrets import PRIVATE_KEY, PUBLIC_KEY, ensure_folders, ensure_vapid_keys
from server.config import BadSetting, load_config
from server.db import db, engine_options, prepare_engine
from server.once import write_once
from server.schema import upgrade_schema
from tests.integration.builders import PASSWORD, Field
from tests.integration.fieldsync.phone import Phone

pytestmark = pytest.mark.both

SETTINGS = {
    "SUICHA_NOPE": "1",
    "SUICHA_PORT": "65536",
    "SUICHA_THREADS": "9" * 5000,
    "SUICHA_WORKERS": "-1",
    "SUICHA_SESSION_DAYS": "99999999999",
    "SUICHA_SIGN_IN_WINDOW_SECONDS": "99999999999999",
    "SUICHA_SIGN_IN_ATTEMPTS": "0",
    "SUICHA_MAX_PHOTO_PIXELS": "1e9",
    "SUICHA_MAX_BODY_BYTES": "²",
    "SUICHA_PROXIES": "11",
    "SUICHA_HTTPS": "maybe",
    "SUICHA_SECRET_KEY": "short",
    "SUICHA_MIN_APP_VERSION": "newest",
    "SUICHA_BLOB_URL": "s3://bucket/photos",
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_bad_setting_is_one_line_that_names_it(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting) as caught:
        load_config({"SUICHA_HOME": str(tmp_path), name: SETTINGS[name]})
    line = str(caught.value)
    assert name in line and "\n" not in line and len(line) < 200


@pytest.mark.parametrize(
    "url", ["mysql://x", "postgresql+psycopg://host:port/db", "sqlite://", "x"]
)
def test_a_bad_database_url_is_one_line(url: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="SUICHA_DATABASE_URL"):
        load_config({"SUICHA_HOME": str(tmp_path), "SUICHA_DATABASE_URL": url})


def test_a_home_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for home in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(BadSetting, match="SUICHA_HOME"):
            load_config({"SUICHA_HOME": str(home)})
        key = {"SUICHA_SECRET_KEY": "k" * 40}
        with pytest.raises(BadSetting, match="SUICHA_HOME"):
            ensure_folders(load_config({"SUICHA_HOME": str(home), **key}))


def test_half_a_key_is_never_used(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "secret_key").touch()
    with pytest.raises(BadSetting, match="secret_key holds no key"):
        load_config({"SUICHA_HOME": str(tmp_path)})


def at_once(count: int, work: Callable[[], Any]) -> list[Any]:
    """What each of several threads got, all released together; a failure fails the test."""
    barrier, found, failed = threading.Barrier(count), [], []

    def run() -> None:
        barrier.wait()
        try:
            found.append(work())
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed, failed
    return found


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    for number in range(20):
        home = {"SUICHA_HOME": str(tmp_path / str(number))}
        keys = at_once(6, lambda home=home: load_config(home).secret_key)
        assert len(keys) == 6 and len(set(keys)) == 1
        folder = tmp_path / str(number) / "secrets"
        assert [path.name for path in folder.iterdir()] == ["secret_key"]
        assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600


def test_what_is_made_once_stays(tmp_path: Path) -> None:
    path = tmp_path / "a" / "key"
    assert write_once(path, b"first") and not write_once(path, b"second")
    assert path.read_bytes() == b"first"
    assert at_once(8, lambda: write_once(tmp_path / "b", b"x" * 100_000)).count(True) == 1


def test_push_keys_made_together_fit_each_other(tmp_path: Path) -> None:
    from py_vapid import Vapid

    assert at_once(4, lambda: ensure_vapid_keys(tmp_path)).count(True) == 1
    private = Vapid.from_pem((tmp_path / PRIVATE_KEY).read_bytes())
    assert private.public_pem() == (tmp_path / PUBLIC_KEY).read_bytes()
    (tmp_path / PUBLIC_KEY).unlink()
    assert not ensure_vapid_keys(tmp_path), "the private key decides"
    assert private.public_pem() == (tmp_path / PUBLIC_KEY).read_bytes()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_empty_database_is_built_once_by_whoever_comes_first(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, make_database_url: Any
) -> None:
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    else:
        url = make_database_url("postgresql")
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()

    def build() -> tuple[str | None, str | None]:
        options = engine_options(url)
        engine = create_engine(url, connect_args=options["connect_args"])
        prepare_engine(engine)
        try:
            return upgrade_schema(engine)
        finally:
            engine.dispose()

    done = at_once(3, build)
    assert sorted(before is None for before, _after in done) == [False, False, True]
    assert len({after for _before, after in done}) == 1


def test_a_database_that_is_gone_is_busy_not_broken(
    app: Flask, field: Field, phone: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 with its code on pages and for phones; the queue goes through afterwards."""
    wang: Phone = phone("wang")
    wang.set("PAX-01", {"value": "pass"})
    office = app.test_client()
    app.config["WTF_CSRF_ENABLED"] = False
    office.post("/sign-in", data={"account": "office", "password": PASSWORD})

    def gone(*_args: Any, **_kwargs: Any) -> Any:
        raise OperationalError("SELECT 1", {}, Exception("the database is gone"))

    with app.app_context():
        db.engine.dispose()
        monkeypatch.setattr(db.engine.pool, "connect", gone)
        monkeypatch.setattr(db.engine.dialect, "connect", gone)
    told = wang.push()
    assert (told.status_code, told.get_json()["error"]["code"]) == (503, "server.busy")
    assert told.headers["Retry-After"]
    for path in ("/", "/board", "/registry/firms", "/account"):
        answer = office.get(path)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 503, path
        assert "server.busy" in page and "Traceback" not in page and "gone" not in page
    probe = app.test_client()
    assert probe.get("/readyz").status_code == 503
    assert probe.get("/healthz").status_code == 200
    monkeypatch.undo()
    assert wang.results()[0]["status"] == "applied"


def test_a_database_that_goes_in_the_middle_of_a_page(
    app: Flask, field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person is known already; the page that says so must not ask the database again."""
    office = app.test_client()
    app.config["WTF_CSRF_ENABLED"] = False
    office.post("/sign-in", data={"account": "office", "password": PASSWORD})

    def gone(*_args: Any, **_kwargs: Any) -> Any:
        db.session.rollback()  # everything loaded so far is forgotten
        monkeypatch.setattr(db.session(), "execute", gone_too)
        monkeypatch.setattr(db.engine.pool, "connect", gone_too)
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    def gone_too(*_args: Any, **_kwargs: Any) -> Any:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr("server.registry.service.list_firms", gone)
    answer = office.get("/registry/firms")
    assert answer.status_code == 503
    assert "server.busy" in answer.get_data(as_text=True)
