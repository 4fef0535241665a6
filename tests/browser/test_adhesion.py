"""Minhas Empresas and Adesão, as a person walks through them: enrol, be refused, delete, undo, only read."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from aval.identifiers import Cnpj
from tests.browser.adhesion_files import (
    COMPANY,
    FAULTS_OF_THE_BAD_ONE,
    PASSWORD,
    SIGLA,
    Files,
    enrolled,
    never_adhered,
)
from tests.browser.visits import PHONE, Look, SignedIn
from tests.browser.watch import Watch
from tests.support.agents import ANA, BOLT, BRUNO, CARLA, DARIO, Person, certificate
from tests.support.stack import Stack


@pytest.fixture
def files(stack: Stack, tmp_path: Path) -> Files:
    return Files(stack, tmp_path)


def choose(page: Page, *chosen: Path) -> None:
    with page.expect_file_chooser() as waiting:
        page.get_by_role("button", name="Escolher arquivos").click()
    waiting.value.set_files(list(chosen))


def staged(page: Page, name: str) -> Locator:
    return (
        page.get_by_role("list", name="Arquivos a enviar").get_by_role("listitem").filter(has_text=name).first
    )


def conclude(page: Page) -> None:
    page.get_by_role("button", name="Concluir solicitação").click()


def company_page(page_signed_in: SignedIn, email: str = ANA, company: Cnpj = COMPANY) -> Page:
    page = page_signed_in(email, f"/empresas/{company}")
    expect(page.get_by_role("heading", name="Certificados existentes")).to_be_visible()
    return page


def test_enrols_a_company_with_a_certificate_of_openssl_after_a_bad_one_was_refused(
    stack: Stack, files: Files, page_signed_in: SignedIn, look: Look
) -> None:
    never_adhered(stack)
    page = page_signed_in(ANA, "/empresas")
    row = page.get_by_role("row", name=SIGLA)
    expect(row).to_contain_text("Sem certificado")
    look(page, "adesao-empresas")

    page.get_by_role("link", name="Nova adesão").click()
    field = page.get_by_role("combobox", name="Empresa")
    field.fill("moinho")
    expect(page.get_by_role("option")).to_have_count(1)
    look(page, "adesao-escolha-aberta")
    page.get_by_role("option", name=SIGLA).click()
    expect(field).to_have_value(SIGLA)
    look(page, "adesao-escolha-feita")
    page.get_by_role("button", name="Continuar").click()
    expect(page.get_by_role("heading", name=f"Adesão de {SIGLA}")).to_be_visible()
    look(page, "adesao-nova-vazia")

    page.get_by_label("Senha", exact=True).fill("12345678")
    expect(page.get_by_role("listitem").filter(has_text="sem repetição nem sequência")).to_contain_text(
        "(falta)"
    )
    choose(page, files.bad())
    refused = staged(page, "ruim.cer")
    expect(refused).to_contain_text("Recusado: 6 regras não atendidas")
    broken = refused.get_by_role("listitem").filter(has_text="(não atendida)")
    for index, rule in enumerate(FAULTS_OF_THE_BAD_ONE):
        expect(broken.filter(has_text=rule).first, f"fault {index}").to_be_visible()
    conclude(page)
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Há 2 pontos a corrigir")
    expect(summary).to_be_focused()
    look(page, "adesao-recusada")

    page.get_by_role("button", name="Retirar ruim.cer").click()
    expect(staged(page, "ruim.cer")).to_contain_text("Retirado")
    page.get_by_label("Senha", exact=True).fill(PASSWORD)
    choose(page, files.good("moinho"))
    expect(staged(page, "moinho.cer")).to_contain_text("Aceito: atende às 12 regras")
    look(page, "adesao-preparada")
    conclude(page)
    done = page.get_by_role("status").filter(has_text="concluída com sucesso")
    expect(done).to_contain_text("O usuário é o CNPJ 27.519.634/0001-01")
    expect(page.get_by_role("row", name="moinho.cer")).to_contain_text("Vigente")
    look(page, "adesao-concluida")

    page.get_by_role("link", name="Voltar a Minhas Empresas").click()
    expect(page.get_by_role("row", name=SIGLA)).to_contain_text("Vigente")
    assert Person.logged_in(stack, ANA).read(COMPANY)["situacao"] == "ADERIDO"


def test_a_deletion_is_staged_undone_staged_again_and_takes_effect_at_the_end(
    stack: Stack, files: Files, page_signed_in: SignedIn, look: Look
) -> None:
    enrolled(stack, files.good("antigo"))
    page = company_page(page_signed_in)
    row = page.get_by_role("row", name="empresa.cer")
    page.get_by_role("button", name="Excluir empresa.cer").click()
    expect(row).to_contain_text("Será excluído")
    expect(page.get_by_text("A empresa ficará sem certificado")).to_be_visible()
    look(page, "adesao-exclusao")
    page.get_by_role("button", name="Desfazer a exclusão de empresa.cer").click()
    expect(row).to_contain_text("Vigente")
    expect(page.get_by_text("Nada foi preparado ainda.")).to_be_visible()

    page.get_by_role("button", name="Excluir empresa.cer").click()
    conclude(page)
    expect(page.get_by_text("Solicitação concluída com sucesso.")).to_be_visible()
    expect(page.get_by_text("A empresa não tem certificado cadastrado.")).to_be_visible()
    look(page, "adesao-sem-certificado")
    assert Person.logged_in(stack, ANA).fingerprints(COMPANY) == []


def test_a_renewal_is_accepted_once_the_old_certificate_is_staged_for_deletion(
    stack: Stack, files: Files, page_signed_in: SignedIn
) -> None:
    enrolled(stack, files.good("antigo"))
    page = company_page(page_signed_in)
    choose(page, files.good("novo", days=364))
    expect(staged(page, "novo.cer")).to_contain_text("Recusado: 1 regra não atendida")
    expect(staged(page, "novo.cer")).to_contain_text("exclua o antigo e adicione o novo na mesma solicitação")
    page.get_by_role("button", name="Excluir empresa.cer").click()
    expect(staged(page, "novo.cer")).to_contain_text("Aceito")
    conclude(page)
    expect(page.get_by_role("row", name="novo.cer")).to_contain_text("Vigente")


def test_two_dropped_files_are_both_judged_and_a_third_certificate_is_too_many(
    stack: Stack, files: Files, page_signed_in: SignedIn, look: Look
) -> None:
    enrolled(stack, files.good("um", common_name="MOINHO UM"))
    page = company_page(page_signed_in)
    dropped = [
        files.good("dois", common_name="MOINHO DOIS"),
        files.good("tres", days=10, common_name="MOINHO TRES"),
    ]
    drop(page, *dropped)
    for name in ("dois.cer", "tres.cer"):
        expect(staged(page, name)).to_contain_text("Aceito")
    conclude(page)
    expect(page.get_by_role("alert")).to_contain_text(
        "A empresa ficaria com 3 certificados e pode ter no máximo 2"
    )
    page.get_by_role("button", name="Retirar dois.cer").click()
    conclude(page)
    expect(page.get_by_role("row", name="tres.cer")).to_contain_text("A vencer em 9 dias")
    look(page, "adesao-a-vencer")


def drop(page: Page, *dropped: Path) -> None:
    """As a file manager drops them: a transfer that holds the files."""
    contents = [{"name": path.name, "bytes": list(path.read_bytes())} for path in dropped]
    transfer = page.evaluate_handle(
        """(files) => {
          const transfer = new DataTransfer();
          for (const { name, bytes } of files) transfer.items.add(new File([new Uint8Array(bytes)], name));
          return transfer;
        }""",
        contents,
    )
    page.locator(".drop").dispatch_event("drop", {"dataTransfer": transfer})


def test_what_was_changed_is_told_in_the_history_and_a_certificate_comes_down_as_it_went_up(
    stack: Stack, files: Files, page_signed_in: SignedIn, look: Look
) -> None:
    file = files.good("historia")
    content = file.read_bytes()
    enrolled(stack, file)
    page = company_page(page_signed_in)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Baixar empresa.cer").click()
    assert (waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()) == (
        "empresa.cer",
        content,
    )
    page.get_by_role("link", name="Histórico").click()
    told = page.get_by_role("row").filter(has_text="Certificado adicionado").first
    expect(told).to_contain_text("Ana Demonstração")
    look(page, "adesao-historico")


def test_the_list_is_searched_by_what_is_typed(page_signed_in: SignedIn) -> None:
    page = page_signed_in(ANA, "/empresas")
    expect(page.get_by_text("4 empresas", exact=True)).to_be_visible()
    page.get_by_label("Buscar por razão social, sigla ou CNPJ").fill("33.047.509")
    expect(page.get_by_text("1 empresa com este filtro")).to_be_visible()
    expect(page.get_by_role("row", name="BOLT OPERACOES")).to_be_visible()
    page.get_by_label("Buscar por razão social, sigla ou CNPJ").fill("não há")
    expect(page.get_by_text("Nenhuma das suas empresas corresponde")).to_be_visible()


def test_the_list_is_filtered_by_status_and_is_as_it_was_after_a_visit_to_a_company(
    stack: Stack, files: Files, page_signed_in: SignedIn
) -> None:
    enrolled(stack, files.good("curto", days=20))
    page = page_signed_in(ANA, "/empresas")
    page.get_by_label("Status", exact=True).select_option("A vencer")
    row = page.get_by_role("row", name=SIGLA)
    expect(row).to_contain_text("A vencer em 19 dias")
    expect(page.get_by_role("row", name="BOLT")).to_have_count(0)
    row.get_by_role("link", name="Atualizar cadastro").click()
    expect(page.get_by_text("Há um certificado vencido ou perto de vencer.")).to_be_visible()
    page.get_by_role("navigation", name="Caminho").get_by_role("link", name="Minhas Empresas").click()
    expect(page.get_by_label("Status", exact=True)).to_have_value("A_VENCER")
    expect(row).to_be_visible()


@pytest.mark.parametrize("email", [BRUNO, CARLA], ids=["legal", "accounting"])
def test_read_only_roles_see_certificates_and_no_control_to_write_with(
    stack: Stack, page_signed_in: SignedIn, look: Look, email: str
) -> None:
    assert (
        Person.logged_in(stack, ANA).enrol(BOLT, certificate(stack, "BOLT LEITURA", cnpj=BOLT)).status == 200
    )
    page = page_signed_in(email, "/empresas")
    expect(page.get_by_role("row", name="BOLT OPERACOES")).to_contain_text("Vigente")
    expect(page.get_by_role("link", name="Nova adesão")).to_have_count(0)
    page.get_by_role("link", name="Ver cadastro de BOLT OPERACOES").click()
    expect(page.get_by_role("button", name="Baixar empresa.cer")).to_be_visible()
    for control in ("Excluir", "Escolher arquivos", "Concluir", "Cancelar", "Mostrar"):
        expect(page.get_by_role("button", name=control)).to_have_count(0)
    expect(page.locator("form, input, [type=file]")).to_have_count(0)
    expect(page.get_by_text("Só o representante CCEE dela define a senha")).to_be_visible()
    look(page, f"adesao-so-leitura-{email.partition('@')[0]}")


def test_whoever_represents_nobody_is_told_so_and_cannot_open_a_company(
    page_signed_in: SignedIn, look: Look, watch: Watch
) -> None:
    page = page_signed_in(DARIO, "/empresas")
    expect(page.get_by_text("Você ainda não representa nenhuma empresa.")).to_be_visible()
    look(page, "adesao-nenhuma-empresa")
    watch.expect_status(404, f"/adesoes/{BOLT}")
    page.goto(f"/#/empresas/{BOLT}")
    expect(page.get_by_role("alert")).to_contain_text("Nenhuma empresa com este CNPJ")
    look(page, "adesao-empresa-alheia")


def test_a_phone_shows_the_companies_without_scrolling_sideways(page_signed_in: SignedIn) -> None:
    page = page_signed_in(ANA, "/empresas", viewport=PHONE)
    table = page.get_by_role("table")
    expect(table).to_be_visible()
    assert table.evaluate("(shown) => shown.parentElement.scrollWidth <= shown.parentElement.clientWidth")
