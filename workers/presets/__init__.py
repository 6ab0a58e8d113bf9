"""Speaker presets: what decides a voice's sound, and the ones that ship."""
