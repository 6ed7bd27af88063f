"""How well a run went: its verdict, its findings."""
