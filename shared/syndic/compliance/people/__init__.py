"""What people add: answers, signatures, documents, remediations."""
