"""TODO: what stands in office."""
