"""What was found, counted; what stands out; and how the county stands by its indicators."""
