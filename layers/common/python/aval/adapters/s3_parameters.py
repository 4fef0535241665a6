"""Parameter files of the weeks: dropped under `parametros/`, reported on under `parametros-resultado/`."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from aval.adapters.s3_drops import DropBucket
from aval.prudential.week_loading import LARGEST_FILE
from aval.registry.generations import Arrival
from aval.registry.loading import DroppedFile
from aval.registry.reports import Document

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

INCOMING: Final = "parametros/"
RESULTS: Final = "parametros-resultado/"


@dataclass(frozen=True, slots=True)
class ParametersBucket:
    client: "S3Client"
    bucket: str

    def fetch(self, key: str, *, version_id: str | None, sequencer: str, requester: str) -> DroppedFile:
        """The object that an event tells of, cut one byte past the largest file; raise `FileGone`."""
        return self._drops.fetch(
            key, version_id=version_id, sequencer=sequencer, requester=requester, largest=LARGEST_FILE
        )

    def put(self, arrival: Arrival, document: Document) -> None:
        """Leave the report there if it tells of a later arrival of the same name."""
        told = self._drops.report_on(arrival)
        if told is None or not arrival.is_before(replace(arrival, sequencer=str(told["sequencia"]))):
            self._drops.put(arrival, document)

    @property
    def _drops(self) -> DropBucket:
        return DropBucket(self.client, self.bucket, INCOMING, RESULTS)
