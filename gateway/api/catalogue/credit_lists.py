"""Messages for the codes of positive and negative lists."""

MESSAGES: dict[str, tuple[str, str]] = {
    "credit.list_unknown": ("没有此名单", "There is no such list"),
    "credit.list_exists": ("该名单已设立", "The list exists already"),
    "credit.list_unfit": ("名单设置不符", "The list cannot be as it is described"),
    "credit.listing_of_other_kind": (
        "该名单不适用于此类主体",
        "The list is for another kind of subject",
    ),
    "credit.listing_fact_unfit": (
        "列入依据不符",
        "The fact is not one that puts the subject on this list",
    ),
    "credit.listing_period_unfit": (
        "列入或移出日期不符",
        "The days do not fit the list or the stay",
    ),
    "credit.listed": ("该主体已在名单中", "The subject is on the list on these days already"),
    "credit.not_listed": ("该主体不在名单中", "The subject is not on the list"),
}
