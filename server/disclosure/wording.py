"""Words of the public results in the reader's language."""

from __future__ import annotations

from domain.disclosure import Showing, Why
from domain.results import RESULTS
from server.followup.wording import disposal_word
from server.i18n import translate as _
from server.inspections.wording import outcome_word, result_word, severity_word
from server.registry.items.wording import method_word


def showing_word(showing: Showing) -> str:
    """公开 …"""
    return {
        Showing.PUBLIC: _("公开"),
        Showing.MASKED: _("隐去个人信息后公开"),
        Showing.HIDDEN: _("不公开"),
    }[showing]


def why_word(why: Why) -> str:
    """Why it is shown or not."""
    return {
        Why.IDENTITY: _("说明是谁的检查结果"),
        Why.MATTER: _("说明谁查、查什么、依据什么、怎么查"),
        Why.RESULT: _("检查结果本身"),
        Why.CORRECTION: _("更正后公示的，说明何时更正、为什么"),
        Why.OUTCOME: _("后续处置结果"),
        Why.WORDS: _("自由填写的文字，可能写有个人信息"),
        Why.PERSON: _("个人信息"),
        Why.TRADE: _("经营数据，可能涉及商业秘密"),
        Why.EVIDENCE: _("照片、材料，可能拍到个人信息或商业秘密"),
        Why.INTERNAL: _("内部办理信息"),
    }[why]


WORDS = {
    "problem_codes": [one.code for one in RESULTS.values() if one.is_problem],
    "disposal_word": disposal_word,
    "method_word": method_word,
    "outcome_word": outcome_word,
    "result_word": result_word,
    "severity_word": severity_word,
    "showing_word": showing_word,
    "why_word": why_word,
}
__all__ = ["WORDS", "result_word"]
