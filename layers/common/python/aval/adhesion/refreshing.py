"""Which revocation lists are wanted: those that the certificates in service name."""

from datetime import datetime

from aval.adhesion.store import AdhesionStore
from aval.certificates.refreshing import Outcome, RevocationFetcher, RevocationIntake


def refresh_lists(
    store: AdhesionStore, intake: RevocationIntake, fetcher: RevocationFetcher, *, at: datetime
) -> tuple[Outcome, ...]:
    urls = {
        url
        for company in store.companies_in_service()
        for certificate in store.load(company).certificates
        for url in certificate.facts.crl_urls
    }
    return intake.refresh(urls, fetcher=fetcher, at=at)
