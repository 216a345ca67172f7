"""The forms: of the public, of a tracking link, of the back office."""

from .ideas import IdeaForm
from .links import AddressForm, SubscribeForm
from .register import (
    CloseForm,
    EndForm,
    JobForm,
    NothingForm,
    PairForm,
    ReasonForm,
    UploadForm,
)
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
    "CloseForm",
    "EndForm",
    "IdeaForm",
    "JobForm",
    "MergeForm",
    "NothingForm",
    "PairForm",
    "QuestionForm",
    "ReasonForm",
    "RefusalForm",
    "RegisterForm",
    "ReplyForm",
    "SubscribeForm",
    "UploadForm",
    "WithdrawalForm",
]
