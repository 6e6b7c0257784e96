"""The Jinja environment and rendering parts of a page."""

import re
from functools import cache, lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

from app import paths
from app.i18n.translate import _, translations
from app.web.static import static
from app.web.urls import url


class Writing(CodeGenerator):
    """Has templates print by `written`: a page prints two thousand things, many of them HTML or a number."""

    def _output_child_pre(
        self,
        node: nodes.Expr,  # noqa: ARG002 - as Jinja calls it
        frame: Frame,  # noqa: ARG002
        finalize: CodeGenerator._FinalizeInfo,
    ) -> None:
        self.write("environment.written(")
        if finalize.src is not None:
            self.write(finalize.src)


class Templates(Environment):
    code_generator_class = Writing

    @staticmethod
    def written(value: Any) -> str:
        """As HTML: escaped, unless it is that already or has no sign that means something there."""
        kind = type(value)
        if kind is Markup or (kind is str and not HAS_SIGNS(value)):
            return value  # type: ignore[no-any-return]
        return str(value) if kind is int or kind is float else escape(value)


HAS_SIGNS = re.compile("[&<>\"']").search


@cache
def environment() -> Environment:
    env = Templates(
        loader=FileSystemLoader(paths.TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_translations(translations(), newstyle=True)  # type: ignore[attr-defined]
    env.globals |= {"static": static, "url": url, "_": _said}
    env.globals["ui"] = Parts(env.get_template("ui.html").module)
    return env


class Parts:
    """The macros of `ui.html`, of which those that lists print again and again draw the same only once."""

    OFTEN = ("place", "stage", "support", "span_bar", "strip", "rests_on")

    def __init__(self, macros: object) -> None:
        self.macros = macros
        for name in self.OFTEN:
            # What is HTML already is another thing than the same letters that are not.
            setattr(self, name, lru_cache(maxsize=5_000, typed=True)(getattr(macros, name)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.macros, name)


def _said(message: str, **parts: Any) -> Markup:
    """Gettext as Jinja has it; but a page says a hundred things, most of them as they stand."""
    return _as_markup(message) % parts if parts else _as_it_stands(message)


@cache
def _as_markup(message: str) -> Markup:
    return Markup(_(message))  # noqa: S704 (our own words)


@cache
def _as_it_stands(message: str) -> Markup:
    return _as_markup(message) % {}


def part(template: str, **context: Any) -> Markup:
    """A part of a page by itself, so that it can be kept and printed again."""
    return Markup(environment().get_template(template).render(context))  # noqa: S704 (the template has escaped it)
