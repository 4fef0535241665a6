"""ICP-Brasil's kinds of certificate, as dated data: what each is for, and when it may be issued."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from aval.identifiers import Fingerprint
from aval.moments import SAO_PAULO

_V5: Final = Fingerprint("caa53fc6091c6951887c976e378f6ef89aa6377c55d97b6475422b71ed7e9b17")
_V10: Final = Fingerprint("6e0bff069a26994c15de2c4888cc54af84882e5495b7fbf66be9ccffec7489f6")


@dataclass(frozen=True, slots=True)
class Profile:
    """`policy` is an arc: each authority adds a number of its own under it. `root` None means any root."""

    name: str
    policy: str
    root: Fingerprint | None
    issued_until: date | None
    authenticates_clients: bool

    def covers(self, policy: str, root: str) -> bool:
        return f"{policy}.".startswith(f"{self.policy}.") and self.root in {None, root}

    def was_open(self, issued: datetime) -> bool:
        if self.issued_until is None:
            return True
        return issued < datetime.combine(self.issued_until + timedelta(days=1), time.min, SAO_PAULO)


# Arcs: DOC-ICP-04. Ends and the closed-ecosystem kinds AE-S and AE-H: resolution CG ICP-Brasil 211/2024.
# The kinds S (secrecy) and T (time stamp) are not for proving who calls.
_END_V10: Final = date(2026, 12, 31)
_END_V5: Final = date(2029, 3, 2)
PROFILES: Final = (
    Profile("A1", "2.16.76.1.2.1", _V10, _END_V10, True),
    Profile("A3", "2.16.76.1.2.3", _V10, _END_V10, True),
    Profile("A1", "2.16.76.1.2.1", _V5, _END_V5, True),
    Profile("A2", "2.16.76.1.2.2", _V5, _END_V5, True),
    Profile("A3", "2.16.76.1.2.3", _V5, _END_V5, True),
    Profile("A4", "2.16.76.1.2.4", _V5, _END_V5, True),
    Profile("S1", "2.16.76.1.2.101", None, None, False),
    Profile("S2", "2.16.76.1.2.102", None, None, False),
    Profile("S3", "2.16.76.1.2.103", None, None, False),
    Profile("S4", "2.16.76.1.2.104", None, None, False),
    Profile("AE-S", "2.16.76.1.2.203", None, None, True),
    Profile("AE-H", "2.16.76.1.2.204", None, None, True),
    Profile("T3", "2.16.76.1.2.303", None, None, False),
    Profile("T4", "2.16.76.1.2.304", None, None, False),
)


def profiles_of(policies: list[str], root: str) -> list[Profile]:
    return [profile for profile in PROFILES if any(profile.covers(policy, root) for policy in policies)]
