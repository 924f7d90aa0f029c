"""Stands where TensorFlow would: Rasa 3.6 can be imported, its neural components cannot be used.

Rasa imports TensorFlow for every command, also when no component of the project uses it, as none
of ours does. It would be 850 MB on disk, 290 MB of memory in each Rasa process and half of its
start. This package has a module for every name under `tensorflow` and `keras`; what a module
holds can be named and subclassed, and raises AbsentError when called. A real TensorFlow in
site-packages comes first on the path and is used instead.
"""

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, NoReturn

_ROOTS = ("tensorflow", "keras")


class AbsentError(RuntimeError):
    """Something that needs TensorFlow was used."""


class _Nameable(type):
    """Makes attributes of an absent class absent classes too: `tf.keras.layers.Layer`."""

    def __getattr__(cls, name: str) -> type:
        return _absent(name)


class Absent(metaclass=_Nameable):
    """Any class or function of TensorFlow. Subclasses may be defined but not made."""

    def __new__(cls, *_arguments: Any, **_options: Any) -> NoReturn:
        """Raise AbsentError: there is no TensorFlow behind this name."""
        raise AbsentError(
            "This component of Rasa needs TensorFlow, which Haki does not install. Choose another "
            "component, or install tensorflow-cpu==2.12.0 beside it."
        )


def _absent(name: str) -> type:
    if name.startswith("__"):
        raise AttributeError(name)
    return Absent


class _Finder(MetaPathFinder, Loader):
    """Finds every module below the roots that no other finder has found."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return a spec for our names."""
        if fullname.partition(".")[0] in _ROOTS:
            return ModuleSpec(fullname, self, is_package=True)
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Give the module its nameable contents."""
        vars(module)["__getattr__"] = _absent


__getattr__ = _absent
sys.meta_path.insert(0, _Finder())  # first: a keras of its own would not work on top of us
