"""Benchmarks: each prints a table, then one JSON line. Run as `python -m benchmarks.NAME [--quick]`."""
