"""The command line: reads input, calls one function, prints the record it returned."""

from collections.abc import Sequence

from core import privacy
from core.cli.console import Console, let_go
from core.cli.parser import parse
from core.errors import UserError
from core.models import catalog
from core.workspace import Workspace

EXIT_DONE, EXIT_FAILED, EXIT_MISUSED, EXIT_INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code: 0 done, 1 something failed, 2 bad input."""
    console = Console(as_json="--json" in arguments)
    try:
        options = parse(arguments, console.language)
        privacy.close(options.workspace)
        catalog.look_in(Workspace(options.workspace))
        with privacy.private():
            failed = options.command(options, console)
    except UserError as error:
        console.error(error)
        return EXIT_MISUSED
    except BrokenPipeError:  # whoever read the output has seen enough
        let_go()
        return EXIT_DONE
    except OSError as error:
        console.error(UserError.of_system(error))
        return EXIT_MISUSED
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    return EXIT_FAILED if failed else EXIT_DONE
