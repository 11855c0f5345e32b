"""The bell's own tables, of which a new installation has none."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from server.config import Config
from server.jobs.bell import open_bell
from tests.integration.fieldsync.test_at_once import at_once
from tests.integration.jobs.conftest import bell_of


@pytest.mark.both
def test_workers_that_start_at_once_on_a_new_database_find_one_bell(
    database_url: str, tmp_path: Path
) -> None:
    jobs_url = bell_of(database_url)
    config = Config(tmp_path, database_url, "secret-of-a-test" * 4, jobs_url=jobs_url)
    bells = at_once(*(partial(open_bell, config) for _ in range(8)))
    bells[0].storage.enqueue(b"once")
    assert [bell.storage.queue_size() for bell in bells] == [1] * 8
    for bell in bells:
        bell.storage.close()
