"""The board's questions to the database: what is asked for, the parts it means, what is told."""
