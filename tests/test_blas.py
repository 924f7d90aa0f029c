"""Kernels for processors that OpenBLAS is too old to know."""

from pathlib import Path

import pytest

from bot.blas import kernels


def described(folder: Path, vendor: str, flags: str) -> Path:
    path = folder / "cpuinfo"
    one = f"processor\t: 0\nvendor_id\t: {vendor}\nmodel name\t: some\nflags\t\t: {flags}\n"
    path.write_text(f"{one}\n{one}", "utf-8")
    return path


@pytest.mark.parametrize(
    ("vendor", "flags", "expected"),
    [
        ("AuthenticAMD", "fpu sse2 fma avx avx2", {"OPENBLAS_CORETYPE": "Haswell"}),
        ("AuthenticAMD", "fpu sse2 sse4a", {}),
        ("GenuineIntel", "fpu fma avx2 avx512f", {}),
    ],
)
def test_an_amd_processor_gets_the_kernels_that_it_can_run(
    tmp_path: Path, vendor: str, flags: str, expected: dict[str, str]
) -> None:
    assert kernels({}, described(tmp_path, vendor, flags)) == expected


def test_the_callers_choice_stays(tmp_path: Path) -> None:
    cpuinfo = described(tmp_path, "AuthenticAMD", "fma avx2")
    assert kernels({"OPENBLAS_CORETYPE": "Zen"}, cpuinfo) == {}


def test_a_system_that_describes_no_processors_is_left_alone(tmp_path: Path) -> None:
    assert kernels({}, tmp_path / "missing") == {}
