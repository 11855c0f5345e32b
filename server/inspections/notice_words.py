"""The words of the notice to the firm (R056, R057), in one place for the page, the PDF and the Word
file. The phone has the same in ``pwa/app/i18n``; tests/integration/inspections/test_papers.py
compares."""

from __future__ import annotations

from server.i18n import translate as _


def notice_title() -> str:
    """What stands above it."""
    return _("“双随机、一公开”检查告知书")


def notice_opening(departments: str) -> str:
    """The sentence after the firm's name."""
    return _("{department}依法对你单位进行随机抽查，现将有关事项告知如下：", department=departments)


def notice_sections(sections: list[tuple[str, int]]) -> list[str]:
    """What will be checked: titles of lists with their number of items."""
    return [_("{title}（{n} 项）", title=title, n=count) for title, count in sections]


def notice_officer(name: str, cert_no: str, department: str) -> str:
    """One officer who is sent."""
    return name + _("，执法证号 {no}", no=cert_no) + _("，") + department


def papers_to_prepare() -> str:
    """What the firm is asked to have at hand."""
    return _("营业执照、经营许可证件、从业人员和车辆档案、与检查事项有关的台账和记录。")


def firm_rights() -> list[str]:
    """To refuse, to have officers recused, to state and defend, to secrecy and complaint."""
    return [
        _("检查人员少于 2 人，或者不出示执法证件的，有权拒绝检查。"),
        _("认为检查人员与本单位有直接利害关系的，有权申请其回避。"),
        _("有权陈述、申辩，意见将如实记入检查记录。"),
        _("有权要求对商业秘密保密，有权投诉举报违法违规的检查行为。"),
    ]


def firm_duty() -> str:
    """To cooperate."""
    return _("应当如实提供有关资料、配合检查，不得拒绝、阻挠，不得隐瞒有关情况。")
