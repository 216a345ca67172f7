"""`field__fold`: text without case and accents, folded by the same SQL function on both sides."""

from django.db.models import CharField, Func, TextField, Transform


class Fold(Func):
    """SQL `fold(text)`: lower case, accents and ligatures removed (immutable, see migrations)."""

    function = "fold"
    arity = 1
    output_field = TextField()


class FoldTransform(Transform):
    """The lookup form of `Fold`; compare it with a value that `core.search.fold` has folded."""

    lookup_name = "fold"
    function = "fold"
    output_field = TextField()


CharField.register_lookup(FoldTransform)
TextField.register_lookup(FoldTransform)
