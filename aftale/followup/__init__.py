"""TODO: what stands in followup."""
