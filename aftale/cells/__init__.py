"""TODO: what stands in cells."""
