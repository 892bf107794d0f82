"""TODO: what stands in units."""
