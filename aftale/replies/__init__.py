"""TODO: what stands in replies."""
