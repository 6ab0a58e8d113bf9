"""The gate: a candidate pin measured and heard against a baseline before a channel may point at it.

The sides are campaigns like any other, made by the way that sends. Imports operations and what stands below it; never
another of its floor (rerender, preview).
"""
