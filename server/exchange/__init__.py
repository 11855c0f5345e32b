"""Files in and out of the registers: import with preview and undo, templates, exports."""
