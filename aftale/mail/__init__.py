"""TODO: what stands in mail."""
