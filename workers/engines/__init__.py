"""Engines: spoken text in, waveforms out. One engine, one place; `engine.py` says what every engine is."""
