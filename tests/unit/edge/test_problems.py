from aval.edge.problems import KINDS, MOST_FAULTS, kind_of, problem_document, unexpected_document
from aval.errors import DomainError, Fault, FaultsFound
from aval.identity.tokens import TokenRefused
from aval.prudential.refusals import ActOutOfPlace
from tests.support.refusals import every_refusal

# Refusals that no HTTP operation lets through, each with who answers for it instead.
ANSWERED_ELSEWHERE = {
    "CertificateUnreadable": "rule `formato` of the judgement",
    "TruststoreRefused": "the truststore command; in a function, a failure of the deployment",
    "SourceUnreadable": "the truststore command",
    "RevocationListRefused": "the log of the function that took the list",
    "RevocationListUnreachable": "the log of the function that fetched the list",
    "AccessUnusable": "a failure of the deployment: the secret of the other bus cannot be used",
    "AttestationRefused": "the enclave, the command, or the simulated KMS",
    "MeasurementLogRefused": "the command",
    "CommandFailed": "the command's exit code",
    "CommitLost": "the parent, which asks the enclave again",
    "FileUnreadable": "the one result of a processing that was refused",
    "LoteRefused": "the code of a lote that was rejected",
}


def test_every_refusal_has_a_row() -> None:
    # SOAP has a table of its own (tests/unit/edge/soap/test_faults.py).
    ours = {kind for kind in every_refusal() if not kind.__module__.startswith("aval.edge.soap.")}
    without = {kind.__name__ for kind in ours if not KINDS.keys() & set(kind.__mro__)}
    assert without == set(ANSWERED_ELSEWHERE)


def test_a_refusal_without_a_row_is_a_failure_that_tells_nothing() -> None:
    class Unforeseen(DomainError):
        pass

    document = problem_document(Unforeseen("um valor"), transaction_id="t-1")
    assert document == unexpected_document(transaction_id="t-1")


def test_a_problem_type_names_one_status_only() -> None:
    statuses: dict[str, set[int]] = {}
    for kind in KINDS.values():
        statuses.setdefault(kind.slug, set()).add(kind.status)
    assert all(len(found) == 1 for found in statuses.values())


def test_a_problem_carries_the_number_of_the_transaction() -> None:
    document = problem_document(TokenRefused("token expirado"), transaction_id="t-1")
    assert document == {
        "type": "urn:aval:problema:token-recusado",
        "title": "Token recusado",
        "status": 401,
        "detail": "token expirado",
        "transacao": "t-1",
    }


def test_a_problem_carries_what_a_machine_is_told_beside() -> None:
    refusal = ActOutOfPlace("JA_VALIDADO", "este cálculo já foi validado", state="VALIDADO", answer="e.y")
    assert problem_document(refusal, transaction_id="t-1") == {
        "type": "urn:aval:problema:ato-fora-de-ordem",
        "title": "Ato fora de ordem",
        "status": 409,
        "detail": "este cálculo já foi validado",
        "transacao": "t-1",
        "codigo": "JA_VALIDADO",
        "estado": "VALIDADO",
        "resposta": "e.y",
    }


def test_no_member_of_a_refusal_takes_the_place_of_one_of_every_problem() -> None:
    refusal = TokenRefused("token expirado")
    refusal.members = {"status": "200", "transacao": "t-2"}
    told = problem_document(refusal, transaction_id="t-1")
    assert told == problem_document(TokenRefused("token expirado"), transaction_id="t-1")


def test_a_refusal_answers_as_its_nearest_ancestor() -> None:
    class TokenStale(TokenRefused):
        pass

    assert kind_of(TokenStale("x")) is KINDS[TokenRefused]


def test_a_problem_tells_so_many_faults_and_how_many_there_are() -> None:
    faults = [Fault("forma", "campo obrigatório ausente", f"#/{place}") for place in range(MOST_FAULTS + 1)]
    whole = problem_document(FaultsFound("não se pode ler", faults[:-1]), transaction_id="t")
    assert (len(whole["errors"]), whole["detail"]) == (MOST_FAULTS, "não se pode ler")  # type: ignore[arg-type]
    cut = problem_document(FaultsFound("não se pode ler", faults), transaction_id="t")
    assert cut["errors"] == whole["errors"]
    assert f"são {MOST_FAULTS + 1} faltas" in str(cut["detail"])
