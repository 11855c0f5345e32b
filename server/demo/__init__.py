"""The demo county: 泽源县, which does not exist, with the published plans and checklists."""
