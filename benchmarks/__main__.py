"""`make bench`: every figure as a ratio taken in one run, because the machine is shared and noisy."""

from benchmarks import attestation, certificate_judgement, cold_imports, import_reading, sealing, soap_pages

if __name__ == "__main__":
    soap_pages.report()
    import_reading.report()
    certificate_judgement.report()
    sealing.report()
    attestation.report()
    cold_imports.report()
