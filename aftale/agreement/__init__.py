"""TODO: what stands in agreement."""
