"""The logins of agents' people: made for whom the registry knows, nobody signs up."""

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from aval.settings import Variable
from cdk.components.acknowledgement import acknowledge
from cdk.components.mail_sender import MailSender
from cdk.components.service_function import ServiceFunction


class PeoplePool(Construct):
    def __init__(self, scope: Construct, construct_id: str, *, mail_sender: MailSender) -> None:
        super().__init__(scope, construct_id)
        self.pool = _pool(self)
        self.client = _client(self.pool)
        self.issuer = f"https://cognito-idp.{Aws.REGION}.amazonaws.com/{self.pool.user_pool_id}"
        _send_mail_from(self.pool, mail_sender)
        acknowledge(
            self.pool,
            "COG2",
            reason="A second factor (TOTP) is offered and not forced: people register one on the page by "
            "Cognito's own calls; docs/operating.md says how an operator forces it.",
        )
        acknowledge(
            self.pool,
            "COG8",
            reason="Threat protection belongs to the Plus tier, priced per user; logins are made for "
            "people of the registry alone, passwords are long, and Cognito's own throttling and lockout "
            "stay on.",
        )

    def grant_look_up(self, function: ServiceFunction) -> None:
        function.allow(actions=["cognito-idp:AdminGetUser"], resources=[self.pool.user_pool_arn])
        function.set_variable(Variable.USER_POOL_ID, self.pool.user_pool_id)

    def grant_invite(self, function: ServiceFunction) -> None:
        """Look up, and make or invite again; codes are asked for by the public call, which needs no right."""
        self.grant_look_up(function)
        function.allow(actions=["cognito-idp:AdminCreateUser"], resources=[self.pool.user_pool_arn])
        function.set_variable(Variable.USER_POOL_CLIENT_ID, self.client.user_pool_client_id)


def _pool(scope: Construct) -> cognito.UserPool:
    return cognito.UserPool(
        scope,
        "Pool",
        user_pool_name="aval-people",
        self_sign_up_enabled=False,
        sign_in_aliases=cognito.SignInAliases(email=True),
        sign_in_case_sensitive=False,
        auto_verify=cognito.AutoVerifiedAttrs(email=True),
        keep_original=cognito.KeepOriginalAttrs(email=True),
        standard_attributes=cognito.StandardAttributes(
            email=cognito.StandardAttribute(required=True, mutable=True)
        ),
        password_policy=cognito.PasswordPolicy(
            min_length=12,
            require_digits=True,
            require_lowercase=True,
            require_symbols=True,
            require_uppercase=True,
            temp_password_validity=Duration.days(3),
        ),
        user_invitation=cognito.UserInvitationConfig(
            email_subject="Aval: seu primeiro acesso",
            email_body="Seu usuário no Aval é {username} e a senha temporária, válida por três dias, "
            "é {####}",
        ),
        user_verification=cognito.UserVerificationConfig(
            email_style=cognito.VerificationEmailStyle.CODE,
            email_subject="Aval: código para escolher outra senha",
            email_body="Digite na página, junto da senha nova, este código, válido por uma hora. Se você não "
            "o pediu, ignore esta mensagem: a sua senha continua valendo. O código é {####}",
        ),
        mfa=cognito.Mfa.OPTIONAL,
        mfa_second_factor=cognito.MfaSecondFactor(sms=False, otp=True),
        account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
        feature_plan=cognito.FeaturePlan.ESSENTIALS,
        deletion_protection=True,
        removal_policy=RemovalPolicy.RETAIN,
    )


def _client(pool: cognito.UserPool) -> cognito.UserPoolClient:
    return pool.add_client(
        "Page",
        user_pool_client_name="aval-page",
        generate_secret=False,
        auth_flows=cognito.AuthFlow(user_srp=True, user_password=True),
        disable_o_auth=True,
        access_token_validity=Duration.minutes(60),
        id_token_validity=Duration.minutes(60),
        refresh_token_validity=Duration.hours(12),
        enable_token_revocation=True,
        prevent_user_existence_errors=True,
        # The binding of a login to a CPF trusts the e-mail: its user may not write it. An empty list
        # would mean every attribute, so one that decides nothing is named.
        read_attributes=cognito.ClientAttributes().with_standard_attributes(
            email=True, email_verified=True, locale=True
        ),
        write_attributes=cognito.ClientAttributes().with_standard_attributes(locale=True),
    )


def _send_mail_from(pool: cognito.UserPool, sender: MailSender) -> None:
    # The L2 wants to read the domain out of the address, which is a parameter here.
    resource = pool.node.default_child
    if not isinstance(resource, cognito.CfnUserPool):
        raise TypeError(resource)
    resource.email_configuration = cognito.CfnUserPool.EmailConfigurationProperty(
        email_sending_account="DEVELOPER", from_=sender.address, source_arn=sender.arn
    )
