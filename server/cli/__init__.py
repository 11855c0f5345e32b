"""``suicha``: the operator's door (DESIGN §10). One file per command group."""
