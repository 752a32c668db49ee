"""Question in, cited answer out: the front door of the room."""

from qa.answer import Answerer
from qa.config import QaConfig
from qa.records import Answer, Citation, Mode, StepTime, Turn
from qa.to_json import to_json

__all__ = ["Answer", "Answerer", "Citation", "Mode", "QaConfig", "StepTime", "Turn", "to_json"]
