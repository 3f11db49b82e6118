"""Why the book says no to its caller."""

from enum import StrEnum


class BookReject(StrEnum):
    """What the book cannot take, by descending precedence."""

    BOOK_HAS_NO_RANGE = "book_has_no_range"
    PRICE_OUTSIDE_RANGE = "price_outside_range"
    RESTING_ORDER_OUTSIDE_RANGE = "resting_order_outside_range"
