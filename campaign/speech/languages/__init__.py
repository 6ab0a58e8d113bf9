"""Which language a piece of text is in, where its sentences end, and how its tags are read."""
