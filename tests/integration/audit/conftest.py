"""A county on both databases."""

from __future__ import annotations

from tests.integration.fieldsync.conftest import field, phone

__all__ = ["field", "phone"]
