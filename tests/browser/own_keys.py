"""A person's reader keys, made in the page, and the list of who reads with them."""

import json
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, expect

from aval.sealing.readers import Reader

PASSPHRASE: Final = "uma frase longa para 7 testes"


def make_keys(page: Page, name: str, folder: Path) -> Path:
    """The file under a passphrase, downloaded before they serve; whoever has keys already makes others."""
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


def add_colleague(page: Page, reader: Reader, folder: Path) -> None:
    """On the page of the keys: to the list of the sender that is chosen, with the fingerprint compared."""
    public = folder / f"{reader.id}.json"
    public.write_text(json.dumps(reader.as_json()))
    section = page.get_by_role("region", name="Lista de leitores de")
    with page.expect_file_chooser() as choosing:
        section.get_by_role("button", name="Adicionar um colega").click()
    choosing.value.set_files(public)
    page.get_by_role("button", name="A impressão confere: juntar").click()
    expect(section.get_by_role("listitem").filter(has_text=reader.id)).to_be_visible()
