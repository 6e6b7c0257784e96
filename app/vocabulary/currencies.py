"""The currencies of ISO 4217 with their English names, from Babel."""

from babel.numbers import get_currency_name, list_currencies

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
