"""The operator's door: the `suicha` command (DESIGN §10)."""
