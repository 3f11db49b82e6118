"""Messages for the codes of the archives."""

MESSAGES: dict[str, tuple[str, str]] = {
    "credit.subject_exists": ("该主体已有信用档案", "The party has an archive already"),
    "credit.subject_kind_unfit": ("主体类别与登记不符", "The kind is not that of the party"),
    "credit.code_invalid": ("代码不符合标准", "The code does not fit its standard"),
    "credit.code_not_the_partys": ("代码与登记主体不符", "The code is not that of the party"),
    "credit.division_invalid": ("行业代码不符合 GB/T 4754", "Not a division of GB/T 4754"),
    "credit.region_invalid": ("行政区划代码无效", "Not a valid region code"),
    "credit.term_unfit": ("期限超出范围", "The period is out of range"),
    "credit.department_only": (
        "仅获授权的部门可以报送",
        "Only an authorised department may report",
    ),
    "credit.facts_count_unfit": ("记录条数不符", "Too few or too many facts"),
    "credit.key_unfit": (
        "公钥或密钥编号格式不正确",
        "The key's name or its public key is malformed",
    ),
    "credit.key_doubled": (
        "该密钥编号或公钥已登记过",
        "The name or the public key was registered before",
    ),
    "credit.keys_too_many": ("该部门登记的密钥过多", "The department has too many keys"),
    "credit.key_unknown": ("该部门没有此密钥", "The department has no such key"),
    "credit.key_retired": ("该密钥已停用", "The key was retired"),
    "credit.signature_unfit": (
        "签名与内容不符",
        "The signature is not that of these facts by this key",
    ),
    "credit.batch_unfit": ("批次号超出范围", "The batch number is out of range"),
    "credit.batch_doubled": (
        "该批次号已使用",
        "The source has used this batch number already",
    ),
    "credit.intake_open": (
        "该部门有一份文件正在录入",
        "A file of the department is being taken in",
    ),
    "credit.intake_unknown": ("没有此录入中的文件", "There is no such open intake"),
    "credit.intake_unfit": (
        "录入清单不正确",
        "The lines or chunks of the intake do not fit",
    ),
    "credit.chunk_unfit": (
        "分块与清单不符或次序不对",
        "The chunk is not the next one of the manifest",
    ),
    "credit.intake_incomplete": ("文件尚未全部录入", "Not all chunks of the file are recorded"),
    "credit.batch_unknown": ("没有此签名批次", "There is no such signed batch"),
    "credit.upload_unknown": ("没有此上传文件", "There is no such uploaded file"),
    "credit.subject_unknown": ("没有此信用主体", "There is no such subject"),
    "credit.rule_unknown": ("已采用的规则集中没有此规则", "No adopted rule set has this rule"),
    "credit.rule_of_other_kind": (
        "规则不适用于该类主体",
        "The rule is for another kind of subject",
    ),
    "credit.rule_authorisation_missing": (
        "该部门无权报送此规则",
        "The department may not report this rule",
    ),
    "credit.day_ahead": ("日期在将来", "The day is in the future"),
    "credit.day_unfit": ("日期过早", "The day is too long ago"),
    "credit.quantity_unfit": ("数量超出范围", "The quantity is out of range"),
    "credit.reference_unfit": ("编号或摘要格式不正确", "A reference or digest is malformed"),
    "credit.source_doubled": (
        "该来源的文号已报送",
        "The source has reported this reference already",
    ),
    "credit.fact_unknown": ("没有此信用记录", "There is no such fact"),
    "credit.fact_withdrawn": ("该记录已撤销", "The fact was revoked"),
    "credit.fact_repaired": ("该记录已修复", "The fact was repaired already"),
    "credit.not_repairable": (
        "现行规则不支持修复此类记录",
        "The rules in force know no repair of such a fact",
    ),
    "credit.repair_too_early": ("未满最短公示期", "The shortest period is not over yet"),
    "credit.subject_only": ("仅记录所涉主体可提出异议", "Only the subject may object"),
    "credit.objection_open": ("该记录的异议尚在处理", "An objection to the fact is open"),
    "credit.objection_unknown": ("没有此待处理异议", "There is no such open objection"),
    "credit.correction_unfit": (
        "更正须指明同一主体、同一来源的另一条记录",
        "A correction names another fact of the same subject and source",
    ),
    "credit.file_unreadable": (
        "文件有误,未作任何更改",
        "The file has bad lines; nothing was changed",
    ),
    "credit_scoring.rule_set_missing": (
        "当日没有已采用的规则集",
        "No adopted rule set is in force on that day, or has that version",
    ),
    "credit.archives_too_many": (
        "档案过多,无法在一次请求中统计",
        "There are too many archives for one request",
    ),
    "credit.grade_unknown": ("规则集中没有此等级", "The rule set has no such grade"),
    "credit.records_too_many": ("记录过多,无法计算", "There are too many records for one score"),
}
