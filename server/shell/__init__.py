"""The field app's shell, its assets and the shared static files."""
