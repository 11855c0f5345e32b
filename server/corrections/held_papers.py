"""Papers of a request that was refused: what was chosen need not be chosen again. The bytes are
kept under their hash; the page carries a voucher for each, which only the server could have made,
for this person alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.access import Actor
from domain.errors import Fault, fault, message
from server.corrections.evidence import MAX_PAPERS, KeptPaper, Paper, keep_papers
from server.fieldsync import service as fieldsync
from server.i18n import current_locale
from server.i18n import translate as _

PURPOSE = "correction evidence"


@dataclass(frozen=True, slots=True)
class Taken:
    """``kept`` can be handed in, ``refused`` says why others cannot, ``words`` the same with their
    names."""

    kept: tuple[KeptPaper, ...]
    refused: tuple[Fault, ...]
    words: tuple[str, ...]

    def vouchers(self, actor: Actor) -> list[tuple[str, str]]:
        """(voucher, name) of each that was kept."""
        return [
            (fieldsync.make_voucher(actor, PURPOSE, one.document.sha256, one.name), one.name)
            for one in self.kept
        ]


def take_papers(actor: Actor, vouchers: Sequence[str], sent: Sequence[Paper]) -> Taken:
    """What an earlier, refused sending brought, then what came with this one; the same bytes once.
    Each is judged by itself: one that cannot be read takes no other with it."""
    kept: dict[str, KeptPaper] = {}
    refused: list[Fault] = []
    words = []
    for voucher in vouchers[:MAX_PAPERS]:
        known = _redeem(actor, voucher)
        if known is not None:
            kept.setdefault(known.document.sha256, known)
    for one in sent[: MAX_PAPERS + 1]:
        try:
            (paper,) = keep_papers([one])
        except Fault as told:
            said = message(told.code, current_locale(), told.details)
            refused.append(told)
            words.append(_("{name}：{why}", name=one.name, why=said))
        else:
            kept.setdefault(paper.document.sha256, paper)
    if len(kept) > MAX_PAPERS or len(sent) > MAX_PAPERS:
        many = fault("correction.too_many_papers", max=MAX_PAPERS)
        refused.append(many)
        words.append(message(many.code, current_locale(), many.details))
    return Taken(tuple(kept.values()), tuple(refused), tuple(words))


def _redeem(actor: Actor, voucher: str) -> KeptPaper | None:
    known = fieldsync.redeem_voucher(actor, PURPOSE, voucher)
    return KeptPaper(*known) if known is not None else None
