"""The forms: of the public, of a tracking link, of the back office."""

from .desk import MANY, AssignForm, NoteForm, QueueForm
from .edits import CorrectionForm, EditRefusalForm, PublishForm
from .ideas import IdeaForm
from .letters import LetterForm
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
from .reports import ReportForm, SettleForm
from .settings import SettingsForm
from .splitting import SplitForm
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
    "MANY",
    "AddressForm",
    "AnswerForm",
    "AssignForm",
    "CloseForm",
    "CorrectionForm",
    "EditRefusalForm",
    "EndForm",
    "IdeaForm",
    "JobForm",
    "LetterForm",
    "MergeForm",
    "NoteForm",
    "NothingForm",
    "PairForm",
    "PublishForm",
    "QuestionForm",
    "QueueForm",
    "ReasonForm",
    "RefusalForm",
    "RegisterForm",
    "ReplyForm",
    "ReportForm",
    "SettingsForm",
    "SettleForm",
    "SplitForm",
    "SubscribeForm",
    "UploadForm",
    "WithdrawalForm",
]
