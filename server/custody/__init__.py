"""Custody receipts: the server's signed word on what it has of an inspection (protocol 13.9)."""
