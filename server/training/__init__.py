"""培训: who was trained in what, when and by whom (R119), and before which draw (R120)."""
