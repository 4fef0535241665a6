"""Certificates out of force, as the platform itself comes to hold them: one ended, one revoked."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import expect

from tests.browser.adhesion_files import COMPANY, PASSWORD, SIGLA, Files
from tests.browser.test_adhesion import choose, conclude, staged
from tests.browser.visits import Look, SignedIn
from tests.support.agents import ANA, Person, certificate, hierarchy_in, offered
from tests.support.stack import Stack

LIVES_SECONDS: Final = (5, 20, 80)
"""Of a certificate that is to end soon: the machine that needs longer to enrol it takes the next."""
WITHIN_SECONDS: Final = 60.0


def enrolled(stack: Stack, ana: Person) -> dict[str, Any]:
    """Both certificates in force, one of them not for long; the other one as it is told."""
    lasting, before = certificate(stack, "MOINHO QUE PERDE", cnpj=COMPANY), ana.fingerprints(COMPANY)
    for seconds in LIVES_SECONDS:
        lifetime = timedelta(hours=1, seconds=seconds)
        begins = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
        ending = certificate(stack, "MOINHO QUE VENCE", cnpj=COMPANY, begins=begins, lifetime=lifetime)
        files = [offered(lasting, "perde.cer"), offered(ending, "vence.cer")]
        answer = ana.change(COMPANY, senha=PASSWORD, adicionar=files, excluir=before)
        if answer.status == 200:
            break
        assert {fault["rule"] for fault in answer.json()["errors"]} == {"validade"}, answer.body
    assert answer.status == 200, "no life was long enough"
    held: list[dict[str, Any]] = answer.json()["certificados"]
    return max(held, key=lambda one: str(one["validade"]))


def out_of_force(stack: Stack, ana: Person, lasting: dict[str, Any]) -> None:
    """Let the one end, and have the other one revoked by who issued it."""
    issuing, now = hierarchy_in(stack.hierarchy).issuing, datetime.now(UTC).replace(microsecond=0)
    revoked = issuing.revoke([int(lasting["numeroSerie"], 16)], begins=now, lifetime=timedelta(days=2))
    bucket = stack.outputs["TrustBucketName"]
    stack.client("s3").put_object(Bucket=bucket, Key="lcr/entrada/ac-titulares.crl", Body=revoked)
    states: list[str] = []
    for _ in moments():
        recheck = stack.client("lambda").invoke(FunctionName="aval-recheck-revocations", Payload=b"{}")
        assert "FunctionError" not in recheck, recheck["Payload"].read()
        states = sorted(one["status"] for one in ana.read(COMPANY)["certificados"])
        if states == ["REVOGADO", "VENCIDO"]:
            return
    raise AssertionError(states)


def moments() -> Iterator[None]:
    deadline = time.monotonic() + max(LIVES_SECONDS) + WITHIN_SECONDS
    while time.monotonic() < deadline:
        yield
        time.sleep(0.2)


def test_certificates_that_ended_or_were_revoked_are_told_and_give_way_to_a_new_one(
    stack: Stack, tmp_path: Path, page_signed_in: SignedIn, look: Look
) -> None:
    ana = Person.logged_in(stack, ANA)
    out_of_force(stack, ana, enrolled(stack, ana))

    page = page_signed_in(ANA, "/empresas")
    page.get_by_label("Status", exact=True).select_option("Vencido ou revogado")
    row = page.get_by_role("row", name=SIGLA)
    expect(row).to_contain_text("Vencido")
    look(page, "adesao-empresas-vencido")
    row.get_by_role("link", name="Atualizar cadastro").click()
    expect(page.get_by_text("Nenhum certificado desta empresa está em vigor")).to_be_visible()
    rows = page.get_by_role("region", name="Certificados existentes").get_by_role("row")
    for name, state in (("perde.cer", "Revogado"), ("vence.cer", "Vencido")):
        expect(rows.filter(has_text=name)).to_contain_text(state)
    look(page, "adesao-vencido-e-revogado")

    for name in ("perde.cer", "vence.cer"):
        page.get_by_role("button", name=f"Excluir {name}").click()
    choose(page, Files(stack, tmp_path).good("novo"))
    expect(staged(page, "novo.cer")).to_contain_text("Aceito")
    conclude(page)
    expect(page.get_by_text("Solicitação concluída com sucesso.")).to_be_visible()
    expect(rows.filter(has_text="novo.cer")).to_contain_text("Vigente")
    page.get_by_role("link", name="Histórico").click()
    told = page.get_by_role("row").filter(has_text="Certificado revogado").first
    expect(told).to_contain_text("Vigente → Revogado")
