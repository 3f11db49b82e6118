"""Messages for the codes of audits."""

MESSAGES: dict[str, tuple[str, str]] = {
    "audit.scope_unfit": ("没有这样的审计范围", "There is no such scope of an audit"),
    "audit.scope_empty": ("已公布的账本中没有该范围的内容", "The published log has nothing of it"),
    "audit.scope_too_large": (
        "范围过大,请以作业方式导出(POST /v1/jobs),或用命令行 ./ecorights audit export",
        "Too large to wait for; ask for a job (POST /v1/jobs), or ./ecorights audit export",
    ),
    "audit.not_published": ("账本尚未公布检查点", "The log has no checkpoint yet"),
}
