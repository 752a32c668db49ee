"""The window: the front door of the room. It imports Gradio, so import it late."""

from web import accounts, journal
from web.guard import Rules
from web.house import house

__all__ = ["Rules", "accounts", "house", "journal"]
