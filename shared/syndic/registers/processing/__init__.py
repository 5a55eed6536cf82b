"""The record of processing activities of Art. 30 GDPR: the controller's, and the processor's."""
