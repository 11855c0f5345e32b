"""Verified backups, the marks phones get from them, and restoring."""
