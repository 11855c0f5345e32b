"""The tool chain keeps its promises: locks without addresses, an image that can be built, help."""

import json
import os
import re
import shutil
import stat
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from server.config import ENVIRONMENT

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
SCRIPTS = [*sorted((ROOT / "tools").glob("*.sh")), ROOT / "tools" / "suicha"]
REQUIREMENT = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>\S+)", re.MULTILINE)


def read_lock(path: Path) -> dict[str, set[str]]:
    """Name → versions; a package may be locked twice, for different Pythons."""
    versions: dict[str, set[str]] = {}
    for match in REQUIREMENT.finditer(path.read_text()):
        versions.setdefault(match["name"], set()).add(match["version"])
    return versions


def wanted_names(path: Path) -> set[str]:
    lines = [line.split("#")[0].strip() for line in path.read_text().splitlines()]
    names = {re.split(r"[\[=<>]", line)[0] for line in lines if line and not line.startswith("-")}
    return {name.lower().replace("_", "-") for name in names}


def run(*command: str | Path, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **env},
        capture_output=True,
        text=True,
        timeout=60,
    )


def make_program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


# ── locks ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_package_has_a_hash_and_no_address(lock: Path) -> None:
    text = lock.read_text()
    entries = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert len(entries) == len(REQUIREMENT.findall(text))
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    assert "index-url" not in text


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_lock_holds_what_its_list_asks_for(lock: Path) -> None:
    assert wanted_names(lock.with_suffix(".in")) <= read_lock(lock).keys()


def test_what_is_tested_is_what_runs() -> None:
    runtime = read_lock(ROOT / "requirements/runtime.txt")
    dev = read_lock(ROOT / "requirements/dev.txt")
    assert {name: dev.get(name) for name in runtime} == runtime


def test_npm_lock_names_no_address_and_hashes_every_package() -> None:
    text = (ROOT / "pwa/package-lock.json").read_text()
    assert "://" not in text
    packages = json.loads(text)["packages"]
    assert [k for k, v in packages.items() if k and "integrity" not in v] == []


# ── make ─────────────────────────────────────────────────────────────────────────────────────


def test_help_names_every_target_and_what_it_does() -> None:
    targets = set(re.findall(r"^\.PHONY: ([a-z-]+)$", (ROOT / "Makefile").read_text(), re.M))
    answer = run("make", "help")
    assert answer.returncode == 0, answer.stderr
    described = dict(re.findall(r"^  make (\S+) +(\S.*)$", answer.stdout, re.M))
    assert described.keys() == targets
    assert {"run", "test", "check", "soak", "bench", "screenshots", "lock", "clean"} <= targets


@pytest.fixture
def set_up_tree(tmp_path: Path) -> Path:
    """A tree whose sources are old and whose stamps are as `make run` leaves them."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    sources = ["requirements/uv.txt", "requirements/runtime.txt", "requirements/dev.txt"]
    sources += ["pwa/package-lock.json", "pwa/vite.config.ts", "pwa/app/main.ts"]
    sources += [str(path.relative_to(ROOT)) for path in SCRIPTS]
    stamps = [".venv/.base", ".venv/.runtime", ".venv/.dev"]
    stamps += ["pwa/node_modules/.ok", "pwa/static/build/.ok"]
    for age, name in enumerate(reversed([*sources, *stamps])):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (1e9 - age, 1e9 - age))
    os.utime(tmp_path / "pwa/app", (1e9 - 100, 1e9 - 100))
    (tmp_path / ".venv/.path").write_text(str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("broken", [(), ("ruff",), ("mypy",), ("npm",), ("mypy", "npm")])
def test_check_fails_with_any_of_its_programs(set_up_tree: Path, broken: tuple[str, ...]) -> None:
    for name in ("ruff", "mypy", "npm"):
        make_program(set_up_tree / ".venv/bin" / name, f"exit {int(name in broken)}")
    assert (run("make", "check", cwd=set_up_tree).returncode != 0) == bool(broken)


def plan(tree: Path, target: str) -> str:
    answer = run("make", "--dry-run", target, cwd=tree)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def test_second_run_only_starts(set_up_tree: Path) -> None:
    lines = [line.strip() for line in plan(set_up_tree, "run").splitlines()]
    assert lines == [".venv/bin/suicha setup", "exec .venv/bin/suicha run"]


def test_each_change_repeats_only_what_depends_on_it(set_up_tree: Path) -> None:
    (set_up_tree / "pwa/app/main.ts").touch()
    assert "npm --no-update-notifier run --silent build" in plan(set_up_tree, "run")
    assert "npm --no-update-notifier ci" not in plan(set_up_tree, "run")
    assert "install.sh" not in plan(set_up_tree, "run")
    (set_up_tree / "requirements/dev.txt").touch()
    assert "install.sh" not in plan(set_up_tree, "run")
    assert "install.sh requirements/dev.txt" in plan(set_up_tree, "types-py")
    assert "install.sh requirements/runtime.txt" not in plan(set_up_tree, "types-py")


def test_removed_source_file_builds_again(set_up_tree: Path) -> None:
    (set_up_tree / "pwa/app/main.ts").unlink()
    assert "run --silent build" in plan(set_up_tree, "run")


def test_tree_that_moved_is_set_up_again(
    set_up_tree: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    moved = tmp_path_factory.mktemp("moved") / "tree"
    set_up_tree.rename(moved)
    assert "tools/venv.sh" in plan(moved, "run")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_script_can_be_run_and_parsed(script: Path) -> None:
    assert script.stat().st_mode & stat.S_IXUSR
    assert run("sh", "-n", script).returncode == 0


def test_ci_runs_the_tests_and_stops_at_the_first_failure() -> None:
    script = ROOT / ".ci/run"
    assert script.stat().st_mode & stat.S_IXUSR
    assert "set -euo pipefail" in script.read_text()
    assert "make test" in script.read_text().splitlines()


def test_tools_check_the_oldest_python_that_is_promised() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    floor = settings["project"]["requires-python"].removeprefix(">=")
    assert settings["tool"]["mypy"]["python_version"] == floor
    assert settings["tool"]["ruff"]["target-version"] == "py" + floor.replace(".", "")
    assert f"--python-version {floor}" in (ROOT / "Makefile").read_text()


# ── set-up scripts ───────────────────────────────────────────────────────────────────────────


def test_too_old_python_is_named_in_both_languages(tmp_path: Path) -> None:
    old = make_program(tmp_path / "oldpython", '[ "$1" = -V ] && echo "Python 3.9.2"; exit 1')
    answer = run(ROOT / "tools/venv.sh", cwd=tmp_path, PYTHON=str(old))
    assert answer.returncode == 1
    assert "需要 Python 3.11 或更高版本（本机：Python 3.9.2）" in answer.stderr
    assert "Python 3.11 or newer is needed (found: Python 3.9.2)" in answer.stderr
    assert not (tmp_path / ".venv").exists()


def test_missing_venv_module_is_named_in_both_languages(tmp_path: Path) -> None:
    bare = make_program(tmp_path / "bare", 'case "$2" in *ensurepip*) exit 1;; esac; exit 0')
    answer = run(ROOT / "tools/venv.sh", cwd=tmp_path, PYTHON=str(bare))
    assert answer.returncode == 1
    assert "缺少 venv 模块" in answer.stderr
    assert "has no venv module" in answer.stderr
    assert not (tmp_path / ".venv").exists()


def test_mirror_set_for_pip_is_used_by_uv(tmp_path: Path) -> None:
    make_program(tmp_path / ".venv/bin/python", "echo \"global.index-url='file:///mirror'\"")
    make_program(tmp_path / ".venv/bin/uv", 'echo "uv goes to $UV_DEFAULT_INDEX"')
    answer = run(ROOT / "tools/install.sh", "some.txt", cwd=tmp_path)
    assert "uv goes to file:///mirror" in answer.stdout


def test_pip_installs_where_uv_cannot(tmp_path: Path) -> None:
    make_program(tmp_path / ".venv/bin/python", '[ "$3" = install ] && echo "pip: $*"; exit 0')
    make_program(tmp_path / ".venv/bin/uv", "exit 2")
    answer = run(ROOT / "tools/install.sh", "some.txt", cwd=tmp_path)
    assert answer.returncode == 0
    assert re.search(r"pip: -m pip install .*--require-hashes -r some\.txt", answer.stdout)


def sandbox_path(folder: Path, **programs: str) -> str:
    """A PATH with a few real programs and the given pretended ones, and nothing else."""
    for name in ("sh", "cat", "rm", "mktemp", "tail", "env", "ls"):
        (folder / name).symlink_to(shutil.which(name) or name)
    for name, text in programs.items():
        make_program(folder / name.replace("_", "-"), text)
    return str(folder)


def test_apt_is_not_asked_when_nothing_is_missing(tmp_path: Path) -> None:
    path = sandbox_path(
        tmp_path, dpkg_query="printf installed", apt_get="echo asked; exit 9", id="echo 0"
    )
    answer = run("/bin/sh", ROOT / "tools/sysdeps.sh", PATH=path)
    assert (answer.returncode, answer.stdout) == (0, "")


def test_without_root_and_sudo_the_command_to_run_is_named(tmp_path: Path) -> None:
    path = sandbox_path(
        tmp_path,
        dpkg_query='case "$*" in *chromium*) printf installed;; *) exit 1;; esac',
        apt_get="echo asked; exit 9",
        id="echo 1000",
    )
    answer = run("/bin/sh", ROOT / "tools/sysdeps.sh", PATH=path)
    assert answer.returncode == 1
    assert (
        "apt-get install --no-install-recommends firefox-esr postgresql fonts-noto-cjk"
        in answer.stderr
    )
    assert "chromium" not in answer.stderr
    assert answer.stdout == ""


def test_launcher_finds_the_product_from_any_folder(tmp_path: Path) -> None:
    root = tmp_path / "a product"
    make_program(root / ".venv/bin/python", 'echo "$PYTHONPATH|$SUICHA_HOME|$*"')
    shutil.copy(ROOT / "tools/suicha", root / ".venv/bin/suicha")
    link = tmp_path / "suicha"
    link.symlink_to(root / ".venv/bin/suicha")
    answer = run(link, "draw", "list", cwd=Path("/"))
    assert answer.stdout.strip() == f"{root}|{root}/var|-m server.cli draw list"


# ── image and compose file ───────────────────────────────────────────────────────────────────


def dockerfile_steps() -> list[tuple[str, str]]:
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.M)
    lines = text.replace("\\\n", " ").splitlines()
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines if line.strip()]


def test_everything_the_image_copies_exists_and_is_not_ignored() -> None:
    allowed = (ROOT / ".dockerignore").read_text().splitlines()
    assert allowed[1] == "*"
    let_in = {line[1:] for line in allowed if line.startswith("!")}
    sources = [
        source
        for word, rest in dockerfile_steps()
        if word == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    ]
    assert sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert source.rstrip("/") in let_in or source.split("/")[0] in let_in, source


def test_image_is_pinned_unprivileged_and_watched() -> None:
    steps = dockerfile_steps()
    bases = [rest.split()[0] for word, rest in steps if word == "FROM"]
    assert bases == ["python:3.11-slim-bookworm"] * 2
    assert dict(steps)["USER"] == "suicha"
    assert "/healthz" in dict(steps)["HEALTHCHECK"]
    assert json.loads(dict(steps)["CMD"])[-1].endswith("exec suicha run")
    assert all("--require-hashes" in rest for _, rest in steps if "pip install" in rest)


def test_image_has_what_documents_are_set_with_as_the_tests_have() -> None:
    image = next(rest for word, rest in dockerfile_steps() if "apt-get install" in rest)
    tested = (ROOT / "tools/sysdeps.sh").read_text()
    for name in ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-noto-cjk"):
        assert name in image and name in tested, name


def test_image_and_compose_file_set_only_settings_that_exist() -> None:
    in_image = set(re.findall(r"\b(SUICHA_[A-Z_]+)=", (ROOT / "Dockerfile").read_text()))
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    in_compose = compose["services"]["app"]["environment"].keys()
    assert in_image | in_compose <= ENVIRONMENT.keys()
    documented = (ROOT / "docs/configuration.md").read_text()
    assert [name for name in in_image if name not in documented] == []


def test_compose_file_starts_the_database_first_and_holds_no_secret() -> None:
    text = (ROOT / "compose.yaml").read_text()
    compose = yaml.safe_load(text)
    app, db = compose["services"]["app"], compose["services"]["db"]
    assert app["depends_on"]["db"]["condition"] == "service_healthy"
    assert "pg_isready" in db["healthcheck"]["test"][1]
    used = {v.split(":")[0] for s in (app, db) for v in s["volumes"]}
    assert used == compose["volumes"].keys()
    assert all(port.startswith("127.0.0.1:") for port in app["ports"])
    for secret in ("POSTGRES_PASSWORD", "SUICHA_SECRET_KEY"):
        assert re.findall(rf"\$\{{{secret}(.)", text), secret
        assert set(re.findall(rf"\$\{{{secret}(..)", text)) == {":?"}, secret


def test_compose_secrets_are_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    script = ROOT / "tools/compose-env.sh"
    assert run(script, cwd=tmp_path).returncode == 0
    made = tmp_path / ".env"
    first = made.read_text()
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    values = dict(line.split("=") for line in first.splitlines())
    assert len(values["POSTGRES_PASSWORD"]) == 48
    assert len(values["SUICHA_SECRET_KEY"]) == 64
    assert run(script, cwd=tmp_path).returncode == 0
    assert made.read_text() == first


def test_compose_file_is_read_by_docker_where_it_is_installed(tmp_path: Path) -> None:
    if not shutil.which("docker") or run("docker", "compose", "version").returncode != 0:
        return  # the structure is checked above; Docker's own reading is one more look
    secrets = {"POSTGRES_PASSWORD": "p", "SUICHA_SECRET_KEY": "s" * 32, "HOME": str(tmp_path)}
    answer = run("docker", "compose", "config", "--quiet", **secrets)
    assert answer.returncode == 0, answer.stderr
    answer = run("docker", "compose", "config", "--quiet", HOME=str(tmp_path))
    assert "make compose-env" in answer.stderr
