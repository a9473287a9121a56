"""How figures are written: milliseconds, ratios, tables in Markdown; and what is said meanwhile."""

import sys


def say(text):
    print(f"==> {text}", file=sys.stderr, flush=True)


def ms(seconds):
    return f"{seconds * 1000:,.0f}" if seconds >= 0.1 else f"{seconds * 1000:.2f}"


def ratio(part, whole):
    return "–" if not whole else f"{part / whole:.3f}" if part / whole < 0.1 else f"{part / whole:.2f}"


def table(*rows):
    """A table: the first row has the names of its columns."""
    rows = [rows[0], ["---"] * len(rows[0]), *rows[1:]]
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in rows) + "\n"
