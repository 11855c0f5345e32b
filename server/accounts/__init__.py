"""People, their roles, sessions and devices."""
