"""What is kept of a certificate and shown."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from aval.certificates.certificate import Certificate, CertificateUnreadable, serial_text
from local.issuing import REVOCATION_HOST
from tests.support import pki


def test_every_field_is_read() -> None:
    upload = pki.leaf(serial=0xABC, begins=pki.START, lifetime=timedelta(days=10))
    certificate = Certificate.from_der(upload)
    assert certificate.der == upload
    assert certificate.subject == f"CN=AGENTE DE TESTE LTDA,2.5.4.5={pki.COMPANY},O=ICP-Teste,C=BR"
    assert certificate.issuer == "CN=AC Titulares de Teste,O=ICP-Teste,C=BR"
    assert certificate.certifier == "ICP-Teste"
    assert certificate.serial_number == "0ABC"
    assert certificate.version == "3.0"
    assert (certificate.not_before, certificate.not_after) == (pki.START, pki.START + timedelta(days=10))
    assert certificate.holder_cnpj == pki.COMPANY
    assert certificate.crl_urls == (f"http://{REVOCATION_HOST}/titulares.crl",)
    assert certificate.authority_key == pki.truststore().named(certificate.issuer_key)[0].key_id


def test_an_issuer_without_organisation_is_named_by_its_common_name() -> None:
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "AC Sem Organização")])
    assert pki.certificate(issuer_name=issuer).certifier == "AC Sem Organização"


@pytest.mark.parametrize(("serial", "text"), [(0, "00"), (1, "01"), (255, "FF"), (256, "0100"), (-1, "-01")])
def test_a_serial_is_written_in_whole_octets(serial: int, text: str) -> None:
    assert serial_text(serial) == text


def test_a_damaged_certificate_is_not_read_back() -> None:
    with pytest.raises(CertificateUnreadable):
        Certificate.from_der(pki.leaf()[:-1])
