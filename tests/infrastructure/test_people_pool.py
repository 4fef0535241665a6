from tests.infrastructure.assembly import Assembly


def test_nobody_signs_up_alone(assembly: Assembly) -> None:
    pool = assembly.the("AWS::Cognito::UserPool").properties
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True


def test_a_user_cannot_write_the_e_mail_that_binds_the_login_to_a_person(assembly: Assembly) -> None:
    # Without the list, or with an empty one, Cognito lets every attribute be written.
    assert assembly.the("AWS::Cognito::UserPoolClient").properties["WriteAttributes"] == ["locale"]


def test_the_pool_is_protected_and_takes_the_e_mail_as_name(assembly: Assembly) -> None:
    pool = assembly.the("AWS::Cognito::UserPool").properties
    assert pool["DeletionProtection"] == "ACTIVE"
    assert pool["UsernameAttributes"] == ["email"]
    assert pool["AutoVerifiedAttributes"] == ["email"]
    assert pool["UserAttributeUpdateSettings"] == {"AttributesRequireVerificationBeforeUpdate": ["email"]}


def test_passwords_are_long_and_mixed(assembly: Assembly) -> None:
    policy = assembly.the("AWS::Cognito::UserPool").properties["Policies"]["PasswordPolicy"]
    assert policy == {
        "MinimumLength": 12,
        "RequireLowercase": True,
        "RequireNumbers": True,
        "RequireSymbols": True,
        "RequireUppercase": True,
        "TemporaryPasswordValidityDays": 3,
    }


def test_a_second_factor_is_offered_by_an_application_and_never_by_sms(assembly: Assembly) -> None:
    pool = assembly.the("AWS::Cognito::UserPool").properties
    assert (pool["MfaConfiguration"], pool["EnabledMfas"]) == ("OPTIONAL", ["SOFTWARE_TOKEN_MFA"])
    assert "SmsConfiguration" not in pool


def test_the_client_logs_in_by_password_and_by_no_other_way(assembly: Assembly) -> None:
    client = assembly.the("AWS::Cognito::UserPoolClient").properties
    assert sorted(client["ExplicitAuthFlows"]) == [
        "ALLOW_REFRESH_TOKEN_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
    ]
    assert client["AllowedOAuthFlowsUserPoolClient"] is False
    assert client["GenerateSecret"] is False


def test_tokens_are_short_revocable_and_tell_nobody_who_exists(assembly: Assembly) -> None:
    client = assembly.the("AWS::Cognito::UserPoolClient").properties
    assert (client["AccessTokenValidity"], client["TokenValidityUnits"]["AccessToken"]) == (60, "minutes")
    assert client["EnableTokenRevocation"] is True
    assert client["PreventUserExistenceErrors"] == "ENABLED"


def test_the_pool_is_asked_by_two_functions_each_for_what_it_needs(assembly: Assembly) -> None:
    pool = assembly.the("AWS::Cognito::UserPool")
    asking = [
        statement
        for statement in assembly.statements("AWS::IAM::Policy", "PolicyDocument")
        if any(action.startswith("cognito-idp:") for action in statement.actions)
    ]
    held = {
        (holder, action)
        for statement in asking
        for action in statement.actions
        for holder in ("Authorize", "SendAccess")
        if holder in statement.holder
    }
    assert held == {
        ("Authorize", "cognito-idp:AdminGetUser"),
        ("SendAccess", "cognito-idp:AdminGetUser"),
        ("SendAccess", "cognito-idp:AdminCreateUser"),
    }
    assert len(asking) == len({holder for holder, _ in held})
    assert all(statement.resources == [f"{pool.name}.Arn"] for statement in asking)


def test_who_takes_a_request_for_access_looks_nobody_up(assembly: Assembly) -> None:
    # Its answer and its time would tell whose address it is.
    actions = {
        action
        for statement in assembly.role_statements("aval-request-access")
        for action in statement.actions
    }
    assert actions == {
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "sqs:SendMessage",
    }


def test_the_mails_of_the_pool_are_in_portuguese_and_hold_what_they_bring(assembly: Assembly) -> None:
    pool = assembly.the("AWS::Cognito::UserPool").properties
    invitation = pool["AdminCreateUserConfig"]["InviteMessageTemplate"]
    assert invitation["EmailSubject"] == "Aval: seu primeiro acesso"
    assert all(place in invitation["EmailMessage"] for place in ("{username}", "{####}"))
    code = pool["VerificationMessageTemplate"]
    assert code["EmailSubject"] == "Aval: código para escolher outra senha"
    assert "{####}" in code["EmailMessage"]
