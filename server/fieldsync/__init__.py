"""The protocol's host: ledger, receipts, rows, uploads."""
