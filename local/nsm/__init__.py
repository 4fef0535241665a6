"""A simulated Nitro Security Module: what the hardware does, under a root of this machine's own."""
