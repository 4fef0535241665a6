"""What became of a run's notices, as keys of its log line; the alarms count the unhappy ones."""

from collections.abc import Mapping

from aval.notices.sending import Sent


def outcome_of(sent: Sent) -> Mapping[str, object]:
    return {
        "settled": len(sent.settled),
        "mails": sent.mails,
        "failed_mails": sent.failed_mails,
        "without_representative": sorted(sent.without_representative),
    }
