"""Everything after synthesis: join, trim, gain, check, encode, tag."""
