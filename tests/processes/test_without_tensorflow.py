"""The stand-in for TensorFlow: importable, subclassable, loud when used."""

import subprocess
import sys

from bot.processes.state import PROJECT

STAND_IN = PROJECT / "stand_ins" / "tensorflow"


def _python(code: str) -> subprocess.CompletedProcess[str]:
    """Run `code` with the stand-in first on the path, whatever this environment has."""
    code = f"import sys; sys.path.insert(0, {str(STAND_IN)!r})\n{code}"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )


def test_every_name_can_be_imported_and_subclassed() -> None:
    done = _python(
        "import tensorflow as tf\n"
        "from tensorflow.python.eager.wrap_function import WrappedFunction\n"
        "from keras.utils import tf_utils\n"
        "class Layer(tf.keras.layers.Layer): pass\n"
        "assert issubclass(Layer, tf.keras.Model)\n"
        "assert not isinstance(1, tf.SparseTensor)\n"
    )
    assert done.returncode == 0, done.stderr


def test_using_it_says_what_is_missing() -> None:
    done = _python("import tensorflow as tf; tf.constant(1)")
    assert done.returncode == 1
    assert "needs TensorFlow, which Haki does not install" in done.stderr


def test_all_of_rasas_components_can_be_imported() -> None:
    done = _python(
        "import rasa.engine.recipes.default_components, rasa.server, rasa.model_training"
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_a_neural_component_is_refused_in_a_sentence() -> None:
    done = _python(
        "from rasa.nlu.classifiers.diet_classifier import DIET\n"
        "DIET(data_signature={}, label_data=None, entity_tag_specs=None, config={})\n"
    )
    assert done.returncode == 1
    assert "AbsentError" in done.stderr


def test_the_lock_brings_no_tensorflow() -> None:
    lock = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    names = [line.partition("==")[0] for line in lock.splitlines() if line[:1].isalnum()]
    assert "rasa" in names
    assert not [name for name in names if name.startswith(("tensorflow", "keras", "jax"))]


def test_the_lock_names_hashes_and_no_address() -> None:
    lock = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--index" not in lock
    assert "--find-links" not in lock
    blocks = lock.split("\n\n")
    assert all("--hash=sha256:" in block for block in blocks if "==" in block)
