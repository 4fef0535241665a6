"""`make bench`: every figure as a ratio taken in one run, because the machine is shared and noisy."""

from benchmarks import (
    attestation,
    certificate_judgement,
    cold_imports,
    import_reading,
    lote_cost,
    lote_work,
    page,
    sealing,
    soap_pages,
)

if __name__ == "__main__":
    lote_work.report()
    lote_cost.report()
    soap_pages.report()
    import_reading.report()
    certificate_judgement.report()
    sealing.report()
    attestation.report()
    cold_imports.report()
    page.report()
