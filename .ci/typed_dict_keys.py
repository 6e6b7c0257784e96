"""mypy plugin: `get` with a key that a TypedDict lacks is an error, as a subscript already is.

By itself, mypy gives such a call the type `object`, which `if` and `or` accept.
"""

from collections.abc import Callable

from mypy.errorcodes import TYPEDDICT_ITEM
from mypy.plugin import MethodContext, Plugin
from mypy.plugins.common import try_getting_str_literals
from mypy.plugins.default import typed_dict_get_callback
from mypy.types import Type, TypedDictType


def _check_get(context: MethodContext) -> Type:
    if isinstance(context.type, TypedDictType):
        for key, type_ in zip(context.args[0], context.arg_types[0], strict=True):
            names = try_getting_str_literals(key, type_) or ()
            for name in set(names) - context.type.items.keys():
                context.api.fail(
                    f"TypedDict has no key “{name}”", context.context, code=TYPEDDICT_ITEM
                )
    return typed_dict_get_callback(context)


class TypedDictKeys(Plugin):
    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        return _check_get if fullname == "typing.Mapping.get" else None


def plugin(_version: str) -> type[Plugin]:
    return TypedDictKeys
