"""What follows from the problems found: cases, closing a visit, revisits."""
