"""One visit to one firm, its team and its result sheets."""
