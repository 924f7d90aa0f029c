"""`python -m bot.understanding.evaluation`: score the test set, as a table, JSON and a picture."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.library import Library
from bot.understanding.archive import ModelMissing
from bot.understanding.cards import rank
from bot.understanding.evaluation.labelled import FOLDER, Case, read_cases
from bot.understanding.evaluation.measures import Judged, confusions, measures
from bot.understanding.evaluation.picture import draw
from bot.understanding.live import Reader, reader, trained_archive
from bot.understanding.meaning import CARD_READING, reading_code

_SHOWN = {
    "messages": "n", "topic_macro_f1": "F1", "topic_top1": "top1", "topic_top3": "top3",
    "card_top1": "card1", "card_top3": "card3", "act": "act", "danger_recall": "dang",
    "danger_false_alarms": "false", "out_of_scope_recall": "oos", "calibration_error": "ece",
    "language": "lang", "country": "ctry", "stage": "stage",
}  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Run; the exit status is 1 when there is no model or no test set."""
    parser = argparse.ArgumentParser(prog="python -m bot.understanding.evaluation")
    parser.add_argument("--model", type=Path, help="a trained archive (default: the newest)")
    parser.add_argument("--cases", type=Path, default=FOLDER, help="folder of <language>.jsonl")
    parser.add_argument("--out", type=Path, help="folder for evaluation.txt, .json and .png")
    parser.add_argument("--mistakes", type=Path, help="write every mistake to this JSONL file")
    options = parser.parse_args(arguments)
    cases = read_cases(options.cases.glob("*.jsonl"))
    if not cases:
        return _fail(f"There is no test set in {options.cases}.")
    try:
        judged = judge(cases, reader(options.model))
    except ModelMissing as missing:
        return _fail(f"{missing} `make demo` trains one.")
    figures = by_language(judged)
    told = [table(figures)]
    for right, got, number in confusions(judged):
        told.append(f"  {number:3d} x {right} understood as {got}")
    sys.stdout.write("\n".join(told) + "\n")
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "evaluation.txt").write_text("\n".join(told) + "\n", "utf-8")
        (options.out / "evaluation.json").write_text(json.dumps(figures, indent=1), "utf-8")
        draw(judged, figures, options.out / "evaluation.png")
    if options.mistakes:
        _write_mistakes(judged, options.mistakes)
    return 0


def judge(cases: Sequence[Case], understand: Reader) -> list[Judged]:
    """Read every case through the live path; cards are ranked where a case names them."""
    library = None
    if any(case.cards for case in cases):
        library = Library.load(Path(__file__).resolve().parents[3] / "content")
        library.use_reading(
            CARD_READING, trained_archive().with_name(f"reading-{reading_code()}.npz")
        )
    stream = understand.read_stream((case.text, case.known) for case in cases)
    return [
        Judged(case, meant, rank(meant, known, library) if library and case.cards else ())
        for case, (meant, known) in zip(cases, stream, strict=True)
    ]


def by_language(judged: Sequence[Judged]) -> dict[str, dict[str, float | None]]:
    """Figures for each language and, under "all", for everything."""
    languages = sorted({item.case.language for item in judged})
    figures = {
        code: measures([item for item in judged if item.case.language == code])
        for code in languages
    }
    return {**figures, "all": measures(judged)}


def table(figures: dict[str, dict[str, float | None]]) -> str:
    """The figures as text, one language a line."""
    lines = ["     " + " ".join(f"{name:>5}" for name in _SHOWN.values())]
    for code, row in figures.items():
        cells = (_cell(name, row[name]) for name in _SHOWN)
        lines.append(f"{code:<4} " + " ".join(cells))
    return "\n".join(lines)


def _cell(name: str, value: float | None) -> str:
    if value is None:
        return "    -"
    return f"{value:5.0f}" if name == "messages" else f"{value:5.2f}"


def _write_mistakes(judged: Sequence[Judged], path: Path) -> None:
    with path.open("w", encoding="utf-8") as out:
        for item in judged:
            told = {
                "text": item.case.text,
                "language": [item.case.language, item.meant.language],
                "act": [item.case.act, item.meant.act],
                "topics": [item.case.topics, [name for name, _ in item.meant.topics[:3]]],
                "danger": [item.case.danger, item.meant.danger.rule if item.meant.danger else ""],
                "danger_score": round(item.meant.danger_score, 2),
            }
            wrong = item.case.act != item.meant.act or bool(item.case.danger) != bool(
                item.meant.danger
            )
            if wrong or (item.case.topics and item.meant.topics[0][0] not in item.case.topics):
                out.write(json.dumps(told, ensure_ascii=False) + "\n")


def _fail(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
