"""Some seconds of an import's work: called by its state machine until the import is over."""

import time
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from aval.adapters.contract_imports import import_processing
from aval.adapters.s3_imports import code_of
from aval.contracts.imports.processing import ImportProcessing, Progress
from aval.edge.background import step
from aval.settings import Settings

# A third of the function's time-out: the last batch, or the survey of a large file, ends well within it.
SLICE_SECONDS: Final = 40.0


@cache
def _processing() -> ImportProcessing:
    return import_processing(Settings.from_env())


def process_import_slice(event: Mapping[str, Any]) -> Mapping[str, object]:
    code, ends = code_of(event["chave"]), time.monotonic() + SLICE_SECONDS
    progress = _processing().run_slice(code, is_time_up=lambda: time.monotonic() > ends)
    return {"codigo": code, "progresso": progress, "segue": progress is Progress.GOING_ON}


handler = step(process_import_slice)
