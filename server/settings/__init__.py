"""What a county sets for itself, with the clause that leaves it open."""
