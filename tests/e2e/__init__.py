"""Tests through a real browser and real processes."""
