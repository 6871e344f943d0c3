"""``python -m ipvi_cli`` is ``ipvi``."""

from ipvi_cli.cli.exits import main

if __name__ == "__main__":
    main()
