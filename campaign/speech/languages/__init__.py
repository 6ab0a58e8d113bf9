"""Which language a piece of text is in, and where its sentences end."""
