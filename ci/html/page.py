"""Turn benchopt's page of one run into one file that needs no network."""

import base64
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import benchopt

from ci import UserError
from ci.html.repairs import REPAIRS

VENDOR = Path(__file__).parent / "vendor"

# What the page of benchopt 1.10.0 loads from the web, and the copy of it.
VENDORED = {
    '<script src="https://cdn.plot.ly/plotly-2.12.1.min.js"></script>':
        "plotly.js-2.12.1/plotly.min.js",
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

# The browser itself then refuses whatever is not in the file.
POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="'
    "default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data: blob:; font-src data:"
    '">'
)

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


class _Requests(HTMLParser):
    """Collect the tags that would make a browser fetch something."""

    def __init__(self, html):
        super().__init__()
        self.found, self.in_style = [], False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.in_style = tag == "style"
        names = {"src", "srcset", "poster", "data", "background"}
        if tag != "a":
            names |= {"href", "xlink:href"}
        for name, value in attrs:
            if name in names and not (value or "").startswith(("data:", "#")):
                self.found.append(f'<{tag} {name}="{value}">')
            elif name == "style":
                self.check_style(value or "")

    def handle_endtag(self, tag):
        self.in_style = False

    def handle_data(self, data):
        if self.in_style:
            self.check_style(data)

    def check_style(self, style):
        self.found += re.findall(r"@import[^;]*", style)
        self.found += re.findall(r"""url\(\s*(?!["']?(?:data:|#))[^)]*\)""",
                                 style)


def requests(html):
    """List what a browser would fetch to show a page.

    Parameters
    ----------
    html : str

    Returns
    -------
    list of str, the tags and style rules that name something outside the
    page. Ordinary links (`<a href>`) are none.
    """
    return _Requests(html).found


def script_safe(text):
    """Keep a script's text from ending its <script> element.

    Parameters
    ----------
    text : str, JavaScript where `</script` and `<!--` occur within strings
        or regular expressions only

    Returns
    -------
    str, a script of the same meaning.
    """
    text = re.sub(r"</(?=script)", r"<\\/", text, flags=re.IGNORECASE)
    return text.replace("<!--", r"<\!--")


def inlined(name):
    """Return a vendored file as an HTML element, with its licence.

    Parameters
    ----------
    name : str, a path below `ci/html/vendor`

    Returns
    -------
    str, a <script> or <style> element.
    """
    path = VENDOR / name
    licence = next(path.parent.glob("LICENSE*")).read_text("utf-8")
    text = path.read_text("utf-8")
    # developer tools would look for a file beside the report
    text = re.sub(r"^//# sourceMappingURL=.*$", "", text, flags=re.MULTILINE)
    text = f"/*! {path.parent.name}\n\n{licence}*/\n{text}"
    if path.suffix == ".css":
        return f"<style>\n{text}\n</style>"
    return f"<script>\n{script_safe(text)}\n</script>"


def offline(html, result_file):
    """Make benchopt's page of one run a single file.

    Scripts and styles come from `ci/html/vendor`, the result file is embedded
    for the button "Data", and some errors of the page's script are repaired.

    Parameters
    ----------
    html : str, the page, rendered with `home=HOME` and `fname=DATA`
    result_file : Path of the run's parquet file

    Returns
    -------
    str, the page; UserError if it is not the page of the benchopt version
    that this module knows, or if it still asks for a file.
    """
    for times, pattern, new in LINKS:
        html, got = re.subn(pattern, new, html)
        _expect(pattern, times, got)
    for times, old, new in REPAIRS:
        _expect(old, times, html.count(old))
        html = html.replace(old, new)
    html = html.replace("</body>", _save_results(result_file) + "</body>")
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
    name = json.dumps(path.name).replace("<", r"\u003c")
    return f"""<script>
const saveResults = () => downloadBlob(new Blob([Uint8Array.from(
  atob("{content}"), c => c.charCodeAt(0)
)]), {name});
</script>
"""
