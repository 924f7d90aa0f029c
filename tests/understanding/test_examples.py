"""The training messages as they are read from their files."""

from pathlib import Path

import pytest

from bot.understanding.examples import BadExamples, read_examples

GOOD = """nlu:
- intent: wages
  metadata: {also: [documents], danger: captivity, stage: return}
  examples: |
    - boss not pay
    - no salary
"""


def write(folder: Path, text: str) -> Path:
    (folder / "en").mkdir()
    (folder / "en" / "mine.yml").write_text(text, "utf-8")
    return folder


def test_messages_come_with_their_labels(tmp_path: Path) -> None:
    first, second = read_examples(write(tmp_path, GOOD))

    assert (first.text, second.text, first.language) == ("boss not pay", "no salary", "en")
    assert (first.example.intent, first.example.also) == ("wages", ("documents",))
    assert first.example.danger == "captivity"
    assert first.example.stage == "return"


@pytest.mark.parametrize(
    "text",
    ["nlu: [", "", "stories: []", "nlu: [wages]", "nlu: [{intent: wages}]",
     "nlu: [{examples: '- no pay'}]", "nlu: [{intent: wages, examples: [no pay]}]",
     "nlu: [{intent: wages, metadata: {stage: home}, examples: '- no pay'}]"],
)  # fmt: skip
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadExamples, match=r"en/mine\.yml"):
        list(read_examples(write(tmp_path, text)))
