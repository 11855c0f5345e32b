"""The draw of firms and officers."""
