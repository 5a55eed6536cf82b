"""The registers of the law: incidents, risks and the others, each a sub-room over the same entries and clocks."""
