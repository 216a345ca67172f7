"""The forms: of the public, of a tracking link, of the back office."""

from .ideas import IdeaForm
from .links import AddressForm, SubscribeForm
from .transitions import (
    AnswerForm,
    MergeForm,
    QuestionForm,
    RefusalForm,
    RegisterForm,
    ReplyForm,
    WithdrawalForm,
)

__all__ = [
    "AddressForm",
    "AnswerForm",
    "IdeaForm",
    "MergeForm",
    "QuestionForm",
    "RefusalForm",
    "RegisterForm",
    "ReplyForm",
    "SubscribeForm",
    "WithdrawalForm",
]
