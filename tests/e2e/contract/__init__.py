"""A small stack of its own, on which the emulator and the edge are held to what AWS does."""
