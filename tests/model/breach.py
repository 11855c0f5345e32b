"""An invariant that did not hold. The mutants are told apart by its name."""

from __future__ import annotations


class Breach(AssertionError):
    """``invariant`` is the number in docs/protocol part 11 (``I2``)."""

    def __init__(self, invariant: str, what: str) -> None:
        super().__init__(f"{invariant}: {what}")
        self.invariant = invariant


class Crash(BaseException):
    """The server dies here: no handler of ours catches it, only the transaction's rollback."""
