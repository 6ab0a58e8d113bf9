"""The gate: a candidate pin measured and heard against a baseline before a channel may point at it."""
