"""Rows become counts: groups, labels and decisions, and what adds up beside them."""
