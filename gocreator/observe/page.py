"""The report of a run as one page of HTML that needs no script and no network."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined

from gocreator.observe.figures import money, span
from gocreator.observe.timeline import timeline
from gocreator.resources import data_dir

_WIDTH, _ROW = 1000.0, 18
_TICKS = 5


def page(report: Mapping[str, Any], bytecode: BytecodeCache | None = None) -> str:
    """Return the page of a report; `bytecode` keeps the compiled template, which takes longer than all else."""
    folder = data_dir("templates") / "report"
    style = (folder / "report.css").read_text(encoding="utf-8")
    # The policy allows this very style, and nothing else; it covers what stands between the tags.
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    env = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=bytecode,
    )
    env.filters |= {"money": money, "span": span, "count": _count, "percent": "{:.0%}".format, "when": _when}
    template = env.get_template("report.html.j2")
    return template.render(report=report, style=style, digest=digest, chart=_chart(report))


def _chart(report: Mapping[str, Any]) -> dict[str, Any]:
    bars = timeline(report)
    end = max((bar.end for bar in bars), default=0.0) or 1.0
    scale = _WIDTH / end
    placed = [
        {
            "kind": bar.kind,
            "label": f"{bar.label} ({bar.end - bar.start:.2f} s, from {bar.start:.2f} s)",
            "critical": bar.critical,
            "x": round(bar.start * scale, 2),
            "y": bar.row * _ROW + 2,
            "width": round(max((bar.end - bar.start) * scale, 1.5), 2),
        }
        for bar in bars
    ]
    rows = max((bar.row for bar in bars), default=-1) + 1
    ticks = [{"x": round(_WIDTH * at / _TICKS, 1), "label": f"{end * at / _TICKS:.1f} s"} for at in range(_TICKS + 1)]
    kinds = list(dict.fromkeys(bar.kind for bar in bars))
    return {"bars": placed, "height": rows * _ROW + 4, "ticks": ticks, "kinds": kinds}


def _count(number: float | None) -> str:
    return "" if number is None else f"{number:,}"


def _when(text: str) -> str:
    """Write a time of RFC 3339 for people; what is not one yet stays as it is (see `reportfile.write_report`)."""
    return text.replace("T", " ").replace("Z", " UTC")
