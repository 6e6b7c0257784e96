"""The `sojourn` command, and the printing of errors.

This module imports little, because each worker process imports it again as its main module.
"""

import contextlib
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command. On an error print one sentence to stderr and exit with code 1.

    `--verbose` adds details.
    """
    from app.cli.commands import VERBOSE, commands
    from app.progress import showing_progress

    words = list(sys.argv[1:] if arguments is None else arguments)
    # The option may also follow the command's name.
    end = words.index("--") if "--" in words else len(words)
    is_verbose = VERBOSE in words[:end]
    words = [word for word in words[:end] if word != VERBOSE] + words[end:]
    # A site has a log of its own.
    shown = contextlib.nullcontext() if words[:1] == ["serve"] else showing_progress()
    try:
        with shown:
            commands([VERBOSE, *words] if is_verbose else words)
    except Exception as error:
        from app.cli.connections import describe_details, describe_error

        print(f"sojourn: {describe_error(error)}", file=sys.stderr)
        if is_verbose:
            print(*describe_details(error), sep="\n", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
