"""What the public reports, and what becomes of it."""
