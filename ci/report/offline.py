"""Turn benchopt's page of one run into one file that needs no network."""

import base64
import re
from pathlib import Path

import benchopt

from ci import UserError
from ci.html.page import PLOTLY, POLICY, VENDOR, inlined, requests, script_json
from ci.report.layout import CHANGES, SUMMARY, end
from ci.report.repairs import REPAIRS

# What the page of benchopt 1.10.0 loads from the web, and the copy of it.
VENDORED = {
    '<script src="https://cdn.plot.ly/plotly-2.12.1.min.js"></script>':
        PLOTLY,
    '<script src="https://cdn.jsdelivr.net/npm/gridjs@6.2.0/dist/'
    'gridjs.umd.js"></script>':
        "gridjs-6.2.0/gridjs.umd.js",
    '<script src="https://cdnjs.cloudflare.com/ajax/libs/animejs/2.0.2/'
    'anime.min.js"></script>':
        "animejs-2.0.2/anime.min.js",
    '<link href="https://cdn.jsdelivr.net/npm/gridjs@6.2.0/dist/theme/'
    'mermaid.min.css" rel="stylesheet">':
        "gridjs-6.2.0/mermaid.min.css",
}

# What `offline` expects the page to be rendered with.
HOME, DATA = "#home", "#data"

# (how often, pattern, replacement) for what a single file cannot have.
LINKS = [
    (1, r'<meta charset="utf-8" />', r"\g<0>" + POLICY),
    (2, r'<link rel="preconnect"[^>]*>', ""),
    (1, r'<link href="https://fonts\.googleapis[^>]*>', ""),
    (2, rf'<a href="{HOME}"[^>]*>Home</a>', ""),
    (2, rf'href="{DATA}"', 'href="#" onclick="return saveResults()"'),
]


def offline(html, result_file, summary=""):
    """Make benchopt's page of one run a single file.

    Scripts and styles come from `ci/html/vendor`, the result file is embedded
    for the button "Data", some errors of the page's script are repaired, and
    some things are laid out differently.

    Parameters
    ----------
    html : str, the page, rendered with `home=HOME` and `fname=DATA`
    result_file : Path of the run's parquet file
    summary : str, HTML that goes before the plots

    Returns
    -------
    str, the page; UserError if it is not the page of the benchopt version
    that this module knows, or if it still asks for a file.
    """
    for times, pattern, new in LINKS:
        html, got = re.subn(pattern, new, html)
        _expect(pattern, times, got)
    for times, old, new in [
            *REPAIRS, *CHANGES, (1, SUMMARY, SUMMARY + summary)]:
        _expect(old, times, html.count(old))
        html = html.replace(old, new)
    html = html.replace(
        "</body>", f"{end()}{_save_results(result_file)}</body>")
    for tag, name in VENDORED.items():
        _expect(tag, 1, html.count(tag))
        html = html.replace(tag, inlined(name))
    left = requests(html)
    if left:
        raise UserError(
            f"expected a page without requests, got {left}: add a licensed "
            f"copy to {VENDOR.name}/ and to VENDORED in {Path(__file__).name}"
        )
    return html


def _expect(text, times, got):
    if times != got:
        raise UserError(
            f"expected {times} times {text!r} in benchopt's page, got {got}: "
            f"{Path(__file__).name} is written for benchopt 1.10.0, installed "
            f"is {benchopt.__version__}; adapt it, or install 1.10.0"
        )


def _save_results(path):
    content = base64.b64encode(path.read_bytes()).decode("ascii")
    return f"""<script>
const saveResults = () => downloadBlob(new Blob([Uint8Array.from(
  atob("{content}"), c => c.charCodeAt(0)
)]), {script_json(path.name)});
</script>
"""
