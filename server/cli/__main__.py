"""``python -m server.cli``."""

from server.cli.main import suicha

if __name__ == "__main__":
    suicha(prog_name="suicha")
