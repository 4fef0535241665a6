"""What to type once a stack is ready."""

import shutil

from local.places import DEFAULT_STATE, ROOT
from local.seed.company import COMPANY, CompanyFiles
from local.stack import LocalStack

PROFILES = "/ws/v2/PerfilParticipanteMercadoBSv2"


def _named_state(stack: LocalStack) -> str:
    state = stack.places.state
    return "" if state == DEFAULT_STATE else f" --state {state}"


def text(stack: LocalStack) -> str:
    logins = "\n".join(
        f"  {login.email:<28} {login.password:<24} {', '.join(login.roles) or 'sem representação'}"
        for login in stack.logins
    )
    return f"""\
  people   {stack.people_url}    API description at /documentacao
  systems  {stack.systems_url}    asks for a client certificate
  WSDLs    {stack.wsdl_url}    of the SOAP services, without a certificate
  mails    {stack.mailbox_url}
  logs     {stack.places.logs}
  CA       {stack.places.tls / "ca.pem"}    browsers warn of the two https addresses until they trust it

Logins (also in {stack.places.secrets})
{logins}

Tour, in another terminal, from {ROOT}{_missing()}
{_lines(stack)}

Ctrl-C stops everything; the data stay. `make reset` forgets them."""


def _missing() -> str:
    return "" if shutil.which("curl") else " (it needs curl: apt-get install curl)"


def _lines(stack: LocalStack) -> str:
    """Log in, enrol, look, let a system in, ask by SOAP, and read the mail about the certificate's end."""
    files, state = CompanyFiles(stack.places.company), _named_state(stack)
    sent = "-H 'Content-Type: application/json'"
    lines = (
        f"export CURL_CA_BUNDLE={stack.places.tls / 'ca.pem'} AVAL={stack.people_url}",
        f"TOKEN=$(python3 -m local.login {stack.logins[0].email}{state})",
        f'curl -X PUT -H "Authorization: Bearer $TOKEN" -H "Idempotency-Key: tour" {sent} '
        f"-d @{files.adhesion} $AVAL/adesoes/{COMPANY}",
        'curl -H "Authorization: Bearer $TOKEN" "$AVAL/adesoes?busca=bolt"',
        f"curl --cert {files.chain} --key {files.key} {sent} "
        f"-d @{files.token_request} {stack.systems_url}/sistema/token",
        f"curl '{stack.wsdl_url}{PROFILES}?wsdl'",
        f"curl --cert {files.chain} --key {files.key} -H 'Content-Type: text/xml' "
        f"-H 'SOAPAction: listarPerfilParticipanteMercado' "
        f"-d @{files.soap_request} {stack.systems_url}{PROFILES}",
        f".venv/bin/python -m local.job send-expiry-notices{state}",
    )
    return "\n".join(f"  {line}" for line in lines)
