"""The file 案卷 of a visit: what belongs in, what is missing, one PDF, one ZIP to be checked."""
