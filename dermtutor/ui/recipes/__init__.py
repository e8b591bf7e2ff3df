"""The recipe editor: a draft with its history, the form and the text that show it, and the drawing that follows."""
