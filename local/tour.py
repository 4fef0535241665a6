"""What to type once a stack is ready."""

import shutil

from aval.attestation.roots import LABEL_FOR_PEOPLE
from local.places import DEFAULT_STATE, ROOT
from local.seed.company import COMPANY, PROFILES, CompanyFiles
from local.stack import LocalStack


def _named_state(stack: LocalStack) -> str:
    state = stack.places.state
    return "" if state == DEFAULT_STATE else f" --state {state}"


def text(stack: LocalStack) -> str:
    logins = "\n".join(
        f"  {login.email:<28} {login.password:<24} {', '.join(login.roles) or 'sem representação'}"
        for login in stack.logins
    )
    return f"""\
  page     {stack.people_url}/    log in by one of the e-mails below
  API      the same address; its description is at /documentacao
  login    {stack.cognito_url}    what Cognito is to the page; some browsers want to be told to trust it too
  systems  {stack.systems_url}    asks for a client certificate
  WSDLs    {stack.wsdl_url}/ws/v2/ContratoBSv2?wsdl    and seven more (docs/soap.md), without a certificate
  mails    {stack.mailbox_url}
  enclave  {LABEL_FOR_PEOPLE}: root {stack.places.attestation_root}, log {stack.places.measurements}
  logs     {stack.places.logs}
  CA       {stack.places.tls / "ca.pem"}    browsers warn of the https addresses until they trust it

Logins (also in {stack.places.secrets})
{logins}

Tour, in another terminal, from {ROOT}{_missing()}
{_lines(stack)}

A week of the monitoring for 37 agents, live, by six commands: make demo{_demo_arguments(stack)}
Ctrl-C stops everything; the data stay. `make reset` forgets them."""


def _demo_arguments(stack: LocalStack) -> str:
    named = _named_state(stack).strip()
    return f' ARGS="{named}"' if named else ""


def _missing() -> str:
    return "" if shutil.which("curl") else " (it needs curl: apt-get install curl)"


def _lines(stack: LocalStack) -> str:
    """Log in, enrol, register a contract by SOAP, see it as JSON, have the certificate's end mailed."""
    files, state = CompanyFiles(stack.places.company), _named_state(stack)
    authorities, profile = stack.places.tls / "ca.pem", PROFILES[COMPANY]
    lines = (
        f"export CURL_CA_BUNDLE={authorities} AVAL={stack.people_url} "
        f"TOKEN=$(python3 -m local.login {stack.logins[0].email}{state})",
        'curl -X PUT -H "Authorization: Bearer $TOKEN" -H "Idempotency-Key: tour" '
        f"-H 'Content-Type: application/json' -d @{files.adhesion} $AVAL/adesoes/{COMPANY}",
        f".venv/bin/aval contrato importar {files.contract} --ambiente {stack.systems_url} --cnpj {COMPANY} "
        f"--perfil {profile} --certificado {files.chain} --chave {files.key} "
        f"--arquivo-da-senha {files.password} --autoridades {authorities}",
        f'curl -H "Authorization: Bearer $TOKEN" "$AVAL/contratos?perfil={profile}&naoValidados=true"',
        f".venv/bin/python -m local.job send-expiry-notices{state}",
    )
    return "\n".join(f"  {line}" for line in lines)
