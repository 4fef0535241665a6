"""The second factor of a login: turned on, asked for, refused, turned off."""

import base64
import re
import time
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import Page, expect

from tests.browser import failing
from tests.browser.signing_in import sign_in
from tests.browser.visits import Look, Visits
from tests.browser.watch import Watch
from tests.support.agents import DARIO
from tests.support.stack import Stack

STEP_SECONDS = 30
AT_LOGIN, ON_THE_ACCOUNT = "Código do aplicativo autenticador", "Código do aplicativo"


@pytest.fixture(autouse=True)
def without_factor(stack: Stack) -> Iterator[None]:
    """Dario's login is everybody's: it is left as it was."""
    try:
        yield
    finally:
        stack.client("cognito-idp").admin_set_user_mfa_preference(
            UserPoolId=stack.outputs["UserPoolId"],
            Username=DARIO,
            SoftwareTokenMfaSettings={"Enabled": False, "PreferredMfa": False},
        )


class Application:
    """On a telephone, by RFC 6238."""

    def __init__(self, key: str) -> None:
        # 160 bits by RFC 6238; SHA-1 is what every application of codes does.
        self._codes = TOTP(base64.b32decode(key.replace(" ", "")), 6, SHA1(), STEP_SECONDS)  # noqa: S303
        self._step = 0

    def code(self) -> str:
        """One that was not shown before; the clock of a telephone may be a step ahead."""
        self._step = max(self._step + 1, int(time.time()) // STEP_SECONDS)
        return self._codes.generate(self._step * STEP_SECONDS).decode()

    def none_of_its(self) -> str:
        """Six numbers that it shows at no moment near this one."""
        now = int(time.time()) // STEP_SECONDS
        near = {self._codes.generate(step * STEP_SECONDS).decode() for step in range(now - 3, now + 4)}
        return next(f"{number:06d}" for number in range(8) if f"{number:06d}" not in near)


def answer(page: Page, label: str, code: str) -> None:
    page.get_by_label(label, exact=True).fill(code)
    page.get_by_role("button", name="Confirmar").click()


def refused(page: Page, label: str, sentence: str) -> None:
    field = page.get_by_label(label, exact=True)
    expect(field).to_have_accessible_description(re.compile(sentence))
    expect(field).to_be_focused()


def turned_on(page: Page, look: Look) -> Application:
    page.get_by_role("button", name="Ligar").click()
    expect(page.get_by_label(ON_THE_ACCOUNT, exact=True)).to_be_focused()
    application = Application(page.locator("code").inner_text())
    answer(page, ON_THE_ACCOUNT, application.none_of_its())
    refused(page, ON_THE_ACCOUNT, "O código não confere. Digite o que o aplicativo mostra agora")
    look(page, "conta-segundo-fator-chave")
    shown = application.code()
    answer(page, ON_THE_ACCOUNT, f"{shown[:3]} {shown[3:]}")
    expect(page.locator(".notice", has_text="Verificação ligada")).to_be_focused()
    look(page, "conta-segundo-fator-ligado")
    return application


def logged_in_by_a_code(page: Page, stack: Stack, application: Application, look: Look) -> None:
    sign_in(page, DARIO, stack.passwords[DARIO])
    expect(page.get_by_role("heading", name="Verificação em duas etapas")).to_be_visible()
    expect(page.get_by_label(AT_LOGIN)).to_be_focused()
    page.get_by_role("button", name="Voltar").click()
    expect(page.get_by_label("Login", exact=True)).to_be_focused()
    sign_in(page, DARIO, stack.passwords[DARIO])

    answer(page, AT_LOGIN, "12 34")
    refused(page, AT_LOGIN, "Digite os seis números")
    answer(page, AT_LOGIN, application.none_of_its())
    refused(page, AT_LOGIN, "O código não confere. Digite o que o aplicativo mostra agora")
    look(page, "entrar-codigo")
    # Held by the emulator, too, but only for as long as the code would still be good.
    used = "Your software token has already been used once."
    failing.refuse_at_cognito(page, "RespondToAuthChallenge", "ExpiredCodeException", used)
    answer(page, AT_LOGIN, application.none_of_its())
    refused(page, AT_LOGIN, "Este código já foi usado. Espere o aplicativo mostrar o próximo")
    answer(page, AT_LOGIN, application.code())
    expect(page.get_by_role("heading", name="Minha conta")).to_be_visible()


def test_a_second_factor_is_turned_on_asked_for_and_turned_off(
    visits: Visits, stack: Stack, watch: Watch, look: Look
) -> None:
    watch.expect_status(400, re.escape(stack.described["cognito_url"]))
    application = turned_on(visits.signed_in(DARIO, "/conta", anew=True), look)
    page = visits.entrance("/conta")
    logged_in_by_a_code(page, stack, application, look)

    page.get_by_role("button", name="Desligar").click()
    asked = page.get_by_role("dialog", name="Desligar a verificação em duas etapas deste login?")
    asked.get_by_role("button", name="Desligar").click()
    expect(page.locator(".notice", has_text="Verificação desligada")).to_be_focused()
    again = visits.entrance("/conta")
    sign_in(again, DARIO, stack.passwords[DARIO])
    expect(again.get_by_role("heading", name="Minha conta")).to_be_visible()
