"""Whether a county's trail still reaches as far as the hashes kept beside the database say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from server.audit.findings import County, Problem, Root
from server.audit.kept_leaves import count_signed

SET_BACK = "trail.set_back"
RESTORED = "backup.restored"


def check_ends(
    county: County, roots: Sequence[Root], files: Sequence[Sequence[bytes]]
) -> Iterator[Problem]:
    """Each file that goes on, or goes on otherwise, where neither the roots nor the leaves of the
    database follow it: somebody set the database back. ``roots`` are what was signed."""
    for kept in files:
        pairs = zip(kept, county.leaves, strict=False)
        agreed = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1].hash, pairs))
        # a file that the roots bear out to its end is right, and the leaves are not: told elsewhere
        if agreed < len(kept) and count_signed(kept, roots) < len(kept):
            told = {"kept": len(kept), "restored": agreed, "last": kept[-1].hex()}
            yield Problem(SET_BACK, county.code, more=told)


def list_restored(county: County) -> set[str]:
    """The last hashes of the files of which an entry of this county says that a backup was restored
    under them."""
    found = set[str]()
    for event in county.events.values():
        details = event.entry.get("details")
        if event.is_as_written and event.entry["action"] == RESTORED and isinstance(details, dict):
            told = details.get("trail_last")
            found.update(str(one) for one in (told if isinstance(told, list) else ()))
    return found
