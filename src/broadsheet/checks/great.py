"""What the checks use of Great Expectations, in one place: its import takes half a second and 90 MB.

It would take more than twice as long with the libraries that its drawings, documents and statistics alone use, with
its sources of data and with all of its expectations, few of which a check asks for: those are left to be loaded when
something of them is used. What a data context has of fluent sources of data is not there, nor has the package of
expectations all of them for a star: who wants both in one process with the checks imports Great Expectations first.
"""

import atexit
import gc
import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader, find_spec
from types import ModuleType
from typing import Any

from broadsheet.collection import no_search_for_cycles

# Read when Great Expectations is imported, so before that.
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
_CONFIGURATION = "configuration"
_SELDOM_USED = ("altair", "jsonschema", "mistune", "scipy.stats", "tzlocal")
# Packages that import all of their modules, of which few are used, and those that what is used of them is in.
_EXPECTATIONS = "great_expectations.expectations.core"
_IN_PIECES = {
    "great_expectations.datasource.fluent": ("interfaces", "batch_request", "invalid_datasource"),
    "great_expectations.expectations": ("expectation",),
    _EXPECTATIONS: (),
    "great_expectations.metrics": (),
    "great_expectations.metrics.column": (),
}


class _InPieces(Loader):
    """Loads a package without its modules: these when a name is asked for that none of its modules `first` has."""

    def __init__(self, whole: Loader, first: Sequence[str]) -> None:
        self._whole = whole
        self._first = first

    def create_module(self, spec: ModuleSpec) -> None:
        """A module as any other."""

    def exec_module(self, module: ModuleType) -> None:
        """Leave what the package does until a name of it is asked for."""

        def named(name: str) -> Any:
            if name.startswith("__") or find_spec(f"{module.__name__}.{name}"):
                raise AttributeError(name)
            for each in self._first:
                found = importlib.import_module(f"{module.__name__}.{each}")
                if hasattr(found, name):
                    return getattr(found, name)
            del vars(module)["__getattr__"]
            self._whole.exec_module(module)
            return getattr(module, name)

        vars(module)["__getattr__"] = named


class _WhenUsed(MetaPathFinder):
    """Finds modules that are to be loaded when an attribute of theirs is asked for."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        known = fullname in _SELDOM_USED or fullname in _IN_PIECES
        spec = PathFinder.find_spec(fullname, path, target) if known else None
        if spec and spec.loader:
            pieces = _IN_PIECES.get(fullname)
            spec.loader = LazyLoader(spec.loader) if pieces is None else _InPieces(spec.loader, pieces)
        return spec


@contextmanager
def _loaded_when_used() -> Iterator[None]:
    finder = _WhenUsed()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


with _loaded_when_used(), no_search_for_cycles():
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
    from great_expectations.validator.metric_configuration import MetricConfiguration, MetricConfigurationID
    from great_expectations.validator.validator import Validator

    # A search for cycles would go through the hundreds of thousands of objects of the import, a tenth of a second each
    # time, the first as soon as it is allowed. At the end Python must find them, or DuckDB prints that they leak.
    gc.freeze()

atexit.register(gc.unfreeze)
VERSION = great_expectations.__version__


def get_expectation_impl(name: str) -> type[Expectation]:
    """The class of an expectation. Raises ExpectationNotFoundError."""
    if name.isidentifier() and find_spec(f"{_EXPECTATIONS}.{name}"):
        importlib.import_module(f"{_EXPECTATIONS}.{name}")
    return registry.get_expectation_impl(name)


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
