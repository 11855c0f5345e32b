"""What the public of the demo county reported, and how far each is: made up, all of it."""

from __future__ import annotations

import io
from dataclasses import replace

from PIL import ExifTags, Image, ImageDraw

from domain.access import Actor
from domain.clues import ClueKind, Deed, StepKind
from server.accounts.service import find_department
from server.clues import service
from server.organisation.service import list_teams
from server.registry.service import find_firms

REPORTS = (
    service.Report(
        kind=ClueKind.SERVICE,
        what="打车去高铁站，司机不打表，说一口价 60 元，平时打表只要 25 元左右。不肯给发票。",
        happened="上周五晚 9 点多",
        place="泽源县汽车站出站口",
        firm_text="星火出租汽车",
    ),
    service.Report(
        kind=ClueKind.HAZMAT,
        what="每天早上六点前后有两辆罐车停在小学围墙外的路边，一停一个多小时，有刺鼻气味。",
        happened="每天早上 6 点前后",
        place="泽源县北环路小学东墙外",
        firm_text="晋E9002K",
        contact="附近居民，0000-5559001",
    ),
    service.Report(
        kind=ClueKind.UNLICENSED,
        what="有人在微信群里揽客跑县城到市区，五座小车，一人 20 元，没有营运证。",
        place="县医院门口",
        contact="0000-5559002",
    ),
    service.Report(
        kind=ClueKind.INSPECTORS,
        what="今天有一人自称运管所的来店里要求交“年检资料费”300 元，没有出示证件，我们没有给。",
        happened="今天上午",
        place="泽源县工业园一路",
        firm_text="",
        contact="店主，0000-5559003",
    ),
)
ANSWER = "经核查，该司机未按规定使用计价器情况属实，已责令企业整改并退还多收车费，感谢您的监督。"


def add_clues(actor: Actor) -> None:
    """Four: one ended with an answer, one assigned to a team, one transferred, one not accepted
    yet."""
    numbers = []
    for report in REPORTS:
        files = [io.BytesIO(_photo())] if report.kind is ClueKind.HAZMAT else []
        sent = replace(report, once=service.make_once(), files=files)
        numbers.append(service.receive(actor.jurisdiction_id, sent, "192.0.2.1").number)
    lines = service.list_clues(actor, service.Wanted()).rows
    found = {line.clue.number: line.clue.id for line in lines}
    fare, tanker, taxi, _impostor = (found[one] for one in numbers)
    home = find_department("tr")
    assert home is not None
    for clue, firm in ((fare, "星火出租"), (tanker, "晋E9002K")):
        _do(actor, clue, Deed(StepKind.ACCEPT))
        if firms := find_firms(actor, firm, 1):
            service.link_firm(actor, clue, firms[0].id, _revision(actor, clue))
    team = next(one.id for one in list_teams() if one.department_id == home.id)
    why = "涉及学校周边安全，请优先核查。"
    _do(actor, tanker, Deed(StepKind.ASSIGN, department_id=home.id, team_id=team, reason=why))
    _do(actor, fare, Deed(StepKind.FINISH, reason="已约谈企业并责令整改。", answer=ANSWER))
    _do(actor, taxi, Deed(StepKind.TRANSFER, body="市交通运输综合行政执法支队", reason="跨县。"))


def _do(actor: Actor, clue: int, deed: Deed) -> None:
    service.handle(actor, clue, deed, _revision(actor, clue))


def _revision(actor: Actor, clue: int) -> int:
    return service.get_clue(actor, clue).revision


def _photo() -> bytes:
    """A drawn tanker at a wall, with the place a camera would write."""
    image = Image.new("RGB", (960, 640), "#b9c7cf")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 420, 960, 640), fill="#6d6f70")
    draw.rectangle((0, 250, 960, 420), fill="#c98f6b")
    draw.rounded_rectangle((230, 300, 720, 470), 80, fill="#e4e6e8", outline="#555555", width=4)
    draw.rounded_rectangle((720, 330, 850, 480), 20, fill="#a33b2e")
    for x in (300, 400, 620, 790):
        draw.ellipse((x - 36, 450, x + 36, 522), fill="#222222")
    exif = Image.Exif()
    exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: (35.0, 31.0, 12.0), 3: "E", 4: (112.0, 24.0, 36.0)}
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80, exif=exif)
    return out.getvalue()
