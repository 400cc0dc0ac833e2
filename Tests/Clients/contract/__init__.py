"""What the Engine API 1.51 promises of the operations that the tests know: which answers there are and what is in them."""

from .notation import OPERATIONS, TYPES
from .validation import operation, problems

__all__ = ["OPERATIONS", "TYPES", "operation", "problems"]
