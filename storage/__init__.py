"""Rows and bytes; knows nothing of speech."""
