"""TODO: what stands in forms."""
