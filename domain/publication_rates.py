"""录入率 and 公示率 (R083, R084), and what a part of a visit waits for next.

Counted per part: one department's sheet of one visit, because each department enters and publishes
its own (谁检查、谁录入、谁公示). A corrected result counts again once its newest version is on the
platform and published: what the public reads must be what holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from typing import Final

from domain.deadlines import MetBy

_TENTH: Final = Decimal("0.1")


class Step(StrEnum):
    """What is to be done next, in the order of the work."""

    VISIT = "visit"
    ENTRY = "entry"
    RECEIPT = "receipt"
    PUBLICATION = "publication"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Part:
    """How far one department's part of a visit is. `version` is the one in force, 0 before entry;
    `receipted` and `published` are the newest versions with a receipt and a publication that
    stand, 0 for none."""

    is_ended: bool
    version: int = 0
    receipted: int = 0
    published: int = 0

    def is_entered(self, rule: MetBy) -> bool:
        """Entered here, or, where the platform counts, receipted in the version in force."""
        return self.version > 0 and (rule is MetBy.ENTERED or self.receipted >= self.version)

    def is_published(self, rule: MetBy) -> bool:
        """The version in force is published; of what does not count as entered nothing is."""
        return self.is_entered(rule) and self.published >= self.version

    @property
    def next_step(self) -> Step:
        """The first thing that is still to be done."""
        if self.version == 0:
            return Step.ENTRY if self.is_ended else Step.VISIT
        if self.receipted < self.version:
            return Step.RECEIPT
        return Step.PUBLICATION if self.published < self.version else Step.DONE

    def lacks(self, step: Step, rule: MetBy) -> bool:
        """Whether this part is on the list of what is missing at `step`: the list is exactly what
        keeps the rate of that step below 100 %."""
        match step:
            case Step.VISIT:
                return not self.is_ended
            case Step.ENTRY:
                return self.is_ended and not self.is_entered(rule)
            case Step.RECEIPT:
                return self.version > 0 and self.receipted < self.version
            case Step.PUBLICATION:
                return self.is_entered(rule) and not self.is_published(rule)
            case Step.DONE:
                return False


@dataclass(frozen=True, slots=True)
class Rates:
    """Numbers of parts: drawn ≥ ended ≥ entered ≥ published."""

    drawn: int = 0
    ended: int = 0
    entered: int = 0
    published: int = 0
    without_receipt: int = 0

    @property
    def entry_rate(self) -> Decimal | None:
        """录入率: entered ÷ ended. What has not been visited yet cannot be entered."""
        return share(self.entered, self.ended)

    @property
    def publication_rate(self) -> Decimal | None:
        """公示率: published ÷ entered."""
        return share(self.published, self.entered)

    @property
    def drawn_rate(self) -> Decimal | None:
        """公示率 over everything drawn (part 7, row 22): at the year's end it is what counts."""
        return share(self.published, self.drawn)


def count_rates(parts: Mapping[Part, int], rule: MetBy) -> Rates:
    """Of the parts of a task, a department, an officer or the county: how far → how many."""
    drawn = ended = entered = published = without_receipt = 0
    for part, count in parts.items():
        drawn += count
        ended += count * part.is_ended
        entered += count * part.is_entered(rule)
        published += count * part.is_published(rule)
        without_receipt += count * part.lacks(Step.RECEIPT, rule)
    return Rates(drawn, ended, entered, published, without_receipt)


def share(part: int, whole: int) -> Decimal | None:
    """In percent with one decimal, rounded down: 100 means all of them, never nearly all. None
    where there is nothing to count. Raises ValueError for a part beyond the whole."""
    if not 0 <= part <= whole:
        raise ValueError(f"{part} of {whole}")
    if whole == 0:
        return None
    return (Decimal(100 * part) / whole).quantize(_TENTH, ROUND_DOWN)
