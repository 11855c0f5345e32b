"""Monthly reports, summary tables and their dates (R100–R108)."""
