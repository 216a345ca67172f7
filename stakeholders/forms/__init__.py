"""The forms: of the public, of a tracking link, of the back office."""

from .edits import CorrectionForm, EditRefusalForm, PublishForm
from .ideas import IdeaForm
from .letters import LetterForm
from .links import AddressForm, FollowForm, PreferencesForm, SubscribeForm
from .register import (
    CloseForm,
    EndForm,
    JobForm,
    NothingForm,
    PairForm,
    ReasonForm,
    UploadForm,
)
from .settings import SettingsForm
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
    "CorrectionForm",
    "EditRefusalForm",
    "EndForm",
    "FollowForm",
    "IdeaForm",
    "JobForm",
    "LetterForm",
    "MergeForm",
    "NothingForm",
    "PairForm",
    "PreferencesForm",
    "PublishForm",
    "QuestionForm",
    "ReasonForm",
    "RefusalForm",
    "RegisterForm",
    "ReplyForm",
    "SettingsForm",
    "SubscribeForm",
    "UploadForm",
    "WithdrawalForm",
]
