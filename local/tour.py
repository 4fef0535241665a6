"""What to type once a stack is ready."""

from local.places import DEFAULT_STATE
from local.stack import LocalStack


def _named_state(stack: LocalStack) -> str:
    state = stack.places.state
    return "" if state == DEFAULT_STATE else f" --state {state}"


def text(stack: LocalStack) -> str:
    first = stack.logins[0]
    authority = stack.places.tls / "ca.pem"
    logins = "\n".join(
        f"  {login.email:<28} {login.password:<24} {', '.join(login.roles) or 'sem representação'}"
        for login in stack.logins
    )
    return f"""\
  people   {stack.people_url}    API description at /documentacao
  systems  {stack.systems_url}    asks for a client certificate
  mails    {stack.mailbox_url}
  logs     {stack.places.logs}

Logins (also in {stack.places.secrets})
{logins}

Tour
  export CURL_CA_BUNDLE={authority} AVAL={stack.people_url}
  curl $AVAL/configuracao
  TOKEN=$(python3 -m local.login {first.email}{_named_state(stack)})
  curl -H "Authorization: Bearer $TOKEN" $AVAL/sessao
  curl -H "Authorization: Bearer $TOKEN" $AVAL/adesoes

Ctrl-C stops everything; the data stay. `make reset` forgets them."""
