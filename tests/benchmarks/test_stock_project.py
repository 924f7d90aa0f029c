from pathlib import Path

import yaml

from benchmarks.stock.project import write_project
from bot.processes.state import PROJECT


def test_the_stock_project_has_hakis_intents_and_answers_each_with_one_message(
    tmp_path: Path,
) -> None:
    write_project(PROJECT, tmp_path / "stock", ("en",))

    domain = yaml.safe_load((tmp_path / "stock/domain.yml").read_text(encoding="utf-8"))
    rules = yaml.safe_load((tmp_path / "stock/data/rules.yml").read_text(encoding="utf-8"))["rules"]
    ours = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))["intents"]
    ruled = {rule["steps"][0]["intent"] for rule in rules}

    assert domain["intents"] == [*ours, "nlu_fallback"]
    assert ruled == set(domain["intents"])
    for rule in rules:
        assert rule["steps"][1]["action"] == f"utter_{rule['steps'][0]['intent']}"
        (response,) = domain["responses"][rule["steps"][1]["action"]]
        assert "\n\n" not in response["text"].strip()


def test_its_pipeline_and_policies_are_rasas_own_defaults(tmp_path: Path) -> None:
    write_project(PROJECT, tmp_path / "stock", ("en",))

    config = yaml.safe_load((tmp_path / "stock/config.yml").read_text(encoding="utf-8"))

    assert config["pipeline"] is None
    assert config["policies"] is None
