"""Measures a real server over HTTP: `make bench` or `python -m bench`. Not part of any test."""
