"""Templates escape values as Jinja does, and pages have no indents."""

from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment
from markupsafe import Markup

from app.vocabulary.events import TermKey
from app.web.templates import environment

TEMPLATE = """{{ value }}|{{ value ~ "<" }}|<a title="{{ value }}">{{ "<b>" | safe }}{{ value }}"""
OURS = environment().from_string(TEMPLATE)
STANDARD = Environment(autoescape=True).from_string(TEMPLATE)


@given(
    st.text("<>&\"'ab1 ")
    | st.text("<>&\"'ab1 ").map(Markup)
    | st.integers()
    | st.floats()
    | st.sampled_from([None, True, TermKey.PLACE, ["<i>"], {"'": '"'}])
)
def test_values_are_escaped_as_by_jinja(value: object) -> None:
    assert OURS.render(value=value) == STANDARD.render(value=value)


def test_only_addresses_of_the_web_become_links() -> None:
    """A draft keeps any address that was typed, until it is submitted."""
    template = environment().from_string("{{ ui.out(url, url) }}")
    for url in ("javascript:alert(1)", "data:text/html,x", "//evil.example", ""):
        assert template.render(url=url) == f"<span>{url}</span>"
    assert 'href="https://x.example/"' in template.render(url="https://x.example/")
