"""TODO: what stands in kse."""
