"""What the checks use of Great Expectations, in one place: its import takes a second and 200 MB.

It would take twice as long with the libraries that its drawings, documents and statistics alone use, none of which a
check asks for: those are left to be loaded when something of them is used.
"""

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
    from great_expectations.expectations.metadata_types import FailureSeverity
    from great_expectations.expectations.metrics.metric_provider import MetricProvider
    from great_expectations.expectations.registry import get_expectation_impl
    from great_expectations.validator.metric_configuration import MetricConfiguration, MetricConfigurationID
    from great_expectations.validator.validator import Validator

VERSION = great_expectations.__version__

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
    "get_expectation_impl",
    "pydantic",
    "registry",
]
