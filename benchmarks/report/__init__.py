"""What printing a report costs, beside Chromium and Typst on the same content, in one run."""
