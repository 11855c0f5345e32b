"""Reports of the office: what is counted, and the forms it is printed on (R100–R108)."""
