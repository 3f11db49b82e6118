"""Why a native scheme gives no result.

DomainError
 +- SchemeUnknown        the rule set has no such scheme
 +- SchemeOff            its official annex is missing; the refusal says which piece
 +- NativeInputRefused   the score, ratio or indicators are not what the scheme takes
"""

from kernel.errors import DomainError, Kind


class SchemeUnknown(DomainError):
    """The rule set has no scheme of that name."""

    code = "credit_scoring.scheme_unknown"
    kind = Kind.NOT_FOUND

    def __init__(self, scheme: str) -> None:
        super().__init__(f"no scheme {scheme}", field="scheme", expected="a scheme of the rule set")
        self.scheme = scheme


class SchemeOff(DomainError):
    """The scheme is switched off, for a piece of it was never seen."""

    code = "credit_scoring.scheme_off"

    def __init__(self, scheme: str, *, missing: str) -> None:
        super().__init__(
            f"{scheme} is off; missing: {missing}",
            field="scheme",
            expected="a scheme that is on",
            data={"scheme": scheme, "missing": missing},
        )
        self.scheme, self.missing = scheme, missing


class NativeInputRefused(DomainError):
    """What is to be rated is not what the scheme takes."""

    code = "credit_scoring.native_input_refused"
    kind = Kind.MALFORMED

    def __init__(self, scheme: str, *, field: str, expected: str, found: str) -> None:
        super().__init__(
            f"{scheme}, {field}: expected {expected}, found {found}",
            field=field,
            expected=expected,
            data={"scheme": scheme, "found": found},
        )
        self.scheme = scheme
