"""Which number and words an official platform takes for a result (R082, R086; domain research 3.1).

The national form has eight results; their numbers differ from platform to platform. A county sets
what its platform takes (`platform.result_codes`), and as what its local values leave
(`platform.local_results`).
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from domain.result_codes import EXPORTED_AS, RESULTS, LocalResult


class PlatformResult(NamedTuple):
    """As the platform names it. `number` is text: some platforms use letters."""

    number: str
    text: str


class PlatformResults(NamedTuple):
    """The county's two tables. `own` maps a national code to the platform's result, `local` a local
    value to the national code under which it leaves."""

    own: Mapping[int, PlatformResult]
    local: Mapping[LocalResult, int]

    @classmethod
    def read(cls, codes: Mapping[str, Any], local: Mapping[str, Any]) -> Self:
        """From the stored settings; what is left out keeps the national number, the national words
        or the default of `EXPORTED_AS`."""
        own = {
            code: PlatformResult(
                str(codes.get(str(code), {}).get("number") or code),
                str(codes.get(str(code), {}).get("text") or result.zh),
            )
            for code, result in RESULTS.items()
        }
        return cls(
            own, {one: int(local.get(one.value) or code) for one, code in EXPORTED_AS.items()}
        )

    def code_of(self, code: int, local: LocalResult | None = None) -> int:
        """The national code under which a result leaves: a local value by its own line."""
        return code if local is None else self.local[local]

    def name(self, code: int) -> PlatformResult:
        """Raises KeyError for a code outside 1–8."""
        return self.own[code]
