"""Guessing passwords: what slows it, and that it does not slow everybody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from server.accounts import service as accounts
from server.accounts.models import SignInAttempt
from server.app import create_app
from server.db import db
from tests.conftest import Clock
from tests.integration.builders import PASSWORD, Field

pytestmark = pytest.mark.both

LIMIT = 8


def sign_in(app: Flask, account: str, password: str, address: str = "127.0.0.1") -> int:
    body = {"account": account, "password": password, "device": {"id": "dev_guess", "name": ""}}
    client = app.test_client()
    answer = client.post(
        "/api/v1/session", json=body, environ_base={"REMOTE_ADDR": address}
    )  # fmt: skip
    return answer.status_code


def test_no_spelling_of_an_account_walks_around_the_limit(app: Flask, field: Field) -> None:
    spellings = ("wang", "WANG", " wang", "wang ", "Wang", "\u3000wang", "wAng\u00a0", "waNG")
    assert len(spellings) == LIMIT
    for number, spelling in enumerate(spellings):
        assert sign_in(app, spelling, "wrong password", f"10.0.0.{number}") == 401
    for spelling in spellings:
        assert sign_in(app, spelling, PASSWORD, "10.0.1.1") == 401, spelling


def test_waiting_ends_although_the_person_keeps_trying(
    app: Flask, field: Field, clock: Clock
) -> None:
    for _ in range(LIMIT):
        assert sign_in(app, "wang", "wrong password") == 401
    for _ in range(15):  # the right password, once a minute
        assert sign_in(app, "wang", PASSWORD) == 401
        clock.advance(minutes=1)
    clock.advance(seconds=1)
    assert sign_in(app, "wang", PASSWORD) == 200


def test_one_account_under_attack_does_not_stop_its_colleagues(app: Flask, field: Field) -> None:
    for _ in range(LIMIT * 4):
        sign_in(app, "wang", "wrong password")
    assert sign_in(app, "li", PASSWORD) == 200
    with app.app_context():
        counted = db.session.scalars(select(SignInAttempt.key)).all()
    assert counted.count("account:wang") == LIMIT, "what is tried while waiting is not counted"


def test_hashing_a_guess_holds_no_lock(
    app: Flask, field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def hashed(_stored: str | None, _password: str) -> bool:
        seen.append(db.session.info.get("in_unit_of_work", False))
        return False

    monkeypatch.setattr(accounts, "is_right_password", hashed)
    sign_in(app, "wang", "wrong password")
    assert seen == [False]


def test_behind_a_proxy_each_visitor_has_an_address(
    make_database_url: Any, tmp_path: Path, clock: Clock
) -> None:
    from server.config import Config
    from tests.integration.builders import build_field

    for proxies, expected in ((0, "address:10.9.9.9"), (1, "address:203.0.113.5")):
        config = Config(
            home=tmp_path, database_url=make_database_url("sqlite"), secret_key="k" * 40,
            blob_dir=tmp_path, proxies=proxies,
        )  # fmt: skip
        app = create_app(config, clock=clock)
        with app.app_context():
            build_field()
        app.test_client().post(
            "/api/v1/session",
            json={"account": "x", "password": "y", "device": {"id": "dev_guess", "name": ""}},
            headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.5"},
            environ_base={"REMOTE_ADDR": "10.9.9.9"},
        )
        with app.app_context():
            assert expected in db.session.scalars(select(SignInAttempt.key)).all()
            db.session.remove()
            db.engine.dispose()
