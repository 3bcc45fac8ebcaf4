"""What the checks use of Great Expectations, in one place: its import takes a second and 200 MB.

It would take twice as long with the libraries that its drawings, documents and statistics alone use, none of which a
check asks for: those are left to be loaded when something of them is used.
"""

import atexit
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

from broadsheet.collection import no_search_for_cycles

# Read when Great Expectations is imported, so before that.
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
_CONFIGURATION = "configuration"
_SELDOM_USED = ("altair", "jsonschema", "mistune", "scipy.stats", "tzlocal")


class _WhenUsed(MetaPathFinder):
    """Finds the modules `names`, to be loaded when an attribute of theirs is asked for."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname in self._names else None
        if spec and spec.loader:
            spec.loader = LazyLoader(spec.loader)
        return spec


@contextmanager
def _loaded_when_used(names: Sequence[str]) -> Iterator[None]:
    finder = _WhenUsed(names)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


with _loaded_when_used(_SELDOM_USED), no_search_for_cycles():
    import great_expectations
    from great_expectations.compatibility import pydantic
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.exceptions import ExpectationNotFoundError, GreatExpectationsError, MetricResolutionError
    from great_expectations.execution_engine import ExecutionEngine
    from great_expectations.expectations import registry
    from great_expectations.expectations.expectation import BatchExpectation, Expectation
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.expectations.metadata_types import FailureSeverity
    from great_expectations.expectations.metrics.metric_provider import MetricProvider
    from great_expectations.expectations.registry import get_expectation_impl
    from great_expectations.validator.metric_configuration import MetricConfiguration, MetricConfigurationID
    from great_expectations.validator.validator import Validator

    # A search for cycles would go through the hundreds of thousands of objects of the import, a tenth of a second each
    # time, the first as soon as it is allowed. At the end Python must find them, or DuckDB prints that they leak.
    gc.freeze()

atexit.register(gc.unfreeze)
VERSION = great_expectations.__version__


@contextmanager
def configurations_kept() -> Iterator[None]:
    """Inside, an expectation makes its configuration once: it does so anew for each argument that it reads of itself.

    That is half of what an expectation costs. The expectations must not change meanwhile.
    """
    made: dict[int, tuple[Expectation, ExpectationConfiguration]] = {}
    always_new = vars(Expectation)[_CONFIGURATION]

    def kept(expectation: Expectation) -> ExpectationConfiguration:
        # With the expectation, so that no other one gets its id.
        if id(expectation) not in made:
            made[id(expectation)] = (expectation, always_new.__get__(expectation))
        return made[id(expectation)][1]

    setattr(Expectation, _CONFIGURATION, property(kept))
    try:
        yield
    finally:
        setattr(Expectation, _CONFIGURATION, always_new)


__all__ = [
    "VERSION",
    "BatchExpectation",
    "ExecutionEngine",
    "Expectation",
    "ExpectationNotFoundError",
    "ExpectationValidationResult",
    "FailureSeverity",
    "GreatExpectationsError",
    "MetricConfiguration",
    "MetricConfigurationID",
    "MetricProvider",
    "MetricResolutionError",
    "Validator",
    "configurations_kept",
    "get_expectation_impl",
    "pydantic",
    "registry",
]
