"""Messages for the codes of credentials."""

MESSAGES: dict[str, tuple[str, str]] = {
    "credentials.issuer_unfit": (
        "签发者或状态列表地址不合规",
        "The issuer is no did:key of Ed25519 and no URL, or the lists' address is no URL",
    ),
    "credentials.issuer_undefined": ("尚未设定凭证签发者", "Nobody is defined as the issuer yet"),
    "credentials.credential_unknown": ("没有此凭证", "There is no such credential"),
    "credentials.credential_exists": ("该凭证编号已使用", "The credential's id is taken"),
    "credentials.claims_unfit": (
        "凭证内容不合规,任何核验方都不会接受",
        "No verifier would take a credential that says this",
    ),
    "credentials.status_unfit": (
        "凭证状态不允许此操作",
        "The credential's status does not allow this",
    ),
    "credentials.lists_full": ("状态列表已满", "All status lists are full"),
    "credentials.list_not_found": ("没有此状态列表", "No such status list is begun"),
    "credentials.key_changed": (
        "签名密钥与签发者不符",
        "The service's key is not that of the issuer",
    ),
}
