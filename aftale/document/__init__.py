"""TODO: what stands in document."""
