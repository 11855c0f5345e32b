"""Annual plans and their tasks."""
