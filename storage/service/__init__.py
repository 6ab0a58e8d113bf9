"""Rows that only the HTTP service has: keys of callers, uploads on their way.

Imports the tables; neither the queue nor the registry.
"""
