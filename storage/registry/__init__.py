"""Rows of what is registered: presets, pins and channels, lexicons, gates. Immutable; records are appended."""
