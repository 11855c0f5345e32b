"""告知: the notice of a result, how it reached the firm, and what the firm says to it."""
