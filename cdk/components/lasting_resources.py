"""What outlives a deployment, as the later stacks see it."""

from dataclasses import dataclass

from cdk.components.alarm_topic import AlarmTopic
from cdk.components.domain_bus import DomainBus
from cdk.components.domain_table import DomainTable
from cdk.components.mail_sender import MailSender
from cdk.components.pepper_key import PepperKey
from cdk.components.private_bucket import PrivateBucket
from cdk.components.storage_key import StorageKey
from cdk.components.token_key import TokenKey


@dataclass(frozen=True, slots=True)
class LastingResources:
    storage_key: StorageKey
    pepper_key: PepperKey
    token_key: TokenKey
    registry_table: DomainTable
    adhesion_table: DomainTable
    identity_table: DomainTable
    contracts_table: DomainTable
    registry_bucket: PrivateBucket
    contracts_bucket: PrivateBucket
    trust_bucket: PrivateBucket
    bus: DomainBus
    mail_sender: MailSender
    alarms: AlarmTopic
