"""What an officer types for each type of document: the fields of `gokei act`, with words for a reader.

A form says how the flat input of a document type is asked for and read back; what the input means, and whether it is
right, is decided by the wings and the node alone.
"""

from gokei.faces.forms.fields import Field, Form
from gokei.faces.forms.reading import flatten, read, rows_of
from gokei.faces.forms.tables import FORMS, form_of

__all__ = ["FORMS", "Field", "Form", "flatten", "form_of", "read", "rows_of"]
