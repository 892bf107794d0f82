"""TODO: what stands in model."""
