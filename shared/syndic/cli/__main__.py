"""``python -m syndic.cli`` is ``syndic``."""

from syndic.cli import main

if __name__ == "__main__":
    main()
