"""E-mail: plain text and HTML, sent at most once, as a mail has no key to be known again by."""
