"""抽查事项清单: the item list, what it was claimed from, its guides and its publication."""
