"""In which order processes that share the files of a run take them.

A browser's test waits for most of its time, any other computes for all of it. Folder by folder all
processes wait together first, and a quarter of the processors' time goes by unused.
"""

from __future__ import annotations

from itertools import chain, groupby, islice

import pytest

WAITING = "tests/e2e/"
BESIDE = 3  # files that compute, as long as one file of browsers takes


def mix(items: list[pytest.Item]) -> list[pytest.Item]:
    """The same tests, each file's together as they were: after a file that waits, some that
    compute."""
    files = [list(of_file) for _, of_file in groupby(items, file_of)]
    waiting = [one for one in files if file_of(one[0]).startswith(WAITING)]
    computing = iter([one for one in files if not file_of(one[0]).startswith(WAITING)])
    mixed = chain.from_iterable([one, *islice(computing, BESIDE)] for one in waiting)
    return list(chain.from_iterable(chain(mixed, computing)))


def file_of(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]
