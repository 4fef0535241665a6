import pytest

from aval.registry import formats
from aval.registry.formats import read_file
from aval.registry.refusals import LoadError
from aval.registry.schemas import Dataset

PEOPLE = "entrada/pessoas-2026-08.csv"


def complaints(name: str, content: bytes) -> list[tuple[str, str]]:
    return [(error.where, error.field or error.detail) for error in read_file(name, content).errors]


def test_reads_json_with_and_without_a_byte_order_mark() -> None:
    content = b'{"pessoas": [{"nome": "Ana"}]}'
    for prefix in (b"", b"\xef\xbb\xbf"):
        (row,) = read_file("a.json", prefix + content).rows[Dataset.PESSOAS]
        assert (row.where, row.fields) == ("/pessoas/0", {"nome": "Ana"})


def test_reads_csv_with_quotes_blank_lines_and_its_own_line_numbers() -> None:
    text = '\ufeffcpf;nome;email\r\n1;"Ana;\r\nMaria";a@b.c\r\n\r\n2;Bia;b@b.c\r\n'
    file = read_file(PEOPLE, text.encode())
    assert file.errors == []
    assert [(row.where, row.fields) for row in file.rows[Dataset.PESSOAS]] == [
        ("linha 2", {"cpf": "1", "nome": "Ana;\r\nMaria", "email": "a@b.c"}),
        ("linha 5", {"cpf": "2", "nome": "Bia", "email": "b@b.c"}),
    ]


def test_columns_may_stand_in_any_order_and_optional_ones_be_absent() -> None:
    text = "papel;inicioVigencia;representada;representante\nX;2026-01-01;1;2\n"
    file = read_file("entrada/representacoes-a.csv", text.encode())
    assert file.errors == []


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", [("linha 1", "JSON inválido na coluna 1")]),
        (b"{", [("linha 1", "JSON inválido na coluna 2")]),
        (b"\xff", [("", "o arquivo deve estar em UTF-8")]),
        (b"[]", [("", "o arquivo deve ser um objeto JSON com um ou mais conjuntos")]),
        (b"{}", [("", "o arquivo deve ser um objeto JSON com um ou mais conjuntos")]),
        (b'{"pessoas": {}}', [("/pessoas", "o conjunto deve ser uma lista")]),
        (b'{"peoples": []}', [("", "peoples")]),
        (b'{"pessoas": [], "pessoas": []}', [("", "há um nome repetido dentro de um mesmo objeto JSON")]),
        (
            b'{"pessoas": [3, {"x": 1}]}',
            [("/pessoas/0", "cada linha deve ser um objeto"), ("/pessoas/1", "x")],
        ),
        (b'{"pessoas": [NaN]}', [("", "JSON inválido: número ou aninhamento fora dos limites")]),
        (b"[" * 200_000, [("", "JSON inválido: número ou aninhamento fora dos limites")]),
        (b'{"a":' + b"9" * 5000 + b"}", [("", "JSON inválido: número ou aninhamento fora dos limites")]),
    ],
)
def test_says_what_is_wrong_with_a_json(content: bytes, found: list[tuple[str, str]]) -> None:
    assert complaints("entrada/a.json", content) == found


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", [("linha 1", "cpf"), ("linha 1", "nome"), ("linha 1", "email")]),
        (
            b"cpf;nome;email\n",
            [("", "o CSV não tem linha alguma; para esvaziar um conjunto, use JSON com []")],
        ),
        (b"cpf;nome\n1;2\n", [("linha 1", "email")]),
        (b"cpf;nome;email;fone\n1;2;3;4\n", [("linha 1", "fone")]),
        (b"cpf;nome;email;cpf\n1;2;3;4\n", [("linha 1", "cpf")]),
        (
            b"cpf,nome,email\n",
            [("linha 1", name) for name in ("cpf", "nome", "email", "?")],
        ),
        (
            b"cpf;nome;email\n1;2\n1;2;3\n1;2;3;4\n",
            [
                ("linha 2", "a linha tem 2 campos e o cabeçalho, 3"),
                ("linha 4", "a linha tem 4 campos e o cabeçalho, 3"),
            ],
        ),
        (b'cpf;nome;email\n1;"2;3\n', [("linha 2", "CSV inválido: aspas ou quebra de linha fora do lugar")]),
    ],
)
def test_says_what_is_wrong_with_a_csv(content: bytes, found: list[tuple[str, str]]) -> None:
    assert complaints(PEOPLE, content) == found


@pytest.mark.parametrize("name", ["entrada/tudo.csv", "entrada/people-1.csv", "entrada/a.xml", "entrada/"])
def test_refuses_a_name_that_says_no_format_or_dataset(name: str) -> None:
    (error,) = read_file(name, b"x").errors
    assert error.file == name


@pytest.mark.parametrize(
    ("name", "quoted"),
    [
        ("fone", "fone"),
        ("11122233396", "?"),
        ("ana@demo.aval.example", "?"),
        ("x" * 40, "x" * 40),
        ("x" * 41, "?"),
    ],
)
def test_an_unknown_name_is_quoted_only_if_it_looks_like_one(name: str, quoted: str) -> None:
    assert complaints("a.json", b'{"%s": []}' % name.encode()) == [("", quoted)]
    assert complaints("a.json", b'{"pessoas": [{"%s": 1}]}' % name.encode()) == [("/pessoas/0", quoted)]
    assert ("linha 1", quoted) in complaints(PEOPLE, f"{name};email;cpf;nome\n".encode())


def test_a_file_may_have_as_many_rows_as_the_limit_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MOST_ROWS", 3)
    too_many = [("", "o arquivo passa de 3 linhas")]
    assert complaints("a.json", b'{"pessoas": [{}, {}], "calendario": [{}]}') == []
    assert complaints("a.json", b'{"pessoas": [{}, {}], "calendario": [{}, {}]}') == too_many
    assert complaints(PEOPLE, b"cpf;nome;email\n" + b"1;2;3\n" * 3) == []
    assert complaints(PEOPLE, b"cpf;nome;email\n" + b"1;2;3\n" * 4) == too_many


def test_a_file_may_be_as_large_as_the_limit_and_no_larger(monkeypatch: pytest.MonkeyPatch) -> None:
    content = b'{"pessoas": []}'
    monkeypatch.setattr(formats, "LARGEST_FILE", len(content))
    assert read_file("a.json", content).errors == []
    (error,) = read_file("a.json", content + b" ").errors
    assert isinstance(error, LoadError)
    assert error.detail.startswith("o arquivo passa de")
