"""How each term of a county stands, read from the tables of the subjects it is about."""
