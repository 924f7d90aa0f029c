"""Running the graph of a loaded model without asking for its order at every message.

Rasa copies the graph's schema and lets dask order and execute it each time. The order of a loaded
model never changes: here it is found once for each set of targets. Nodes are called exactly as
dask calls them.
"""

from collections.abc import Mapping
from typing import Any, cast
from weakref import WeakKeyDictionary

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner

# By targets: the nodes in an order in which each comes after what it needs, with what it needs.
_Order = list[tuple[str, tuple[str, ...]]]
_orders: WeakKeyDictionary[DaskGraphRunner, dict[tuple[str, ...], _Order]] = WeakKeyDictionary()


def ordered(schema: GraphSchema) -> _Order:
    """Return the nodes of `schema`, each after those that it needs."""
    found: dict[str, tuple[str, ...]] = {}

    def visit(name: str) -> None:
        if name in found or name not in schema.nodes:
            return
        needs = tuple(schema.nodes[name].needs.values())
        for need in needs:
            visit(need)
        found[name] = needs

    for name in schema.nodes:
        visit(name)
    return list(found.items())


def run(
    runner: DaskGraphRunner,
    inputs: Mapping[str, Any] | None = None,
    targets: list[str] | None = None,
) -> dict[str, Any]:
    """Run the graph as `DaskGraphRunner.run` does. Raises GraphRunError as that does."""
    schema = runner._graph_schema  # noqa: SLF001
    wanted = tuple(targets or schema.target_names)
    known = _orders.setdefault(runner, {})
    if wanted not in known:
        known[wanted] = ordered(schema.minimal_graph_schema(list(wanted)))
    nodes = runner._instantiated_nodes  # noqa: SLF001
    done: dict[str, Any] = {}
    for name, value in (inputs or {}).items():
        if isinstance(value, str) and value in nodes:
            raise GraphRunError(f"Input value '{value}' clashes with a node name.")
        done[name] = (name, value)
    try:
        for name, needs in known[wanted]:
            done[name] = nodes[name](*(done.get(need, need) for need in needs))
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return dict(cast(tuple[str, Any], done[name]) for name in wanted)


def install() -> None:
    """Let every loaded model run this way."""
    DaskGraphRunner.run = run
