"""Web Push to many: messages per second from the product to a push service of this machine. The
sender is a process of its own, as the job's is: ``python -m bench.push MESSAGES PORT``."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from typing import Any

from bench.installation import ROOT, free_port

READY_SECONDS = 10


def measure_push(env: dict[str, str], messages: int, say: Callable[[str], None]) -> dict[str, Any]:
    """So many people with a browser each, one reminder each, one run of the job."""
    port = free_port()
    receiver = subprocess.Popen([sys.executable, "-m", "bench.push_receiver", str(port)], cwd=ROOT)
    try:
        _count(port)
        say(f"writing and sending {messages} messages")
        run = subprocess.run(
            [sys.executable, "-m", "bench.push", str(messages), str(port)],
            env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        came = _count(port)
    finally:
        receiver.terminate()
        receiver.wait()
    if came != {"messages": messages, "addresses": messages}:
        raise RuntimeError(f"not each came once: {came}")
    return {"messages": messages, **json.loads(run.stdout)}


def _count(port: int) -> dict[str, int]:
    """What came so far; waits until the receiver answers."""
    give_up_at = time.monotonic() + READY_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                found: dict[str, int] = json.load(answer)
                return found
        except OSError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.05)


def _send(messages: int, port: int) -> dict[str, Any]:
    """In this process: a county, its people, and the job's run over them."""
    from domain.access import Actor
    from server.accounts.models import Department, Jurisdiction, Person
    from server.app import create_app
    from server.cli.secrets import ensure_folders, ensure_vapid_keys
    from server.db import db, scope_to, unit_of_work
    from server.notifications.push import PushWay
    from server.notifications.reminder_models import PushSubscription
    from server.notifications.service import remind, send_due
    from server.runtime import now, runtime

    app = create_app()
    with app.app_context():
        ensure_folders(runtime().config)
        ensure_vapid_keys(runtime().config.vapid_dir)
        p256dh, auth = _keys()
        always = {
            "reminders.from_hour": 0, "reminders.until_hour": 24, "reminders.on_rest_days": True,
        }  # fmt: skip
        with unit_of_work() as work:
            county = Jurisdiction(code="push", name="测量县", settings=always)
            work.add(county)
            work.flush()
            bureau = Department(jurisdiction_id=county.id, code="tr", name="交通局", is_home=True)
            work.add(bureau)
            work.flush()
            people = [
                Person(
                    jurisdiction_id=county.id, department_id=bureau.id, account=f"p{number}",
                    name=f"人员{number}", password_hash="-",
                )
                for number in range(messages)
            ]  # fmt: skip
            work.add_all(people)
            work.flush()
            ids, owner = [one.id for one in people], county.id
            work.add_all(
                PushSubscription(
                    jurisdiction_id=owner, person_id=one, p256dh=p256dh, auth=auth, made_at=now(),
                    endpoint=f"http://127.0.0.1:{port}/push/{one}",
                )
                for one in ids
            )  # fmt: skip
        scope_to(owner)
        db.session.expunge_all()  # the job has not just made them
        actor = Actor(person_id=0, jurisdiction_id=owner, department_id=None, roles=frozenset())
        seconds = {}
        start = time.perf_counter()
        remind(ids, "测量", "/board", actor)
        seconds["write"] = time.perf_counter() - start
        start = time.perf_counter()
        done = send_due([PushWay()])
        seconds["send"] = time.perf_counter() - start
        db.session.remove()
        db.engine.dispose()
    if done.sent != messages:
        raise RuntimeError(f"sent {done}")
    return {
        "seconds": {name: round(value, 2) for name, value in seconds.items()},
        "per_second": round(messages / seconds["send"]),
    }


def _keys() -> tuple[str, str]:
    """A browser's: who reads the messages does not matter here."""
    import base64
    import os

    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    point = (
        ec.generate_private_key(ec.SECP256R1())
        .public_key()
        .public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    )
    told = [base64.urlsafe_b64encode(one).decode().rstrip("=") for one in (point, os.urandom(16))]
    return told[0], told[1]


if __name__ == "__main__":
    json.dump(_send(int(sys.argv[1]), int(sys.argv[2])), sys.stdout)
