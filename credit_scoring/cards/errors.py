"""What a repayment card or a row refuses; each with its field and what was expected of it.

CardRefused            a file that is no sound card
 +- CardUnreadable     no JSON of our form, or a word or number out of its bounds
 +- HashDiffers        the content is not what its hash says
 +- BinsLeaveGap       values between two bins belong to none
 +- BinsOverlap        values, or a category, belong to two
 +- RowAbsent          no row for missing, for unseen values, or no bin at all
 +- FigureDiffers      a figure that follows from others does not
 +- HidingPays         saying nothing earns more than the best bin
 +- StatementAbsent    a card on generated data does not say so
RowRefused             values that a card cannot score
 +- FeatureUnknown     the card has no such feature
 +- FeatureAbsent      a feature is not there at all (missing is an explicit null)
 +- ValueUnreadable    a value is no decimal number, or no text of a category
 +- ColumnUnusable     a column of a batch has another type, length or range
 +- LoanDoubled        a loan stands twice among those to monitor by
FitRefused             data or a fit that makes no card
"""

from kernel.errors import DomainError, Kind


class CardRefused(DomainError):
    """A file that is no sound card."""

    code = "card.refused"
    kind = Kind.MALFORMED


class CardUnreadable(CardRefused):
    """No JSON of our form, or a word or number out of its bounds."""

    code = "card.unreadable"


class HashDiffers(CardRefused):
    """The content is not what its hash says: somebody changed the file."""

    code = "card.hash_differs"


class BinsLeaveGap(CardRefused):
    """Values between two bins belong to none."""

    code = "card.bins_leave_gap"


class BinsOverlap(CardRefused):
    """Values, or a category, belong to two bins."""

    code = "card.bins_overlap"


class RowAbsent(CardRefused):
    """A feature has no row for missing or unseen values, or no bin at all."""

    code = "card.row_absent"


class FigureDiffers(CardRefused):
    """A figure that follows from others of the file does not."""

    code = "card.figure_differs"


class HidingPays(CardRefused):
    """Saying nothing, or something unheard of, earns more than the best bin."""

    code = "card.hiding_pays"


class StatementAbsent(CardRefused):
    """A card does not say what it was fitted on and what it decides."""

    code = "card.statement_absent"


class RowRefused(DomainError):
    """Values that a card cannot score."""

    code = "card.row_refused"
    kind = Kind.MALFORMED


class FeatureUnknown(RowRefused):
    """The card has no such feature."""

    code = "card.feature_unknown"


class FeatureAbsent(RowRefused):
    """A feature is not there at all; one that is not known is an explicit null."""

    code = "card.feature_absent"


class ValueUnreadable(RowRefused):
    """A value is no decimal number, or no text of a category."""

    code = "card.value_unreadable"


class ColumnUnusable(RowRefused):
    """A column of a batch has another type, length or range."""

    code = "card.column_unusable"


class LoanDoubled(RowRefused):
    """A loan stands twice among those to monitor by."""

    code = "card.loan_doubled"


class FitRefused(DomainError):
    """Data or a fit that makes no card."""

    code = "card.fit_refused"
    kind = Kind.MALFORMED
