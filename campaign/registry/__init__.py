"""What is registered, versioned and immutable: presets, pins, channels, lexicons; and which of them a brief means.

`shipped.py` registers what comes with the program, once; `voice.py` chooses a preset and a pin. Imports brief and what
stands below it, workers' engines and presets, and the rows of `storage/registry`.
"""
