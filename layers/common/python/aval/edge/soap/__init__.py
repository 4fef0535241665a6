"""SOAP 1.1 as CCEE's clients speak it: envelopes read and written, faults, and the services' descriptions."""
