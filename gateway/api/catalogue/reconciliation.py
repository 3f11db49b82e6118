"""Messages for the codes of the reconciliation."""

MESSAGES: dict[str, tuple[str, str]] = {
    "reconciliation.terms_unfit": ("对账约定不合规", "The terms do not fit"),
    "reconciliation.terms_unknown": (
        "与该对方没有此类文件的对账约定",
        "There are no terms with this counterparty about this kind of file",
    ),
    "reconciliation.not_the_owner": (
        "非本对方的文件或任务",
        "This belongs to another counterparty",
    ),
    "reconciliation.day_ahead": ("对账日尚未开始", "That day has not begun"),
    "reconciliation.counts_unfit": ("文件的计数不符", "The file's counts do not fit"),
    "reconciliation.day_recorded": (
        "该日已有另一份文件,须明示替代",
        "The day has another file; say that this one supersedes it",
    ),
    "reconciliation.nothing_to_supersede": (
        "该日没有可替代的文件",
        "The day has no file that could be superseded",
    ),
    "reconciliation.changed_meanwhile": (
        "期间已登记另一份文件,请重新上传",
        "Another file was recorded meanwhile; upload again",
    ),
    "reconciliation.task_unknown": ("没有此任务", "There is no such task that can still change"),
    "reconciliation.task_state_unfit": (
        "任务状态不允许此操作",
        "The task's state does not allow this",
    ),
    "reconciliation.assignee_unfit": (
        "经办人须为运营方或该对方的有效操作者",
        "The assignee must be a live key of the operator or of the counterparty",
    ),
    "reconciliation.assignee_only": ("仅经办人可答复", "Only the assignee may answer"),
    "reconciliation.file_unreadable": (
        "文件有误,未作任何更改",
        "The file has bad lines; nothing was changed",
    ),
    "reconciliation.file_not_found": ("没有此对账文件", "There is no such recorded file"),
    "reconciliation.books_too_large": (
        "账册超出一次对账的范围",
        "The books are too large for one comparison",
    ),
}
