"""Evaluation sets in, scorecards out; votes and drafts on their way into sets: the front door of the room."""

from eval.cards import Cards
from eval.cases import read_set
from eval.drafts import Drafts
from eval.feedback import Feedback
from eval.records import Plan, Scorecard
from eval.run import evaluate
from eval.subject import Subject

__all__ = ["Cards", "Drafts", "Feedback", "Plan", "Scorecard", "Subject", "evaluate", "read_set"]
