"""Entered versions and the lock."""
