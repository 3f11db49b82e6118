"""What names a subject: a credit code and an industry division, or a village's region code."""

from kernel.identifiers import CreditCodeInvalid, check_credit_code

# GB/T 4754-2017: each section's letter with its first and last division.
_SECTIONS = {
    "A": (1, 5),
    "B": (6, 12),
    "C": (13, 43),
    "D": (44, 46),
    "E": (47, 50),
    "F": (51, 52),
    "G": (53, 60),
    "H": (61, 62),
    "I": (63, 65),
    "J": (66, 69),
    "K": (70, 70),
    "L": (71, 72),
    "M": (73, 75),
    "N": (76, 79),
    "O": (80, 82),
    "P": (83, 83),
    "Q": (84, 85),
    "R": (86, 90),
    "S": (91, 96),
    "T": (97, 97),
}
DIVISION_LENGTH = 3
# GB/T 2260: the first two digits of a region code, by province.
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 "  # noqa: SIM905  a list of so many reads worse
    "61 62 63 64 65 71 81 82".split()
)
# No province has it: where the places of a demonstration lie.
INVENTED_PROVINCE = "99"
COUNTY_DIGITS = 6
VILLAGE_DIGITS = 12
_VILLAGE_DIGITS_OF_TOWN = 9


def credit_code_fault(code: str) -> str | None:
    """Say what was expected of a unified social credit code (GB 32100), ``None`` where it fits."""
    try:
        check_credit_code(code)
    except CreditCodeInvalid as error:
        return error.expected
    return None


def division_fault(division: str) -> str | None:
    """Say what was expected of an industry division (GB/T 4754), ``None`` where it fits.

    It is written as its section's letter and two digits: C44 is no division, D44 is.
    """
    first, last = _SECTIONS.get(division[:1], (0, 0))
    digits = division[1:]
    if len(division) != DIVISION_LENGTH or not (digits.isascii() and digits.isdigit()):
        return "a letter A to T and two digits, such as D44"
    if not first <= int(digits) <= last:
        return f"a division of section {division[:1]}, {first:02} to {last:02}"
    return None


def county_fault(code: str, *, is_invented: bool = False) -> str | None:
    """Say what was expected of a county's region code (GB/T 2260), ``None`` where it fits.

    ``is_invented`` allows the province of invented places too.
    """
    return _region_fault(code, digits=COUNTY_DIGITS, is_invented=is_invented)


def village_fault(code: str, *, is_invented: bool = False) -> str | None:
    """Say what was expected of a village's region code, ``None`` where it fits.

    Six digits of the county, three of the township, three of the village (统计用区划代码);
    ``is_invented`` allows the province of invented places too.
    """
    fault = _region_fault(code, digits=VILLAGE_DIGITS, is_invented=is_invented)
    if fault is None and "000" in {code[COUNTY_DIGITS:_VILLAGE_DIGITS_OF_TOWN], code[-3:]}:
        return "a township and a village other than 000"
    return fault


def _region_fault(code: str, *, digits: int, is_invented: bool) -> str | None:
    if len(code) != digits or not (code.isascii() and code.isdigit()):
        return f"{digits} digits"
    if code[:2] in _PROVINCES or (is_invented and code[:2] == INVENTED_PROVINCE):
        return None
    return "a province of GB/T 2260"
