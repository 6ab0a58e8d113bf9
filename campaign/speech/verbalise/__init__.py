"""How each type of value is read aloud, by what the room of its language says."""
