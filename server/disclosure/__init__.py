"""What everybody may read of results: search, one firm's, one visit's, files to take along."""
