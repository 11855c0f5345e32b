"""``suicha`` that is killed where it would call a function: its name, then the command's words."""

from __future__ import annotations

import importlib
import os
import signal
import sys

from server.cli.main import suicha

if __name__ == "__main__":
    place, name = sys.argv[1].rsplit(".", 1)
    folder, _, last = place.rpartition(".")
    is_class = last[0].isupper()
    module = importlib.import_module(folder if is_class else place)
    owner = getattr(module, last) if is_class else module
    setattr(owner, name, lambda *_a, **_k: os.kill(os.getpid(), signal.SIGKILL))
    suicha(sys.argv[2:])
