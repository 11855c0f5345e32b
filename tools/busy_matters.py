"""What goes wrong in a busy week: corrections in every state, two versions of one answer, work of
somebody without the right to it, phones that hold data, lost numbers, were revoked or wiped."""

from __future__ import annotations

import io
from typing import Any

from tools.busy_county import County, Phone, draw_evidence

# a name written in a hurry
DRAWN = [
    [[40, 30, 0], [92, 24, 80], [60, 52, 160], [36, 88, 260]],
    [[66, 48, 420], [104, 84, 560]],
    [[128, 34, 700], [188, 30, 800], [150, 66, 900], [132, 92, 1000], [196, 88, 1120]],
    [[220, 28, 1300], [224, 96, 1460]],
    [[204, 58, 1600], [262, 50, 1720]],
]


class OfficerPhone(Phone):
    """The phone of one officer who works in one visit, rightly or not."""

    def __init__(self, county: County, account: str, inspection_id: int) -> None:
        super().__init__(county, account)
        self.account, self.space = account, f"insp:{inspection_id}"

    def answer(self, item: str, fields: dict[str, Any]) -> None:
        """Fills in an item without having seen what others filled in."""
        self.make(self.space, "answer.set", f"answer:tr/{item}", fields)

    def ask(self, item: str, **fields: Any) -> str:
        """Asks for a correction on purpose; answers the proposal's id."""
        told = {"reason": "复核时发现记录有误", **fields}
        self.make(self.space, "correction.propose", f"answer:tr/{item}", told, base={})
        found = self.push()[0]
        assert found["status"] == "applied", found
        return str(found["proposal"])

    def say_wiped(self) -> None:
        """Reports that it has deleted its records."""
        sealed = {"Authorization": f"SuichaPush {self.credential}"}
        told = self.county.app.test_client().post(
            f"/api/v1/devices/{self.device}/wiped", headers=sealed
        )
        assert told.status_code == 204, told.get_json()


def _phone_of(county: County, inspection_id: int, place: int) -> OfficerPhone:
    """Another phone of an officer of the transport team."""
    with county.desk():
        from server.inspections.service import get_inspection, get_sheet

        found = get_inspection(county.actor("ducha"), inspection_id)
        department_id = get_sheet(found, "tr").department_id
        team = [one for one in found.team if one.department_id == department_id]
        account = county.account_of(team[place].officer.name)
    return OfficerPhone(county, account, inspection_id)


def _stranger_to(county: County, inspection_id: int) -> str:
    """An inspector of the bureau who is not on that team."""
    with county.desk():
        from server.accounts.service import list_people
        from server.inspections.service import get_inspection

        found = get_inspection(county.actor("ducha"), inspection_id)
        team = {one.officer.name for one in found.team}
        accounts = [one.account for one in list_people() if one.name not in team]
        return next(one for one in accounts if one.startswith("jiancha"))


def add_matters(county: County, entered: int, submitted: int, under_way: int) -> None:
    """Corrections on the entered visit, disputes on the two others, and their phones."""
    officer = _phone_of(county, entered, 1)
    _correct(county, officer)
    _dispute(county, submitted, "FRT-02", {"value": {"checked": 5, "failed": 3}})
    _dispute(county, under_way, "FRT-01", {"value": "fail", "note": "经营范围与实际不符"})
    _stray(county, under_way)
    _phones(county, under_way)


def _correct(county: County, officer: OfficerPhone) -> None:
    """One order in every state; two on the same answer, of which the later one is out of date."""
    ask = officer.ask
    ask("PAX-04", note="补记：2 号车灭火器压力表指针偏低，已当场更换")
    endorsed = ask("PAX-05", note="驾驶员姓名应为“郭守正”")
    refused = ask("PAX-06", note="数量有误，应为 7 台")
    dropped = ask("PAX-07", note="重复记录")
    first = ask("PAX-08", note="台账日期应为 3 月 27 日")
    ask("PAX-08", note="台账日期应为 3 月 28 日")
    _decide(county, endorsed, "endorse", "fenguan")
    _decide(county, refused, "refuse", "zhuyao", "现场照片显示 6 台，与原记录一致。")
    _decide(county, first, "approve", "zhuyao", "经核对台账原件，情况属实。")
    with county.desk():
        from server.corrections.service import drop

        drop(county.actor(officer.account), dropped)
    _ask_on_page(county, officer)


def _ask_on_page(county: County, officer: OfficerPhone) -> None:
    """Two entries in one order, with a photo of the ledger; it waits for the head."""
    from server.corrections.evidence import Paper, keep_papers
    from server.corrections.requesting import FIELDS, Wanted, request_correction, view_request

    said = {"PAX-01": "许可证副本有效期应为 2027 年 6 月 30 日", "PAX-02": "应为抽查 6 台"}
    inspection_id = int(officer.space.partition(":")[2])
    with county.desk():
        actor = county.actor(officer.account)
        known = view_request(actor, inspection_id, "tr").items
        wanted = [
            Wanted(code, {**{one: known[code].fields.get(one) for one in FIELDS}, "note": note},
                   known[code].heads)
            for code, note in said.items()
        ]  # fmt: skip
        paper = Paper(io.BytesIO(draw_evidence("ledger", 1)), "许可证副本和车辆台账.jpg")
        reason = "录入时把上一年度的数字抄了过来，复核许可证副本和车辆台账后发现。"
        request_correction(actor, inspection_id, "tr", wanted, reason, keep_papers([paper]))


def _decide(county: County, proposal: str, step: str, account: str, reason: str = "") -> None:
    from server.corrections import service

    with county.desk():
        actor = county.actor(account)
        told: dict[str, Any] = {"reason": reason} if reason else {}
        told["signature"] = service.Signature(DRAWN, (300, 120))
        heads = service.get_order(actor, proposal).heads
        do = getattr(service, step)
        do(actor, proposal, password=county.password, against=heads, address="10.0.0.2", **told)


def _dispute(county: County, inspection_id: int, item: str, fields: dict[str, Any]) -> None:
    """The second officer filled in the same item without having seen the first one's answer."""
    officer = _phone_of(county, inspection_id, 1)
    officer.answer(item, fields)
    assert officer.push()[0]["status"] == "conflict"


def _stray(county: County, inspection_id: int) -> None:
    """Work of an officer who is not on the team: two pieces open, one refused by the lead."""
    from server.corrections.strays import refuse_stray

    stranger = OfficerPhone(county, _stranger_to(county, inspection_id), inspection_id)
    for item, note in (("FRT-12", "安全员培训档案缺 2 人"), ("FRT-13", "应急预案未演练")):
        stranger.answer(item, {"value": "fail", "note": note})
    stranger.answer("FRT-08", {"note": "听门卫说，未见实物"})
    told = stranger.push()
    assert [one["status"] for one in told] == ["forbidden"] * 3, told
    with county.desk():
        refuse_stray(county.actor("zuzhang"), told[2]["proposal"], "无凭据，不予采用。")


def _phones(county: County, inspection_id: int) -> None:
    from server.devices import service as devices

    stranger = _stranger_to(county, inspection_id)
    holder = _phone_of(county, inspection_id, 1)
    holder.push(
        unsent=12,
        photos_waiting=4,
        attention=1,
        clock_offset_ms=-312_000,
        free_bytes=48_000_000,
        persisted=False,
        label="小米 13（备用）",
    )
    gap = OfficerPhone(county, stranger, inspection_id)
    for seq, item in ((4, "FRT-12"), (5, "FRT-13")):
        gap.answer(item, {"value": "pass"})
        gap.ops[-1]["seq"] = seq
    told = gap.offer(unsent=0, photos_waiting=0, free_bytes=9_400_000_000, persisted=True)
    assert told.get_json()["error"]["code"] == "sync.sequence_gap"
    bad = OfficerPhone(county, stranger, inspection_id)
    bad.make(bad.space, "device.lost", f"device:{bad.device}", {"seq": 1})
    bad.push(unsent=3, photos_waiting=1, persisted=True)
    gone = OfficerPhone(county, stranger, inspection_id)
    gone.push(unsent=0, photos_waiting=0, free_bytes=20_300_000_000, persisted=True)
    with county.desk():
        admin = county.actor("guanli")
        for one, reason in ((bad, "手机在检查途中遗失"), (gone, "换机，旧手机交回")):
            devices.revoke_phone(admin, one.device, reason)
            devices.order_wipe(admin, one.device)
    gone.say_wiped()
