"""C1 to C3: tourism (旅游康养), leisure (休闲游憩), landscape (景观增值); and non-use value.

Consumer surplus is no exchange value and willingness to pay is no service used: both are kept apart
from what an account counts by default.
"""

from gep.bounds import not_negative, positive, share_of_one
from gep.measures import Person, PersonHour, SquareMetre, Visit
from gep.units import Amount, Money, Number, Per, Price, Yuan

# The share of the wage that an hour of travel costs: Baiyangdian 2017.
WAGE_SHARE = 0.3
MONTHS = 12
FREE: Price[Visit] = Price(0.0, Visit)


def time_cost(
    *,
    hours: Per[PersonHour, Visit],
    wage: Price[PersonHour],
    share: Number = WAGE_SHARE,
) -> Price[Visit]:
    """Return the cost of a visit's time: its hours at a share of the wage."""
    not_negative(hours=hours, wage=wage)
    share_of_one(share=share)
    return Price(hours.value * wage.value * share, Visit)


def visit_price(
    *, travel_spend: Price[Visit], time_cost: Price[Visit] = FREE, surplus: Price[Visit] = FREE
) -> Price[Visit]:
    """Return what a visit is worth: travel, time and consumer surplus."""
    not_negative(travel_spend=travel_spend, time_cost=time_cost, surplus=surplus)
    return travel_spend + time_cost + surplus


def travel_cost(
    *,
    visits: Amount[Visit],
    travel_spend: Price[Visit],
    time_cost: Price[Visit],
    surplus: Price[Visit] = FREE,
) -> Money:
    """Value visits by what they cost their visitors, and the surplus where it is asked for."""
    not_negative(visits=visits)
    return visits * visit_price(travel_spend=travel_spend, time_cost=time_cost, surplus=surplus)


def of_income(*, income: Amount[Yuan], share: Number) -> Money:
    """Value tourism as the ecosystems' share of its income."""
    not_negative(income=income)
    share_of_one(share=share)
    return Money(income.value * share)


def leisure_value(*, quantity: Amount[PersonHour], price: Price[PersonHour]) -> Money:
    """Value hours in free green space at a price of time."""
    not_negative(quantity=quantity)
    return quantity * price


def premium_value(*, area: Amount[SquareMetre], premium: Price[SquareMetre]) -> Money:
    """Value landscape by the premium on floor space."""
    not_negative(area=area)
    return area * premium


def premium(*, price: Price[SquareMetre], share: Number) -> Price[SquareMetre]:
    """Return the premium on floor space as a share of its price."""
    not_negative(price=price)
    share_of_one(share=share)
    return price * share


def payers(
    *,
    visits: Amount[Visit],
    visits_per_person: Per[Visit, Person],
    adult_share: Number,
    local_share: Number,
) -> Amount[Person]:
    """Return the persons behind visits who pay: adults who do not live there."""
    not_negative(visits=visits)
    positive(visits_per_person=visits_per_person)
    share_of_one(adult_share=adult_share, local_share=local_share)
    return visits / visits_per_person * adult_share * (1 - local_share)


def non_use_price(*, wtp_month: Price[Person], willing_share: Number) -> Price[Person]:
    """Return a year's willingness to pay of a person, over all who were asked."""
    not_negative(wtp_month=wtp_month)
    share_of_one(willing_share=willing_share)
    return wtp_month * (MONTHS * willing_share)


def non_use(
    *, wtp_month: Price[Person], willing_share: Number, population: Amount[Person]
) -> Money:
    """Return the non-use value: what people say they would pay, in a year."""
    not_negative(population=population)
    return population * non_use_price(wtp_month=wtp_month, willing_share=willing_share)
