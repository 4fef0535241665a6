"""Which revocation lists are wanted: those that the certificates in service name."""

from datetime import datetime
from typing import Final

from aval.adhesion.store import AdhesionStore
from aval.certificates.refreshing import Outcome, RevocationFetcher, RevocationIntake

_COMPANIES_AT_ONCE: Final = 50


def refresh_lists(
    store: AdhesionStore, intake: RevocationIntake, fetcher: RevocationFetcher, *, at: datetime
) -> tuple[Outcome, ...]:
    companies = list(store.companies_in_service())
    urls = {
        url
        for start in range(0, len(companies), _COMPANIES_AT_ONCE)
        for adhesion in store.load_many(companies[start : start + _COMPANIES_AT_ONCE]).values()
        for certificate in adhesion.certificates
        for url in certificate.facts.crl_urls
    }
    return intake.refresh(urls, fetcher=fetcher, at=at)
