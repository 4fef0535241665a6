"""The enclave on one machine: its image built, measured and released, its processes beside one another."""
