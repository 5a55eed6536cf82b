"""The risk register: risks of AI systems, what is done about them, and who decided on what is left of them."""
