"""From code to released code: the key's ARN goes into the image, its measure into the key's policy."""

from collections.abc import Sequence
from dataclasses import dataclass

from aval.moments import utc_now
from local.aws import Emulator
from local.enclave import image
from local.enclave.places import EnclavePlaces
from local.enclave.release import ReleaseLog
from local.nsm.authority import NitroRoot
from local.ports import Ports


@dataclass(frozen=True, slots=True)
class Rollout:
    places: EnclavePlaces
    ports: Ports

    @property
    def log(self) -> ReleaseLog:
        return ReleaseLog(self.places.stack.measurements)

    @property
    def root(self) -> NitroRoot:
        """Under which this machine's module attests; made when there is none."""
        return NitroRoot.kept_in(self.places.stack.nsm, utc_now())

    def released(self, register: int) -> Sequence[str]:
        """Return what that register holds in each image in force: the parameters of the key's policy."""
        measurements = self.log.in_force(utc_now())
        return sorted({measurement.pcrs[register].hex() for measurement in measurements})

    def bring_up_to_date(self, key_arn: str) -> bool:
        """Build the image that has this key and release it; whether that changed what is in force."""
        self.places.make_folders()
        before = self.log.in_force(utc_now())
        image.make_signer(self.places.signer)
        registers = image.built(self.places, image.configuration(self.places, self.ports, key_arn, self.root))
        return self.log.release(registers, at=utc_now()) != before

    def publish(self, emulator: Emulator, bucket: str) -> None:
        self.log.publish(emulator, bucket)
