"""Recordings, references, clips, consent. Voices are synthesised: nobody's."""
