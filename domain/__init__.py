"""Pure rules of 随查: standard library only, no I/O, no clock, no randomness, no environment."""
