"""Firms, officers, the item list and its checklists (一单两库)."""
