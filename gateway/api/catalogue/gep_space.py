"""Messages for the codes of units, their boundaries and maps."""

MESSAGES: dict[str, tuple[str, str]] = {
    "gep.geometry_too_large": ("边界过大,请先简化", "The boundary is too large: simplify it"),
    "gep.boundary_unfit": ("边界不符合要求", "The boundary does not fit"),
    "gep.parent_unknown": ("没有此上级单元", "There is no such parent unit"),
    "gep.parent_unfit": ("上级单元不符", "The parent cannot be above this unit"),
    "gep.boundary_earlier": (
        "新边界不得早于现有版本",
        "The boundary begins before the version that it follows",
    ),
    "gep.boundary_unchanged": ("边界没有变化", "The boundary is the one that holds"),
    "gep.boundary_unknown": ("没有此单元的边界", "The unit has no boundary on that day"),
    "gep.boundary_missing": ("没有该核算账的边界", "There is no boundary of the account"),
    "gep.geometry_hash_unfit": (
        "没有核算账所填摘要的边界",
        "No boundary has the hash that the account states",
    ),
    "gep.geometry_not_canonical": ("不是规范文本", "The geometry is not in its canonical form"),
    "gep.ring_open": ("边界环未闭合", "A ring is not closed"),
    "gep.ring_empty": ("边界环没有面积", "A ring has no area"),
    "gep.ring_crosses": ("边界自相交或互相交叉", "Rings meet themselves or each other"),
    "gep.ring_displaced": ("孔洞或多边形位置不当", "A hole or polygon is out of place"),
    "gep.zones_not_wgs84": ("坐标不是 WGS 84 经纬度", "The coordinates are no degrees in WGS 84"),
    "gep.map_unfit": ("地图参数不符", "The map is of nothing that can be shown"),
    "gep.map_too_large": ("地图过大", "The map is too large"),
}
