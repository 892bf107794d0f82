"""TODO: what stands in additions."""
