"""What a recogniser and an encoder make of a preset on a pin: spoken, heard, learned, kept; a voice over time.

Imports the gate's prompts and what submits and makes them, registry and listening. `calibrate.py` is the door.
"""
