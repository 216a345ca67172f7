"""The forms: of the public, of a tracking link, of the back office."""

from .desk import MANY, AssignForm, NoteForm, QueueForm
from .downloads import DownloadForm
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
from .reports import ReportForm, SettleForm
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
    "MANY",
    "AddressForm",
    "AssignForm",
    "CloseForm",
    "CorrectionForm",
    "DownloadForm",
    "EditRefusalForm",
    "EndForm",
    "FeedbackForm",
    "FollowForm",
    "IdeaForm",
    "JobForm",
    "LetterForm",
    "MergeForm",
    "NoteForm",
    "NothingForm",
    "PairForm",
    "PreferencesForm",
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
    "StatementForm",
    "SubscribeForm",
    "UploadForm",
    "WithdrawalForm",
]
