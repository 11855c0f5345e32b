"""Who the county is made of: departments, teams, the leading group, experts and agencies."""
