"""Messages for the codes of erasure and disclosure."""

MESSAGES: dict[str, tuple[str, str]] = {
    "ledger.party_erased": (
        "该自然人的个人信息已删除",
        "This person's personal information was erased",
    ),
    "ledger.not_a_person": ("仅自然人的个人信息可以删除", "Only a natural person can be erased"),
    "ledger.retention_runs": ("法定保存期限未届满", "A legal retention period is still running"),
    "ledger.party_engaged": (
        "该主体仍有未了结事项",
        "Something of the party's is still open",
    ),
    "ledger.disclosure_unknown": ("没有此有效披露", "There is no such live disclosure"),
    "ledger.part_unreadable": (
        "个人信息部分暂时无法读取",
        "A personal part cannot be opened now",
    ),
    "service.vault_unavailable": ("密钥库暂不可用", "The vault of keys does not answer now"),
    "request.identifier_of_person": (
        "自然人不得登记公开证件号码",
        "A natural person has no public identifier",
    ),
}
