"""The currencies of ISO 4217 with their English names, from Babel."""

from functools import cache

from babel import Locale
from babel.numbers import get_currency_name, get_territory_currencies, list_currencies

NO_CURRENCIES = {"XXX", "XTS"}
"""Codes for "no currency" and for tests."""
SPELT_OTHERWISE = {"CNY", "USD"}
"""Currencies with a unit of their own (`yuan`, `usd`), so that each has one code."""

CURRENCIES = {
    code: get_currency_name(code, locale="en")
    for code in sorted(list_currencies(), key=lambda code: get_currency_name(code, locale="en"))
    if code not in NO_CURRENCIES | SPELT_OTHERWISE
}
"""Currencies in use and former ones, by name."""


@cache
def currencies_in_use() -> frozenset[str]:
    """Return the codes of the currencies that are legal tender somewhere today."""
    territories = Locale("en").territories
    return frozenset(code for each in territories for code in get_territory_currencies(str(each)))
