"""What makes the command fail at its end, when all else is done."""

from ci import UserError
from ci.claims.verdict import NOT_RUN


def complain(results, figures, folder, no_run):
    """UserError if a check, a figure or a run of a claim failed.

    Parameters
    ----------
    results : list of Result
    figures : list of Figure, of the same claims
    folder : Path, where the results and the logs are
    no_run : bool, whether to judge only what was there
    """
    said = [of_files(results, figures), of_runs(results, folder, no_run)]
    if any(said):
        raise UserError("; ".join(filter(None, said)))


def of_files(results, figures):
    """Complain if a claim's check or figure ended with an error, else ""."""
    failed = [
        f"{result.claim.name}: {result.verdict.reason or figure.reason}"
        for result, figure in zip(results, figures, strict=True)
        if result.verdict.broken or figure.reason]
    if not failed:
        return ""
    return (f"expected every check and figure to end, got "
            f"{', '.join(failed)}: mend the files of these claims")


def of_runs(results, folder, no_run):
    """Complain if a run left no results; without runs, if no claim has any;
    else ""."""
    failed = [claim.name for claim, verdict, *_ in results
              if verdict.verdict == NOT_RUN and not verdict.broken]
    if no_run and len(failed) == len(results):
        return (
            f"expected results to judge the claims by in {folder}, got none "
            f"for {', '.join(failed)}: leave --no-run out, or name their "
            f"folder with --output")
    if failed and not no_run:
        return (
            f"expected every run to end, got none for {', '.join(failed)}: "
            f"see the reasons above, and the logs (.log) in {folder}")
    return ""
