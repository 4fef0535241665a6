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


def test_the_authorizer_looks_up_one_user_in_this_pool_and_does_nothing_else_there(
    assembly: Assembly,
) -> None:
    pool = assembly.the("AWS::Cognito::UserPool")
    asking = [
        statement
        for statement in assembly.statements("AWS::IAM::Policy", "PolicyDocument")
        if any(action.startswith("cognito-idp:") for action in statement.actions)
    ]
    [statement] = asking
    assert "Authorize" in statement.holder
    assert statement.actions == ["cognito-idp:AdminGetUser"]
    assert statement.resources == [f"{pool.name}.Arn"]
