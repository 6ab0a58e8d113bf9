"""Rows of what is registered: presets, pins and channels, lexicons, gates. Immutable; records are appended.

Imports the tables and the clock; neither the queue nor history.
"""
