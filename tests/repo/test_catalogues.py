"""Every text a person can read has its English, once, and no catalogue keeps a dead text.

Chinese stands in the code as ``_("…")``; English in ``server/locale/en/<subject>.po``.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.ext import babel_extract

from server.plurals import CHOICE, choose

ROOT = Path(__file__).parents[2]
SERVER = ROOT / "server"
TEMPLATES = ROOT / "pwa" / "templates"
CATALOGUES = sorted((SERVER / "locale" / "en").glob("*.po"))
MARKERS = ("_", "translate")
PLACE = re.compile(r"\{(\w*)\}")
CJK = re.compile(r"[\u3400-\u9fff]")


def texts_of_python(path: Path) -> Iterator[str]:
    """Literal first arguments of ``_(…)`` and ``translate(…)``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        first = node.args[0]
        if name in MARKERS and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value


def texts_of_template(path: Path) -> Iterator[str]:
    """Literal first arguments of ``_(…)``; fails on a template Jinja cannot read."""
    source = path.read_text(encoding="utf-8")
    Environment(autoescape=True, extensions=["jinja2.ext.do"]).parse(source)
    with path.open("rb") as file:
        for _line, _function, text, _comments in babel_extract(file, MARKERS, (), {}):
            first = text[0] if isinstance(text, tuple) else text
            if isinstance(first, str):
                yield first


@pytest.fixture(scope="module")
def used() -> dict[str, list[str]]:
    """Text → the files that show it."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(SERVER.rglob("*.py")):
        for text in texts_of_python(path):
            found[text].append(path.relative_to(ROOT).as_posix())
    for path in sorted(TEMPLATES.rglob("*.html")):
        for text in texts_of_template(path):
            found[text].append(path.relative_to(ROOT).as_posix())
    return found


@pytest.fixture(scope="module")
def known() -> dict[str, dict[str, str]]:
    """Text → catalogue → its English."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for path in CATALOGUES:
        with path.open("rb") as file:
            for entry in read_po(file, locale="en"):
                if entry.id:
                    found[str(entry.id)][path.name] = str(entry.string)
    return found


def listing(title: str, lines: list[str]) -> str:
    """A failure a translator can work through."""
    return "\n".join((f"{title} ({len(lines)}):", *(f"  {line}" for line in lines)))


def test_every_marked_text_has_its_english(
    used: dict[str, list[str]], known: dict[str, dict[str, str]]
) -> None:
    missing = [
        f"{text}    <- {', '.join(sorted(set(files)))}"
        for text, files in sorted(used.items(), key=lambda item: item[1])
        if not any(known.get(text, {}).values())
    ]
    assert not missing, listing("texts without English", missing)


def test_no_text_has_two_different_translations(known: dict[str, dict[str, str]]) -> None:
    twice = [f"{text}: {homes}" for text, homes in known.items() if len(set(homes.values())) > 1]
    assert not twice, listing("translated in two ways", twice)


def test_no_catalogue_keeps_a_text_nobody_shows(
    used: dict[str, list[str]], known: dict[str, dict[str, str]]
) -> None:
    dead = [f"{sorted(homes)}: {text}" for text, homes in known.items() if text not in used]
    assert not dead, listing("texts in a catalogue that no page shows", dead)


def test_translations_keep_the_places_to_fill(known: dict[str, dict[str, str]]) -> None:
    broken = [
        f"{text} -> {english}"
        for text, homes in known.items()
        for english in homes.values()
        if set(PLACE.findall(text)) != set(PLACE.findall(english))
    ]
    assert not broken, listing("other places to fill", broken)


def test_english_is_not_chinese(known: dict[str, dict[str, str]]) -> None:
    # 随查, 双随机、一公开 and the like may stand beside their English, never alone.
    chinese = [
        f"{text} -> {english}"
        for text, homes in known.items()
        for english in homes.values()
        if CJK.search(english) and not re.search(r"[A-Za-z]{2}", english)
    ]
    assert not chinese, listing("Chinese where English should be", chinese)


def test_templates_hold_no_chinese_outside_the_marker() -> None:
    loose = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        source = re.sub(r"\{#.*?#\}|<!--.*?-->", "", path.read_text(encoding="utf-8"), flags=re.S)
        source = re.sub(r"\b_\(\s*('[^']*'|\"[^\"]*\")", "", source)
        # Names of languages stand in their own language; example firms of /kit are names.
        source = re.sub(r"中文|[\"']中文[\"']", "", source)
        if path.relative_to(TEMPLATES).as_posix() == "kit/page.html":
            continue
        loose += [
            f"{path.relative_to(ROOT)}: {line.strip()[:80]}"
            for line in source.splitlines()
            if CJK.search(re.sub(r"[，、。：；（）“”…—·]", "", line))
        ]
    assert not loose, listing("Chinese that cannot be translated", loose)


def test_one_and_many_follow_a_number_of_the_text(known: dict[str, dict[str, str]]) -> None:
    broken = [
        f"{text} -> {english}"
        for text, homes in known.items()
        for english in homes.values()
        for name, one, many in CHOICE.findall(english)
        if name not in PLACE.findall(text) or one == many
    ]
    assert not broken, listing("a choice of one or many without its number", broken)


def test_english_says_one_photo_and_two_photos() -> None:
    text = "{n} {n|photo is|photos are} missing, {m} {m|record|records}"
    assert choose(text, {"n": 1, "m": "2"}) == "{n} photo is missing, {m} records"
    assert choose(text, {"n": 0, "m": 11}).startswith("{n} photos are missing")
