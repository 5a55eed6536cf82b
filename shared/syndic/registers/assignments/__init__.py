"""Who is assigned to what: above all the people who oversee a system (AI Act Art. 26(2))."""
