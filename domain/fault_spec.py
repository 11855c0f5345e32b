"""One line of the fault catalogue."""

from typing import NamedTuple


class FaultSpec(NamedTuple):
    """`code` is stable (`noun.fault`), `status` the HTTP status, `zh` and `en` are templates."""

    code: str
    status: int
    zh: str
    en: str
