"""Aval on one machine: the synthesised templates in an emulator, behind the TLS that AWS would give."""
