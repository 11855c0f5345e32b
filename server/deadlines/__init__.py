"""The working-day calendar and the board."""
