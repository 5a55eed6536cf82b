"""Records of training: who took what, for which role, and until when it counts (AI Act Art. 4)."""
