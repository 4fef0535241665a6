"""The page's own form, as a person fills it."""

from playwright.sync_api import Page, expect


def sign_in(page: Page, email: str, password: str) -> None:
    """Fill the form that is shown, and wait until it is gone."""
    field = page.get_by_label("Senha", exact=True)
    page.get_by_label("Login", exact=True).fill(email)
    field.fill(password)
    page.get_by_role("button", name="Entrar", exact=True).click()
    expect(field).to_be_hidden()
