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
from .splitting import SplitForm
from .statements import FeedbackForm, StatementForm
from .transitions import (
    MergeForm,
    QuestionForm,
    RefusalForm,
    RegisterForm,
    ReplyForm,
    WithdrawalForm,
)

__all__ = [
    "AddressForm",
    "CloseForm",
    "CorrectionForm",
    "EditRefusalForm",
    "EndForm",
    "FeedbackForm",
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
    "SplitForm",
    "StatementForm",
    "SubscribeForm",
    "UploadForm",
    "WithdrawalForm",
]
