"""Correction orders: the only way back from the lock."""
