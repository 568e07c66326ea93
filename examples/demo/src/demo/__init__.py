"""The smallest project with an extension module in C."""

__version__ = "0.1.0"

from .demo import add

__all__ = ["add"]
