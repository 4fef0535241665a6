"""What is done to the confidential key's policy, told at once: a trail of the account, and rules on it.

Against whoever may change the policy the promise is detection (docs/threat-model.md).
"""

from collections.abc import Mapping, Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudtrail as cloudtrail
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk.components.dead_letters import DeadLetters
from cdk.components.names import BREAK_GLASS_ROLE, role_arn
from cdk.components.private_bucket import AccessLogBucket
from cdk.components.service_function import RETRIES

CHANGES = (
    "CreateGrant",
    "DisableKey",
    "PutKeyPolicy",
    "ReplicateKey",
    "ScheduleKeyDeletion",
    "UpdatePrimaryRegion",
)
BY_TRAIL = "AWS API Call via CloudTrail"


class AccountTrail(Construct):
    """EventBridge is told of calls only where a trail takes them down: management events, of all regions."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        cloudtrail.Trail(
            self,
            "Trail",
            trail_name="aval",
            bucket=AccessLogBucket(self, "Files").bucket,
            enable_file_validation=True,
            include_global_service_events=True,
            is_multi_region_trail=True,
        )


class KeyWatch(Construct):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        key: kms.Key,
        alarms: sns.ITopic,
        dead_letters: DeadLetters,
    ) -> None:
        super().__init__(scope, construct_id)
        self._alarms, self._dead_letters = alarms, dead_letters
        # By id, by ARN: a caller names the key either way. A refused call is a call too.
        named = [key.key_id, key.key_arn]
        self._ring(
            "KeyChanged",
            pattern=_called("kms", CHANGES, {"keyId": named}),
            text="Chave confidencial: alguém chamou <acao> (erro: <erro>). docs/enclave-operations.md",
        )
        self._ring(
            "BreakGlassTaken",
            pattern=_called("sts", ["AssumeRole"], {"roleArn": [role_arn(self, BREAK_GLASS_ROLE)]}),
            text="Alguém pediu o papel de emergência: <acao> (erro: <erro>). docs/enclave-operations.md",
        )

    def _ring(self, name: str, *, pattern: Mapping[str, object], text: str) -> None:
        events.CfnRule(
            self,
            name,
            event_pattern=pattern,
            targets=[
                events.CfnRule.TargetProperty(
                    arn=self._alarms.topic_arn,
                    id="Alarms",
                    dead_letter_config=events.CfnRule.DeadLetterConfigProperty(
                        arn=self._dead_letters.queue.queue_arn
                    ),
                    retry_policy=events.CfnRule.RetryPolicyProperty(
                        maximum_event_age_in_seconds=Duration.hours(6).to_seconds(),
                        maximum_retry_attempts=RETRIES,
                    ),
                    input_transformer=events.CfnRule.InputTransformerProperty(
                        input_paths_map={"acao": "$.detail.eventName", "erro": "$.detail.errorCode"},
                        input_template=f'"{text}"',
                    ),
                )
            ],
        )


def _called(service: str, actions: Sequence[str], parameters: Mapping[str, object]) -> Mapping[str, object]:
    return {
        "source": [f"aws.{service}"],
        "detail-type": [BY_TRAIL],
        "detail": {
            "eventSource": [f"{service}.amazonaws.com"],
            "eventName": list(actions),
            "requestParameters": parameters,
        },
    }
