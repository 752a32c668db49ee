"""The window: the front door of the room. It imports Gradio, so import it late."""

from web.api import speak_json
from web.guard import Guard
from web.window import dressing, theme, window

__all__ = ["Guard", "dressing", "speak_json", "theme", "window"]
