"""A person's reader keys, made in the page: under a passphrase, and downloaded before they serve."""

from pathlib import Path
from typing import Final

from playwright.sync_api import Page, expect

PASSPHRASE: Final = "uma frase longa para 7 testes"


def make_keys(page: Page, name: str, folder: Path) -> Path:
    """The file of the keys, as the browser saved it; whoever has keys already makes others."""
    page.goto("/#/prudencial/leitores")
    page.get_by_role("button", name="Criar chaves").first.click()
    page.get_by_label("Nome da chave").fill(name)
    page.get_by_label("Senha do arquivo", exact=True).fill(PASSPHRASE)
    page.get_by_label("Senha do arquivo, de novo").fill(PASSPHRASE)
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Criar e baixar o arquivo").click()
    file = folder / downloading.value.suggested_filename
    downloading.value.save_as(file)
    page.get_by_role("button", name="Já guardei: usar estas chaves").click()
    expect(page.get_by_text(name, exact=True).first).to_be_visible()
    return file
