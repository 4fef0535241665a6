"""Where alarms go: one topic, with a mail to the operator when the deployer gives an address."""

from aws_cdk import Aws, CfnCondition, CfnParameter, Duration, Fn
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct

from aval.settings import Variable
from cdk.components import storage_key
from cdk.components.grantee import Grantee
from cdk.components.storage_key import StorageKey

PERIOD = Duration.minutes(5)


class AlarmTopic(Construct):
    def __init__(self, scope: Construct, construct_id: str, *, key: StorageKey, email: CfnParameter) -> None:
        super().__init__(scope, construct_id)
        self._key = key
        self.topic = sns.Topic(self, "Topic", master_key=key.key, enforce_ssl=True)
        # A topic with a policy of its own loses the one that lets the account's alarms in.
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsAndRulesOfThisAccount",
                principals=[
                    iam.ServicePrincipal("cloudwatch.amazonaws.com"),
                    iam.ServicePrincipal("events.amazonaws.com"),
                ],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )
        subscription = sns.CfnSubscription(
            self, "Mail", topic_arn=self.topic.topic_arn, protocol="email", endpoint=email.value_as_string
        )
        subscription.cfn_options.condition = CfnCondition(
            self, "HasMail", expression=Fn.condition_not(Fn.condition_equals(email.value_as_string, ""))
        )

    def grant_ring(self, function: Grantee) -> None:
        function.set_variable(Variable.ALARM_TOPIC, self.topic.topic_arn)
        function.allow(actions=["sns:Publish"], resources=[self.topic.topic_arn])
        function.allow(
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
            resources=[self._key.key.key_arn],
            conditions=storage_key.via("sns"),
        )


def alarm_above_zero(
    scope: Construct,
    construct_id: str,
    *,
    metric: cloudwatch.IMetric,
    description: str,
    topic: sns.ITopic,
) -> cloudwatch.Alarm:
    alarm = cloudwatch.Alarm(
        scope,
        construct_id,
        metric=metric,
        alarm_description=description,
        evaluation_periods=1,
        threshold=0,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
    return _ringing(alarm, topic)


def alarm_on_silence(
    scope: Construct,
    construct_id: str,
    *,
    metric: cloudwatch.IMetric,
    description: str,
    topic: sns.ITopic,
) -> cloudwatch.Alarm:
    """Ring when what should be counted again and again is not."""
    alarm = cloudwatch.Alarm(
        scope,
        construct_id,
        metric=metric,
        alarm_description=description,
        evaluation_periods=1,
        threshold=1,
        comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
    )
    return _ringing(alarm, topic)


def _ringing(alarm: cloudwatch.Alarm, topic: sns.ITopic) -> cloudwatch.Alarm:
    alarm.add_alarm_action(actions.SnsAction(topic))
    return alarm
