"""TODO: what stands in merge."""
