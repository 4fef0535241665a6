"""`make bench`: every figure as a ratio taken in one run, because the machine is shared and noisy."""

from benchmarks import certificate_judgement, cold_imports

if __name__ == "__main__":
    certificate_judgement.report()
    cold_imports.report()
