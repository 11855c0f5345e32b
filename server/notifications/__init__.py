"""What leaves the system because something happened, at most once."""
