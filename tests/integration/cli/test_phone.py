"""``suicha phone``: an authority of our own, its certificate for this machine, the way in."""

from __future__ import annotations

import http.client
import ipaddress
import json
import shutil
import signal
import socket
import ssl
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from server.office_network.authority import ensure_certificate, fingerprint, may_sign_for
from tests.conftest import free_port
from tests.integration.cli.conftest import ROOT, run_here

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
OFFICE = ipaddress.IPv4Address("192.168.3.20")
STALL_SECONDS = 1


def test_the_same_address_keeps_its_certificate_another_gets_one_of_the_same_authority(
    tmp_path: Path,
) -> None:
    files = ensure_certificate(tmp_path, [OFFICE], NOW)
    first, authority = files.certificate.read_bytes(), files.authority.read_bytes()
    assert ensure_certificate(tmp_path, [OFFICE], NOW + timedelta(days=300)) == files
    assert files.certificate.read_bytes() == first
    other = ipaddress.IPv4Address("10.1.2.3")
    ensure_certificate(tmp_path, [other], NOW)
    assert files.certificate.read_bytes() != first and files.authority.read_bytes() == authority
    assert _addresses(files.certificate) == [other]
    # 30 days before its end it is made anew; phones trust the authority and notice nothing.
    before = files.certificate.read_bytes()
    ensure_certificate(tmp_path, [other], NOW + timedelta(days=368))
    assert files.certificate.read_bytes() != before and files.authority.read_bytes() == authority


def test_keys_are_the_owners_alone_and_the_certificate_is_one_iphones_take(tmp_path: Path) -> None:
    files = ensure_certificate(tmp_path, [OFFICE], NOW)
    for path in (files.key, tmp_path / "office_authority.key"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    made = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    assert made.not_valid_after_utc - made.not_valid_before_utc < timedelta(days=825)


def _addresses(path: Path) -> list[object]:
    made = x509.load_pem_x509_certificate(path.read_bytes())
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return list(names.get_values_for_type(x509.IPAddress))


@pytest.mark.parametrize("address", ["8.8.8.8", "192.0.2.1", "100.64.0.1", "169.254.1.1"])
def test_a_public_address_is_refused_in_one_line(address: str, tmp_path: Path) -> None:
    assert not may_sign_for(ipaddress.IPv4Address(address))
    refused = run_here(tmp_path, "phone", "--address", address)
    assert refused.code == 2
    assert refused.err.startswith("phone.no_address: ") and refused.err.count("\n") == 1
    assert not list(tmp_path.rglob("*.key"))


def test_what_is_no_address_is_refused_in_one_line(tmp_path: Path) -> None:
    refused = run_here(tmp_path, "phone", "--address", "办公室")
    assert refused.code == 2 and refused.err.startswith("phone.bad_address: ")


def test_a_taken_door_is_refused_before_anybody_is_sent_there(
    ready_home: Path, tmp_path: Path
) -> None:
    shutil.copytree(ready_home, tmp_path / "home")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        door = str(taken.getsockname()[1])
        refused = run_here(
            tmp_path / "home", "phone", "--address", "127.0.0.1", "--door", door, "--port",
            str(free_port()),
        )  # fmt: skip
    assert refused.code == 2 and refused.err.startswith("server.busy: ")
    assert refused.out == ""


@dataclass
class Served:
    process: subprocess.Popen[str]
    port: int
    door: int
    home: Path

    def fetch(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.door}{path}", timeout=10) as answer:
            return bytes(answer.read())

    def connect(self) -> http.client.HTTPSConnection:
        """As a phone that trusts the authority it was given at the door, and no other."""
        trusting = ssl.create_default_context(cadata=self.fetch("/suicha-authority.crt").decode())
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=trusting)


@pytest.fixture
def served(ready_home: Path, tmp_path: Path) -> Iterator[Served]:
    home, port, door = tmp_path / "home", free_port(), free_port()
    shutil.copytree(ready_home, home)
    process = subprocess.Popen(
        [sys.executable, "-m", "server.cli", "phone", "--address", "127.0.0.1",
         "--port", str(port), "--door", str(door)],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "SUICHA_HOME": str(home), "LANG": "zh_CN.UTF-8",
             "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", "SUICHA_WORKERS": "1",
             "SUICHA_STALL_SECONDS": str(STALL_SECONDS)},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    yield Served(process, port, door, home)
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    process.wait(40)
    assert process.stdout is not None
    process.stdout.close()


def _read_until(served: Served, text: str) -> str:
    assert served.process.stdout is not None
    told = ""
    while text not in told:
        line = served.process.stdout.readline()
        assert line, told
        told += line
    return told


def test_a_phone_learns_the_authority_at_the_door_and_then_has_a_secure_address(
    served: Served,
) -> None:
    told = _read_until(served, "随查已启动：https://")
    digest = fingerprint(served.home / "secrets" / "office_authority.crt")
    page = served.fetch("/").decode()
    assert digest in told and digest in page
    assert f"https://127.0.0.1:{served.port}/app/" in told and f"{served.port}/app/" in page
    stranger = http.client.HTTPSConnection(
        "127.0.0.1", served.port, timeout=20, context=ssl.create_default_context()
    )
    with pytest.raises(ssl.SSLCertVerificationError):
        stranger.request("GET", "/healthz")
    phone = served.connect()
    for _ in range(3):  # one connection, kept
        phone.request("GET", "/healthz")
        assert json.loads(phone.getresponse().read()) == {"status": "alive"}
    phone.request("GET", "/sign-in")
    answer = phone.getresponse()
    assert answer.status == 200
    assert all("Secure" in cookie for cookie in answer.headers.get_all("Set-Cookie") or ["none"])
    phone.close()
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(40) == 0
    with pytest.raises(OSError):
        served.fetch("/")


def test_whoever_falls_silent_in_tls_is_let_go_as_elsewhere(served: Served) -> None:
    _read_until(served, "随查已启动：https://")
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as silent:
        silent.send(b"\x16\x03\x01")  # the beginning of a greeting
        began = time.monotonic()
        assert silent.recv(10) == b""
        assert time.monotonic() - began >= STALL_SECONDS * 0.9
    phone = served.connect()
    phone.putrequest("POST", "/api/v1/session")
    phone.putheader("Content-Type", "application/json")
    phone.putheader("Content-Length", "500")
    phone.endheaders(b'{"account')
    answer = phone.getresponse()
    assert answer.status == 408
    assert json.loads(answer.read())["error"]["code"] == "request.stalled"
    phone.close()
