"""The checklists' editor: drafts, what a draft changes, and how a list looks on the phone."""
