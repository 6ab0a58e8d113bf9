"""The parts: each a function of the bench, telling its measurements as it goes."""
