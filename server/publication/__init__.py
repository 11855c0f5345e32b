"""The official platform and the publication of results."""
