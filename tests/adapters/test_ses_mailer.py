from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from aval.adapters.ses_mailer import SesMailer
from aval.notices.mail import Mail, MailNotSent

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

MAIL = Mail(to="ana@demo.aval.example", subject="Prazo à vista", text="Olá", html="<p>Olá</p>")


@pytest.fixture
def client() -> Iterator["SESV2Client"]:
    with mock_aws():
        yield boto3.client("sesv2", region_name="sa-east-1")


def test_a_mail_reaches_its_recipient_whole(client: "SESV2Client") -> None:
    client.create_email_identity(EmailIdentity="avisos@aval.example")
    SesMailer(client, "avisos@aval.example").send(MAIL)
    (sent,) = ses_backends[DEFAULT_ACCOUNT_ID]["sa-east-1"].sent_messages
    assert sent.source == "avisos@aval.example"
    assert sent.destinations["ToAddresses"] == ["ana@demo.aval.example"]
    assert (sent.subject, sent.body) == ("Prazo à vista", "<p>Olá</p>")


def test_a_mail_that_is_refused_says_so_without_its_text(client: "SESV2Client") -> None:
    with pytest.raises(MailNotSent) as refused:
        SesMailer(client, "avisos@aval.example").send(MAIL)
    assert "Olá" not in str(refused.value)
