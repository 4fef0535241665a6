"""Accepting imports: what gets a code is stored, and will be processed whatever happens to this process."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from aval.contracts.bus import (
    Acting,
    ProcessingCode,
    ProcessingState,
    Submission,
    UploadRequest,
    UploadTicket,
)
from aval.contracts.imports.store import ImportFiles, ImportRecord, ImportStore, SubmissionKey
from aval.contracts.refusals import NothingFound, ParametersInvalid

LARGEST_UPLOAD: Final = 50 * 1024 * 1024
FORM_LIFETIME: Final = timedelta(hours=1)
_SHORTEST_LIFETIME: Final = timedelta(minutes=1)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Reception:
    imports: ImportStore
    files: ImportFiles

    def submit(self, submission: Submission, *, at: datetime) -> ProcessingCode:
        """The file lies in its place before the record says so: a record never waits for a file in vain."""
        content = _encoded(submission.text)
        key = SubmissionKey(submission.acting.author, digest_of(submission.text))
        latest = self.imports.latest(key)
        if latest is not None and latest.covers(at):
            return self._joined(latest.code, content)
        code = self.imports.new_code()
        version = self.files.keep(code, content)
        accepted = self.imports.accept(replace(_record(code, key, at=at), file_version=version))
        return code if accepted == code else self._joined(accepted, content)

    def _joined(self, code: ProcessingCode, content: bytes) -> ProcessingCode:
        """What is in flight may be an upload whose file has not come: this is that file."""
        record = self.imports.record(code)
        if record is not None and record.state is ProcessingState.AWAITING_FILE:
            self.files.keep(code, content)
        return code

    def prepare_upload(self, request: UploadRequest, *, at: datetime) -> UploadTicket:
        if not 0 < request.size <= LARGEST_UPLOAD:
            raise ParametersInvalid(
                f"tamanho deve ser de 1 a {LARGEST_UPLOAD} bytes; divida o arquivo em arquivos menores"
            )
        key = SubmissionKey(request.acting.author, _require_digest(request.digest, "sha256"))
        latest = self.imports.latest(key)
        if latest is not None and latest.covers(at):
            code = latest.code
        else:
            record = _record(self.imports.new_code(), key, at=at)
            awaited = replace(record, state=ProcessingState.AWAITING_FILE, size=request.size)
            code = self.imports.accept(awaited)
        lifetime = self._form_lifetime(code, at)
        form = self.files.form(code, size=request.size, lifetime=lifetime)
        return UploadTicket(code, form.url, form.fields, at.replace(microsecond=0) + lifetime)

    def _form_lifetime(self, code: ProcessingCode, at: datetime) -> timedelta:
        """Asked for again, a form ends with the first one: that is how long its file is waited for."""
        record = self.imports.record(code)
        begun = record.received_at if record is not None else at
        return max(begun + FORM_LIFETIME - at, _SHORTEST_LIFETIME)


def latest_submission(imports: ImportStore, digest: str, acting: Acting) -> ProcessingCode:
    """Who asks for results has no files at hand: the record of the import tells its code."""
    key = SubmissionKey(acting.author, _require_digest(digest, "resumoArquivo"))
    latest = imports.latest(key)
    if latest is None:
        raise NothingFound("nenhum processamento deste arquivo foi encontrado para este perfil de agente")
    return latest.code


def digest_of(text: str) -> str:
    return hashlib.sha256(_encoded(text)).hexdigest()


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise ParametersInvalid(
            "o arquivo contém caracteres que não são Unicode válido; gere o arquivo de novo em UTF-8"
        ) from error


def _require_digest(text: str, name: str) -> str:
    bare = text.strip().lower()
    if not _DIGEST.fullmatch(bare):
        raise ParametersInvalid(f"{name} deve ser o SHA-256 do arquivo, em 64 algarismos hexadecimais")
    return bare


def _record(code: ProcessingCode, submission: SubmissionKey, *, at: datetime) -> ImportRecord:
    return ImportRecord(
        code=code,
        submission=submission,
        state=ProcessingState.RECEIVED,
        received_at=at,
        moved_at=at,
    )
