"""TODO: what stands in intake."""
