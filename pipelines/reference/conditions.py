"""Pages of the language of conditions: CEL as it is here, and every function."""

from __future__ import annotations

DIFFERENCES: dict[str, str] = {
    "substring up to the end": (
        "`'abc'.substring(0, 3)` is `'abc'`. Google's refuses an end right behind the last "
        "character of a text whose type is known only when it runs."
    ),
    "keys that no map has": (
        "`null in {'a': 1}` is false here as in cel-go. Google's C++ has no such overload."
    ),
    "digits of a second": (
        "`string()` of a time or duration writes as many digits as there are, as cel-go does: "
        "`0.1s`. Google's C++ writes three, six or nine: `0.100s`."
    ),
    "order of maps": (
        "Macros visit the entries of a map in the order in which it was written. The language "
        "leaves that open."
    ),
    "%d of a double": "`%d` writes a double in its shortest form, `2.5`; Google's C++ `2.500000`.",
    "%s of bytes": (
        "Bytes that are no UTF-8 are an error of `%s`, as of `string()`. Google's C++ makes a "
        "text of them that is none."
    ),
    "years of fewer digits": (
        "Years before 1000 have four digits, as RFC 3339 says. Google's C++ reads them with fewer, "
        "and `%s` writes them so."
    ),
    "failures that are not absorbed": (
        "A key given twice, or a clause of `format` that does not fit, is a failure like others: "
        "`true ||` absorbs it. In Google's C++ it ends the evaluation."
    ),
    "the sign of NaN": "`string(0.0 / 0.0)` is `nan`; Google's C++ shows a sign: `-nan`.",
}
"""Where our values differ from those of Google's implementation (cel-expr-python), and why."""
