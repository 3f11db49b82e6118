"""What people read of exports: what was written, and what is wrong with one."""

from pathlib import Path
from typing import Any

import typer

from gateway.cli.credit import Language
from gep.exchange.checking import Checked, Fault, Found
from gep.exchange.tree import Export, tree_of

WORDS: dict[str, tuple[str, str]] = {
    "account": ("核算账", "account"),
    "written": ("已写入", "written"),
    "fits": (
        "哈希、每行价值、各项合计与每个单元格一致,精确到分",
        "hash, values, sums and every cell agree to the fen",
    ),
    "lines": ("行", "lines"),
    "printed": ("文件中", "in the file"),
    "expected": ("应为", "should be"),
    "yuan": ("元", "yuan"),
    "faults": ("处不符", "faults"),
    "not asked": (
        "未给出 --account:请用账本或引用中的哈希核对",
        "no --account given: compare the hash with that of the ledger or of a citation",
    ),
    "not judged": (
        "此处不判断:账本上的办理过程,以及实物量是否由输入得出",
        "not judged here: the course on the ledger, and whether quantities follow from inputs",
    ),
}
FAULTS: dict[Fault, str] = {
    Fault.CELL_CHANGED: "单元格被改动",
    Fault.ROW_CHANGED: "行被增删或改动",
    Fault.NOT_A_NUMBER: "不是数字",
    Fault.VALUE_DIFFERS: "价值与数量乘单价不符",
    Fault.SUM_DIFFERS: "合计与各行不符",
    Fault.ACCOUNT_UNFIT: "核算账不自洽",
    Fault.HASH_DIFFERS: "哈希不符",
    Fault.ANOTHER_ACCOUNT: "不是所指的核算账",
    Fault.BOUNDARY_UNFIT: "边界不符",
    Fault.NOT_AS_COMPUTED: "与核算账推得的不同",
}


def show_written(what: Export, path: Path, *, lang: Language) -> None:
    """Print where an account was written, and what a reader of it must know."""
    tree = tree_of(what)
    typer.echo(f"{_word('account', lang)} {what.account.hash}")
    for each in tree["notices"]:
        typer.echo(each["zh" if lang is Language.ZH else "en"])
    typer.echo(f"{_word('written', lang)} {path}")


def show_checked(found: Checked, *, expected: str | None, lang: Language) -> None:
    """Print what came of a check: each fault, or that there is none."""
    if found.account is not None:
        head = f"{found.account.id} {found.account.area.name} {found.account.year}"
        count = f"{len(found.account.lines)} {_word('lines', lang)}"
        typer.echo(f"{head}, {found.form.value}, {count}")
    for each in found.found:
        typer.echo(_fault(each, lang))
    if not found.found:
        typer.echo(_word("fits", lang))
    else:
        typer.echo(f"{len(found.found)} {_word('faults', lang)}")
    typer.echo(f"{_word('account', lang)} {found.hash}")
    if expected is None:
        typer.echo(_word("not asked", lang))
    typer.echo(_word("not judged", lang))


def checked_document(found: Checked) -> dict[str, Any]:
    """Return a check as plain values."""
    return {
        "format": found.form.value,
        "account": found.hash,
        "faults": [
            {
                "fault": each.fault.value,
                "place": each.place,
                "found": each.printed,
                "expected": each.expected,
                "difference_yuan": None
                if each.difference_yuan is None
                else f"{each.difference_yuan:f}",
            }
            for each in found.found
        ],
    }


def _fault(each: Found, lang: Language) -> str:
    name = each.fault.value
    code = f"{name}({FAULTS[each.fault]})" if lang is Language.ZH else name
    words = [f"{_word('printed', lang)} {each.printed}"] if each.printed else []
    words += [f"{_word('expected', lang)} {each.expected}"] if each.expected else []
    if each.difference_yuan is not None:
        words.append(f"{each.difference_yuan:,.2f} {_word('yuan', lang)}")
    return f"{code} {each.place}" + (f": {', '.join(words)}" if words else "")


def _word(name: str, lang: Language) -> str:
    chinese, english = WORDS[name]
    return chinese if lang is Language.ZH else english
