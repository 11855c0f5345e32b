"""Phones as the office sees them: whose still hold data, revocation, files of unsent work."""
