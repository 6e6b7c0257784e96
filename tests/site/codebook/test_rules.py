"""The pages of the rules and of the changes of method."""

from starlette.testclient import TestClient

from app.record.rules import __name__ as rules_package
from app.site.codebook.rules import method_changes, rules


def test_page_has_every_rule_without_code(client: TestClient) -> None:
    numbers = [rule.number for rule in rules()]
    assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) > 15
    page = client.get("/codebook/rules").text
    assert all(f'id="rule-{number}"' in page for number in numbers)
    assert rules_package.replace(".", "/") not in page and "tests/" not in page


def test_tables_and_points_of_rules_are_shown(client: TestClient) -> None:
    page = client.get("/codebook/rules").text
    assert "<th" in page and "<code>match=certain</code>" in page
    assert not any(mark in page for mark in ("| ---", "**", "`"))


def test_changes_of_method_name_their_rule_and_day(client: TestClient) -> None:
    page = client.get("/codebook/changes").text
    assert "27&nbsp;November&nbsp;2026" in page
    days = method_changes(rules())
    assert [day for day, _changes in days] == sorted((day for day, _ in days), reverse=True)
    changes = [change for _day, found in days for change in found]
    assert page.count('id="change-') == len(changes) > 40
    assert all(change.what and change.moved for change in changes)
