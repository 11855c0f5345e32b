"""The draw's documents for the file and the seal, as PDF, Word file and page to print."""
