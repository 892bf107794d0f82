"""TODO: what stands in next_year."""
