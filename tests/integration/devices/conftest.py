"""A county on both databases and phones to use in it."""

from __future__ import annotations

from tests.integration.fieldsync.conftest import field, phone

__all__ = ["field", "phone"]
