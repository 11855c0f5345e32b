"""Throttled sign-in, counted in the database so that all processes count together.

Failures are counted per account and per address inside a window; beyond the limit every answer is
the same refusal as for a wrong password (nobody learns whether the account exists or is locked).
What is tried meanwhile is not counted: the waiting ends with the window of the failures before it.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, select

from server.accounts.models import SignInAttempt
from server.db import db, unit_of_work
from server.runtime import now, runtime

ADDRESS_FACTOR = 10  # a whole bureau may sit behind one address
DOOR_FACTOR = 3  # of a code of forty bits some two thousand tries a day


def is_throttled(account: str, address: str) -> bool:
    """Whether this account or this address has failed too often within the window."""
    limit = runtime().config.sign_in_attempts
    return _count(_account_key(account)) >= limit or is_address_throttled(address)


def is_address_throttled(address: str) -> bool:
    """Whether this address alone has failed too often."""
    limit = runtime().config.sign_in_attempts * ADDRESS_FACTOR
    return _count(_address_key(address)) >= limit


def count_failure(account: str, address: str) -> None:
    """Adds one failure to both counters and forgets those outside the window."""
    count_failure_of_address(address)
    db.session.add(SignInAttempt(key=_account_key(account), at=now()))


def count_failure_of_address(address: str) -> None:
    """Adds one failure to the address's counter and forgets those outside the window."""
    at = now()
    oldest = at - timedelta(seconds=runtime().config.sign_in_window_seconds)
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.at <= oldest))
    db.session.add(SignInAttempt(key=_address_key(address), at=at))


def is_door_throttled(address: str) -> bool:
    """Whether this address has typed too many codes of no visit; signing in is another matter."""
    limit = runtime().config.sign_in_attempts * DOOR_FACTOR
    return _count(_door_key(address)) >= limit


def count_door_failure(address: str) -> None:
    """Adds one code of no visit."""
    db.session.add(SignInAttempt(key=_door_key(address), at=now()))


def take_turn_to_keep(whose: str) -> bool:
    """Whether one more file may be kept that nobody named yet, and counts it: who is refused
    chooses another photo now and then, but nobody's form is a store for files."""
    limit = runtime().config.sign_in_attempts
    if _count(key := f"file:{whose[:64]}") >= limit:
        return False
    with unit_of_work() as work:
        work.add(SignInAttempt(key=key, at=now()))
    return True


def forget_failures(account: str) -> None:
    """A right password clears the account's counter, not the address's."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.key == _account_key(account)))


def _count(key: str) -> int:
    since = now() - timedelta(seconds=runtime().config.sign_in_window_seconds)
    query = select(func.count()).select_from(SignInAttempt)
    return db.session.scalar(query.where(SignInAttempt.key == key, SignInAttempt.at > since)) or 0


def _account_key(account: str) -> str:
    return f"account:{account.strip().lower()[:64]}"


def _door_key(address: str) -> str:
    return f"door:{address[:64]}"


def _address_key(address: str) -> str:
    return f"address:{address[:64]}"
