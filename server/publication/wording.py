"""Words for what a part of a visit waits for."""

from __future__ import annotations

from decimal import Decimal

from domain.publication_rates import Step
from server.i18n import translate as _


def step_word(step: Step) -> str:
    """What is to be done next."""
    return {
        Step.VISIT: _("检查未结束"),
        Step.ENTRY: _("待录入"),
        Step.RECEIPT: _("待登记回执"),
        Step.PUBLICATION: _("待登记公示"),
        Step.DONE: _("已公示"),
    }[step]


def list_word(step: Step) -> str:
    """What a list of missing parts is called: a part may lack several things at once."""
    return {
        Step.VISIT: _("检查未结束"),
        Step.ENTRY: _("未录入"),
        Step.RECEIPT: _("缺回执"),
        Step.PUBLICATION: _("未公示"),
    }.get(step, "")


def percent(rate: Decimal | None) -> str:
    """``98.7%``, ``100%``; a dash where there is nothing to count."""
    return "—" if rate is None else f"{rate.normalize():f}%"
