"""Messages for the codes of jobs; the last three tell why one failed."""

MESSAGES: dict[str, tuple[str, str]] = {
    "work.kind_unknown": ("没有这种作业", "There is no such kind of job"),
    "work.parameters_unfit": ("作业参数不符合要求", "The job's parameters are not as expected"),
    "work.job_unknown": ("没有该作业", "There is no such job"),
    "work.job_over": ("作业已经结束", "The job has ended already"),
    "work.not_done": ("作业尚未完成", "The job is not done"),
    "work.no_file": ("该作业没有结果文件", "The job has no file"),
    "work.result_expired": ("作业结果已过保存期", "The job's result is kept no longer"),
    "work.too_many_open": ("未完成的作业过多", "Too many open jobs"),
    "work.key_reused": ("幂等键已用于另一作业", "The key stands for another job"),
    "work.owner_revoked": ("作业所有者的密钥已失效", "The job's owner has no live key"),
    "work.step_failed": ("作业步骤多次失败", "A step of the job has failed too often"),
    "work.worker_lost": ("执行该步骤的进程多次中断", "A step has lost its worker too often"),
}
