"""Names as they are compared: the same name in several scripts, spellings and orders has forms in common."""

from sousveil.count.forms.names import Forms, forms_of

__all__ = ["Forms", "forms_of"]
