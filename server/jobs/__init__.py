"""What is done by the clock, without anybody asking: each job a row, run once for each due time."""
