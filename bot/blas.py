"""Which kernels OpenBLAS, the arithmetic under numpy, should take.

It knows processors by their family. One that is newer than it gets those of the oldest: the
OpenBLAS in our numpy takes a new AMD EPYC for a Barcelona of 2007, and multiplies at less than half
its speed (docs/decisions/0014-openblas.md).
"""

from collections.abc import Mapping
from pathlib import Path

_CPUINFO = Path("/proc/cpuinfo")
_SETTING = "OPENBLAS_CORETYPE"
_ENOUGH_FOR_HASWELL = {"avx2", "fma"}


def kernels(environment: Mapping[str, str], cpuinfo: Path = _CPUINFO) -> dict[str, str]:
    """Return the setting that OpenBLAS needs on this machine, none where it knows better.

    Every AMD processor with AVX2 and FMA runs the kernels that OpenBLAS calls Haswell. A value of
    the caller stays; `cpuinfo` is Linux's description of the processors.
    """
    if environment.get(_SETTING) or not cpuinfo.exists():
        return {}
    told = cpuinfo.read_text("utf-8", "replace").split("\n\n", 1)[0]
    fields = dict(line.split(":", 1) for line in told.splitlines() if ":" in line)
    named = {name.strip(): value.strip() for name, value in fields.items()}
    is_amd = named.get("vendor_id") == "AuthenticAMD"
    fits = set(named.get("flags", "").split()) >= _ENOUGH_FOR_HASWELL
    return {_SETTING: "Haswell"} if is_amd and fits else {}
