"""`python -m pipelines` is the command `clearwater`."""

from pipelines.cli import main

if __name__ == "__main__":
    main()
