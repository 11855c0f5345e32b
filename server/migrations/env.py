"""Alembic's environment: the connection is handed in by ``server.schema``."""

from __future__ import annotations

from alembic import context

import server.models  # noqa: F401  (fills the metadata)
from server.db import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    compare_type=True,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
