"""Bytes of photos: uploads by tus, what is stored, and what the rows say of it."""
