"""What makes a page one file: a policy, vendored scripts, embedded data."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np

VENDOR = Path(__file__).parent / "vendor"
PLOTLY = "plotly.js-2.12.1/plotly.min.js"

# With it, the browser itself refuses whatever is not in the file.
POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="'
    "default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data: blob:; font-src data:"
    '">'
)


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


def script_json(data):
    """Write data as JSON that may stand within a <script> element.

    Parameters
    ----------
    data : nested dicts and lists of texts, numbers, arrays; numpy's, too

    Returns
    -------
    str, a JavaScript expression without `<`.
    """
    text = json.dumps(data, default=lambda x: np.asarray(x).tolist())
    return text.replace("<", r"\u003c")


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
