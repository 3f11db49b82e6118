"""Messages for the codes of stocks, weather, contributions, sensitivity and recomputation."""

MESSAGES: dict[str, tuple[str, str]] = {
    "gep.stock_does_not_close": ("资源存量收支不平", "A stock does not close by its causes"),
    "gep.stocks_missing": ("没有资源存量", "There are no stocks"),
    "gep.areas_mixed": ("区域不一致", "Several areas are mixed"),
    "gep.mean_unfit": ("五年均值不符", "A five-year mean does not fit"),
    "gep.mean_missing": ("未给出五年均值", "No input has a five-year mean"),
    "gep.total_not_positive": ("总值须大于零", "The total is not above zero"),
    "gep.too_many_figures": ("数值过多", "Too many figures are in use"),
    "gep.area_doubled": ("区域重复", "An area stands twice"),
    "gep.years_mixed": ("年份不一致", "Several years are mixed"),
    "gep.year_doubled": ("年份重复", "A year stands twice"),
    "gep.years_too_few": ("年份不足", "There are too few years"),
    "gep.nothing_to_share": ("合计不大于零", "There is nothing to share"),
    "gep.parts_above_whole": ("各部分大于整体", "The parts are more than the whole"),
    "gep.price_year_unclear": ("须指明价格年份", "It is not clear at which prices"),
    "gep.place_differs": ("重算须为同一核算对象", "The account is of another place"),
    "gep.nothing_changed": ("重算结果与原账相同", "The account is the same as it was"),
    "gep.part_unknown": ("合计引用了未知的行", "A sum has a part that is not there"),
    "gep.draws_out_of_range": ("抽样次数超出范围", "Too few or too many draws"),
    "gep.too_many_doubted": ("有区间的数值过多", "Too many figures have a range"),
    "gep.range_out_of_sense": ("取值区间不合理", "A range is beyond all sense"),
}
