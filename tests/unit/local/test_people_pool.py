import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from ministack.services import cognito

from local.emulator import people_pool

ADDRESS = "ana@demo.aval.example"
FIRST, CHOSEN = "Temporaria-123", "Escolhida-por-Ana-1"
CLIENT = {"ClientName": "page", "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]}
ENABLED = {"SoftwareTokenMfaSettings": {"Enabled": True, "PreferredMfa": True}}
CORRECTED = (
    "_forgot_password",
    "_admin_reset_user_password",
    *(name for name, _, _ in people_pool._REPLACED),
)


class Pool:
    """A user pool as ours is, in the emulator's own code, with Ana invited."""

    def __init__(self) -> None:
        self.mails: list[str] = []
        made = cognito._create_user_pool(
            {
                "PoolName": "people",
                "UsernameAttributes": ["email"],
                "UsernameConfiguration": {"CaseSensitive": False},
                "MfaConfiguration": "OPTIONAL",
                "Policies": {"PasswordPolicy": {"MinimumLength": 12}},
            }
        )
        self.id = json.loads(made[2])["UserPool"]["Id"]
        client = cognito._create_user_pool_client(
            {"UserPoolId": self.id, "PreventUserExistenceErrors": "ENABLED", **CLIENT}
        )
        self.client = json.loads(client[2])["UserPoolClient"]["ClientId"]

    def call(self, action: str, **data: Any) -> Any:
        """The answer, or the refusal's code."""
        handler = getattr(cognito, action)
        status, _, body = handler({"UserPoolId": self.id, "ClientId": self.client, **data})
        told = json.loads(body)
        return told if status == 200 else told["__type"]

    def invite(self, **more: Any) -> Any:
        attributes = [{"Name": "email", "Value": ADDRESS}, {"Name": "email_verified", "Value": "true"}]
        return self.call("_admin_create_user", Username=ADDRESS, UserAttributes=attributes, **more)

    def log_in(self, password: str, name: str = ADDRESS) -> Any:
        given = {"USERNAME": name, "PASSWORD": password}
        return self.call("_initiate_auth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)

    def choose(self, session: str, password: str = CHOSEN, name: str = ADDRESS) -> Any:
        return self.call(
            "_respond_to_auth_challenge",
            ChallengeName="NEW_PASSWORD_REQUIRED",
            Session=session,
            ChallengeResponses={"USERNAME": name, "NEW_PASSWORD": password},
        )

    def answer(self, session: str, code: str) -> Any:
        return self.call(
            "_respond_to_auth_challenge",
            ChallengeName="SOFTWARE_TOKEN_MFA",
            Session=session,
            ChallengeResponses={"USERNAME": ADDRESS, "SOFTWARE_TOKEN_MFA_CODE": code},
        )

    def admit(self) -> str:
        """Ana after her first access; her access token."""
        self.invite(TemporaryPassword=FIRST)
        token: str = self.choose(self.log_in(FIRST)["Session"])["AuthenticationResult"]["AccessToken"]
        return token


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    for name in CORRECTED:
        # Put back afterwards: the module is everybody's.
        monkeypatch.setattr(cognito, name, getattr(cognito, name))
    people_pool.install()
    made = Pool()
    monkeypatch.setattr(
        cognito,
        "_deliver_cognito_email",
        lambda _pool, _to, _subject, body, **_: made.mails.append(body),
    )
    yield made
    cognito._delete_user_pool({"UserPoolId": made.id})


def _word(mail: str) -> str:
    """The password or code that a mail ends in."""
    return mail.rsplit(maxsplit=1)[-1].removesuffix(".")


def test_a_first_password_is_chosen_with_the_session_of_the_login(pool: Pool) -> None:
    pool.invite(TemporaryPassword=FIRST)
    challenge = pool.log_in(FIRST)
    assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert pool.choose(challenge["Session"])["AuthenticationResult"]["AccessToken"]
    assert pool.log_in(CHOSEN)["AuthenticationResult"]["AccessToken"]


def test_nobody_chooses_a_password_without_a_session_or_with_anothers(pool: Pool) -> None:
    pool.invite(TemporaryPassword=FIRST)
    session = pool.log_in(FIRST)["Session"]
    assert pool.choose("made-up") == "NotAuthorizedException"
    assert pool.choose(session, name="bia@demo.aval.example") == "NotAuthorizedException"
    assert pool.choose(session)["AuthenticationResult"]
    assert pool.choose(session, "Outra-senha-boa-2") == "NotAuthorizedException"


def test_a_session_ends_after_three_minutes(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    pool.invite(TemporaryPassword=FIRST)
    session, now = pool.log_in(FIRST)["Session"], time.time()
    monkeypatch.setattr(time, "time", lambda: now + people_pool.SESSION_SECONDS + 1)
    assert pool.choose(session) == "NotAuthorizedException"


def test_a_chosen_password_obeys_the_pool_and_may_be_chosen_again(pool: Pool) -> None:
    pool.invite(TemporaryPassword=FIRST)
    session = pool.log_in(FIRST)["Session"]
    assert pool.choose(session, "curta") == "InvalidPasswordException"
    assert pool.choose(session)["AuthenticationResult"]


def test_an_invitation_sent_again_brings_a_new_password(pool: Pool) -> None:
    pool.invite()
    pool.invite(MessageAction="RESEND")
    first, second = map(_word, pool.mails)
    assert first != second
    assert pool.log_in(first) == "NotAuthorizedException"
    assert pool.log_in(second)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


def test_who_has_chosen_a_password_is_not_invited_again(pool: Pool) -> None:
    pool.admit()
    assert pool.invite(MessageAction="RESEND") == "UnsupportedUserStateException"
    assert pool.log_in(CHOSEN)["AuthenticationResult"]


def test_a_code_is_new_each_time_and_the_old_password_stays_good_until_it_is_used(pool: Pool) -> None:
    pool.admit()
    pool.mails.clear()
    for _ in range(4):
        pool.call("_forgot_password", Username=ADDRESS)
    assert len(set(map(_word, pool.mails))) > 1
    assert pool.log_in(CHOSEN)["AuthenticationResult"]


def test_no_code_goes_to_who_has_not_finished_the_first_access(pool: Pool) -> None:
    pool.invite(TemporaryPassword=FIRST)
    pool.mails.clear()
    assert pool.call("_forgot_password", Username=ADDRESS) == "NotAuthorizedException"
    assert pool.mails == []


def test_a_disabled_login_reads_as_if_a_code_were_on_its_way(pool: Pool) -> None:
    pool.admit()
    pool.mails.clear()
    pool.call("_admin_disable_user", Username=ADDRESS)
    assert "CodeDeliveryDetails" in pool.call("_forgot_password", Username=ADDRESS)
    assert pool.mails == []


def test_a_factor_is_asked_for_once_it_is_preferred_and_takes_the_session_of_the_login(pool: Pool) -> None:
    token = pool.admit()
    enabling = {"AccessToken": token, **ENABLED}
    assert pool.call("_set_user_mfa_preference", **enabling) == "InvalidParameterException"
    secret = pool.call("_associate_software_token", AccessToken=token)["SecretCode"]
    code = cognito._totp_code(secret)
    assert pool.call("_verify_software_token", AccessToken=token, UserCode=code)["Status"] == "SUCCESS"
    assert "AuthenticationResult" in pool.log_in(CHOSEN)
    assert pool.call("_set_user_mfa_preference", **enabling) == {}
    challenge = pool.log_in(CHOSEN)
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert pool.answer("made-up", code) == "NotAuthorizedException"
    assert pool.answer(challenge["Session"], "no code") == "CodeMismatchException"
    assert pool.answer(challenge["Session"], cognito._totp_code(secret, 1))["AuthenticationResult"]


def test_a_code_of_a_factor_counts_once_the_one_that_verified_it_as_well(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    token = pool.admit()
    secret = pool.call("_associate_software_token", AccessToken=token)["SecretCode"]
    verifying, later = cognito._totp_code(secret), cognito._totp_code(secret, 1)
    assert pool.call("_verify_software_token", AccessToken=token, UserCode=verifying)["Status"] == "SUCCESS"
    pool.call("_set_user_mfa_preference", AccessToken=token, **ENABLED)

    session = pool.log_in(CHOSEN)["Session"]
    assert pool.answer(session, verifying) == "ExpiredCodeException"
    # The session stands, as after a wrong code.
    assert pool.answer(session, later)["AuthenticationResult"]
    assert pool.answer(pool.log_in(CHOSEN)["Session"], later) == "ExpiredCodeException"
    # By then the same numbers can only be another step's.
    monkeypatch.setattr(time, "time", lambda: now + people_pool.CODE_SECONDS + 1)
    session = pool.log_in(CHOSEN)["Session"]
    assert pool.answer(session, later) == "CodeMismatchException"
    assert pool.answer(session, cognito._totp_code(secret))["AuthenticationResult"]


def test_a_login_is_found_however_its_address_is_spelt(pool: Pool) -> None:
    pool.admit()
    assert pool.log_in(CHOSEN, ADDRESS.upper())["AuthenticationResult"]
