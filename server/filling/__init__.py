"""Filling a sheet on plain pages: the last resort where the field app does not run."""
