"""One file a publication or platform family. Leaf classes; data first."""
