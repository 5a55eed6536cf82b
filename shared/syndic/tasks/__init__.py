"""What the functions of every cloud do with a message or a tick, in terms of ports: one module per concern.

An edge (a Lambda handler, an Azure function) only takes its cloud's envelope off and calls one of these.
"""
