"""``suicha audit``: the signed root of a day, and whether the trail is the one that was signed."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from server.cli.words import FILE, BadInput, CheckFailed, _, json_option, report

if TYPE_CHECKING:
    from server.audit.findings import Problem, Report

SHOWN_PROBLEMS = 20  # --json has them all
ROOTS = click.option(
    "--roots", type=FILE, help=_("从 /public/trail 下载的留痕摘要文件，逐个核对并采用其中的公钥。")
)


@click.group(help=_("操作留痕。"))
def audit() -> None:
    """The group itself does nothing."""


@audit.command(help=_("为每个县的操作留痕生成并签名当日摘要。"))
@json_option
def root(as_json: bool) -> None:
    """For a daily job; the public page does the same once a day when somebody opens it."""
    from server.audit.roots import dump_root, list_counties_with_events, make_root
    from server.cli.county import application, refuse_old_schema

    with application():
        refuse_old_schema()
        made = [dump_root(make_root(one)) for one in list_counties_with_events()]
    lines = [
        _(
            "{county}：{size} 条，摘要 {root}",
            county=one["root"]["county"],
            size=one["root"]["size"],
            root=one["root"]["root"],
        )
        for one in made
    ]
    report(as_json, {"roots": made}, *(lines or [_("还没有任何操作记录。")]))


@audit.command(help=_("重新计算操作留痕，指出被改动、删除、添加或调换的记录。"))
@click.option("--database-copy", "copy", help=_("要核对的数据库副本：SQLite 文件或数据库地址。"))
@ROOTS
@click.option(
    "--leaves", type=FILE, help=_("从“操作留痕”下载的逐条散列，用来认出连散列一起改写的记录。")
)
@click.option("--since", type=FILE, help=_("保存过的一份签名摘要：证明此后的留痕只有增加。"))
@json_option
def verify(
    copy: str | None, roots: Path | None, leaves: Path | None, since: Path | None, as_json: bool
) -> None:
    """Exit 0 when everything is as signed, 1 otherwise, 2 for what is no database with a trail."""
    trail = _read_trail(roots) if roots else None
    own = _read_own()
    asked: dict[str, Any] = {
        "published": [trail] if trail else [],
        "kept": [*_read_given(leaves), *(one for files in own.values() for one in files)],
        "since": _read_root(since) if since else None,
    }
    keys = _keys_of(trail) if trail else None
    # a copy may well be older than the hashes kept here
    found = _check_copy(copy, keys, asked) if copy else _check_live(keys, {**asked, "own": own})
    if since and found.since is None:
        raise BadInput("audit.other_county", _("{file} 是别的县的摘要。", file=since.name))
    problems = [_dump(one) for one in found.problems]
    document = {
        "equal": not problems,
        "problems": problems,
        "set_back": [_dump(one) for one in found.set_back],
        "checked": {
            "entries": found.entries,
            "roots": found.roots,
            "published": found.published,
            "kept": found.kept,
        },
        "waiting": found.waiting,
    }
    shown = [*found.problems[:SHOWN_PROBLEMS], *found.set_back]
    report(as_json, document, *(_line(one) for one in shown))
    if problems:
        raise CheckFailed(_("操作留痕与签名不符：{count} 处。", count=len(problems)))
    if not as_json:
        text = _(
            "一致：{entries} 条记录、{roots} 个签名摘要，另有 {waiting} 条等待下一次摘要。",
            entries=found.entries,
            roots=found.roots,
            waiting=found.waiting,
        )
        click.echo(text)
        if found.since is not None:
            click.echo(_("自 {size} 条的那份摘要以来，留痕只有增加。", size=found.since))


@audit.command(
    help=_("核对证明文件：一条记录是否在签名摘要之内，或者两份签名摘要之间是否只有增加。")
)
@click.argument("file", type=FILE)
@ROOTS
@json_option
def check(file: Path, roots: Path | None, as_json: bool) -> None:
    """Exit 0 when the entry lies below a root that was signed, 1 otherwise. Without ``--roots`` by
    the keys of this installation."""
    from server.audit.signing import find_signed_proof_fault
    from server.custody.signing import Unreadable, parse_document

    try:
        proof = parse_document(file.read_bytes())
    except Unreadable:
        text = _("{file} 不是证明文件（JSON）。", file=file.name)
        raise BadInput("request.not_json", text) from None
    keys = _keys_of(_read_trail(roots)) if roots else _live_keys()
    fault = find_signed_proof_fault(proof, keys)
    if fault:
        report(as_json, {"valid": False, "problems": [fault]}, fault)
        raise CheckFailed(_("证明无效：{fault}", fault=fault))
    root = proof["root"]["root"]
    told = {"valid": True, "problems": [], "root": root}
    if "entry" in proof:
        told |= {"entry": proof["entry"]}
        line = _("有效：第 {place} 条，在 {at} 签名的 {size} 条之内。",
                 place=proof["place"] + 1, at=root["made_at"], size=root["size"])  # fmt: skip
    else:
        first = proof["first"]["root"]
        told |= {"first": first}
        line = _("有效：{before} 签名的 {first} 条之后只有增加，{at} 签名时是 {size} 条。",
                 before=first["made_at"], first=first["size"], at=root["made_at"],
                 size=root["size"])  # fmt: skip
    report(as_json, told, line)


def _check_live(keys: dict[str, str] | None, asked: dict[str, Any]) -> Report:
    from server.audit.copies import read_live
    from server.audit.verifying import check_trail, read_keys
    from server.cli.county import application, refuse_old_schema

    with application():
        refuse_old_schema()
        with read_live() as live:
            return check_trail(live, read_keys(live) if keys is None else keys, **asked)


def _check_copy(place: str, keys: dict[str, str] | None, asked: dict[str, Any]) -> Report:
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

    import server.models  # noqa: F401  (a mapper may name a table nobody has loaded)
    from server.audit.copies import read_copy
    from server.audit.verifying import check_trail, read_keys

    if "://" not in place and not Path(place).is_file():
        raise BadInput("audit.no_copy", _("找不到数据库副本：{place}", place=place))
    try:
        with read_copy(place) as copy:
            found = check_trail(copy, read_keys(copy) if keys is None else keys, **asked)
            if found.problems:
                with suppress(BadInput):
                    found.problems = _explained(found.problems, copy)
            return found
    except (ArgumentError, NoSuchModuleError, SQLAlchemyError) as error:
        reason = " ".join(str(getattr(error, "orig", error)).split())
        text = _("这不是带操作留痕的数据库：{reason}", reason=reason)
        raise BadInput("audit.no_copy", text) from None


def _read_given(leaves: Path | None) -> list[Any]:
    from server.audit.kept_leaves import read_leaves

    return [read_leaves(leaves.read_bytes())] if leaves else []


def _read_own() -> dict[str, list[Any]]:
    """What this machine keeps itself, by county."""
    from server.audit.kept_leaves import read_own

    # not load_config: on an auditor's machine it would begin an installation
    return read_own(Path(os.environ.get("SUICHA_HOME") or "var").expanduser())


def _read_root(file: Path) -> dict[str, Any]:
    from server.audit.signing import parse_root
    from server.custody.signing import Unreadable

    try:
        return parse_root(file.read_bytes())
    except Unreadable:
        text = _("{file} 不是签名摘要。", file=file.name)
        raise BadInput("request.not_json", text) from None


def _explained(problems: list[Problem], copy: Any) -> list[Problem]:
    """With what differs from the installation on this machine, where there is one."""
    from server.audit.copies import explain, read_live
    from server.cli.county import application, refuse_old_schema

    with application():
        refuse_old_schema()
        with read_live() as live:
            return explain(problems, copy, live)


def _live_keys() -> dict[str, str]:
    from server.cli.county import county
    from server.custody.service import dump_keys

    with county():
        return {key["key_id"]: key["public_key"] for key in dump_keys()}


def _read_trail(file: Path) -> dict[str, Any]:
    from server.audit.signing import parse_trail
    from server.custody.signing import Unreadable

    try:
        return parse_trail(file.read_bytes())
    except Unreadable:
        text = _("{file} 不是留痕摘要文件。", file=file.name)
        raise BadInput("request.not_json", text) from None


def _keys_of(trail: dict[str, Any]) -> dict[str, str]:
    from server.custody.signing import Unreadable, parse_keys

    try:
        return parse_keys(trail)
    except Unreadable:
        raise BadInput("request.not_json", _("留痕摘要文件中没有公钥。")) from None


def _dump(problem: Problem) -> dict[str, Any]:
    return {name: value for name, value in asdict(problem).items() if value not in (None, {}, "")}


def _line(problem: Problem) -> str:
    """``code: what, entry n``."""
    words = {
        "entry.changed": _("记录被改动"),
        "entry.removed": _("记录被删除"),
        "entry.swapped": _("两条记录被调换"),
        "entry.added": _("记录是事后添加的，时间早于已签名的摘要"),
        "entry.foreign": _("记录不是本系统写入的"),
        "leaf.changed": _("记录的位置或散列被改动，记录本身未变"),
        "leaf.moved": _("记录的位置被调换"),
        "leaf.removed": _("记录的位置被删除"),
        "leaf.unsigned": _("位置没有签名摘要"),
        "root.differs": _("重新计算的摘要与签名的不同"),
        "root.changed": _("摘要的栏目与签名的内容不同"),
        "root.out_of_order": _("摘要没有接着前一个"),
        "root.removed": _("摘要的编号中断，缺的已被删除或改号"),
        "root.bad_signature": _("摘要的签名不符"),
        "root.unknown_key": _("摘要由没有登记的密钥签名"),
        "root.wrong_shape": _("摘要的格式不对"),
        "published.missing": _("公布过的摘要在这里找不到"),
        "since.not_consistent": _("保存的那份摘要之后，留痕不只是增加"),
        "trail.set_back": _("留痕退回过：库外保存的散列比数据库中的多，或者后面的不同"),
        "trail.unreadable": _("留痕无法读取"),
    }
    parts = [f"{problem.code}: {words.get(problem.code, _('公布过的摘要签名不符'))}"]
    if problem.event is not None:
        parts.append(_("记录编号 {event}", event=problem.event))
    if problem.place is not None:
        parts.append(_("第 {place} 位", place=problem.place + 1))
    told = {name: value for name, value in problem.more.items() if name not in ("hash",)}
    if told:
        parts.append(" ".join(f"{name}={value}" for name, value in told.items()))
    return " · ".join(parts)
