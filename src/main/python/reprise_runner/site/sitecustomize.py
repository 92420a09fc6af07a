"""The only module on the job's ``PYTHONPATH``: starts the harness, then hands over to the job's own ``sitecustomize``.

Python imports it before the program. Its folder is taken off ``sys.path`` again, so that nothing in the program sees it; ``PYTHONPATH`` stays in the
environment, so that child processes are reached. Without ``REPRISE_JOB`` the harness is not even loaded.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec, spec_from_file_location

_FOLDER = os.path.dirname(os.path.abspath(__file__))


def _leave_path() -> None:
    sys.path[:] = [entry for entry in sys.path if os.path.realpath(entry or os.curdir) != os.path.realpath(_FOLDER)]
    sys.path_importer_cache.pop(_FOLDER, None)


def _start_harness() -> None:
    """Loads ``reprise_runner`` from where it lies, without a folder on ``sys.path``, and starts it; exit code 87 where it cannot record."""
    try:
        folder = os.path.dirname(_FOLDER)
        spec = spec_from_file_location("reprise_runner", os.path.join(folder, "__init__.py"), submodule_search_locations=[folder])
        package = module_from_spec(spec)
        sys.modules["reprise_runner"] = package
        spec.loader.exec_module(package)
        from reprise_runner import harness

        harness.start(_FOLDER)
    except BaseException as problem:  # whatever it is, a run must not go on unrecorded
        os.write(2, f"reprise: cannot record this process: {type(problem).__name__}: {problem}\n".encode("utf-8", "replace"))
        getattr(os._exit, "__wrapped__", os._exit)(87)


def _chain() -> None:
    """Runs the next ``sitecustomize`` on ``sys.path`` under its own name; what it raises is ``site``'s to report, as it would be without us."""
    spec = PathFinder.find_spec("sitecustomize", sys.path)
    if spec is None or spec.loader is None:
        return
    module = module_from_spec(spec)
    sys.modules["sitecustomize"] = module
    spec.loader.exec_module(module)


_leave_path()
if os.environ.get("REPRISE_JOB"):
    _start_harness()
_chain()
