"""The engine `pocket`."""
