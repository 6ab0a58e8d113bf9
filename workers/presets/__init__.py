"""Speaker presets: what decides a voice's sound, how a recording becomes one, and the ones that ship.

Imports measure, engines, and of finish the loudness; of storage a preset's records as plain types. Whoever keeps a
preset is above.
"""
