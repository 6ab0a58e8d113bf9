"""Engines: spoken text in, waveforms out. One engine, one place; `engine.py` says what every engine is.

Imports errors, and neither storage nor dramatiq (enforced); each engine's own libraries load inside functions.
"""
