"""One wire message, one small file. Unknown fields are refused, strings are NFC without NUL."""
