from local.emulator.authorization import SEND_EMAIL, _with_senders_of_mails

REGION, ACCOUNT = "sa-east-1", "000000000000"


def _anything(*_request: object) -> str:
    return "*"


def test_a_mail_is_sent_by_the_identity_of_its_sender() -> None:
    resource_of = _with_senders_of_mails(_anything)
    body = b'{"FromEmailAddress": "aval@aval.example"}'
    assert (
        resource_of("POST", SEND_EMAIL, body, REGION, ACCOUNT)
        == "arn:aws:ses:sa-east-1:000000000000:identity/aval@aval.example"
    )


def test_what_sends_no_mail_stays_as_the_emulator_has_it() -> None:
    resource_of = _with_senders_of_mails(_anything)
    assert resource_of("GET", "/v2/email/identities", b"", REGION, ACCOUNT) == "*"
