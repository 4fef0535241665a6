import pytest

from aval.settings import SettingMissing, Settings, Variable


def test_reads_our_variables_and_nothing_beside_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in Variable:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv(Variable.REGISTRY_TABLE, "registry")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    assert Settings.from_env() == Settings({Variable.REGISTRY_TABLE: "registry"})


@pytest.mark.parametrize("values", [{}, {Variable.REGISTRY_TABLE: ""}])
def test_a_variable_that_is_absent_or_empty_is_missing(values: dict[Variable, str]) -> None:
    settings = Settings(values)
    assert settings.optional(Variable.REGISTRY_TABLE) == ""
    with pytest.raises(SettingMissing):
        settings[Variable.REGISTRY_TABLE]
