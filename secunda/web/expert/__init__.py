"""The expert's pages: the offer, the documents, the opinion and its signature, for one assignment at a time."""
