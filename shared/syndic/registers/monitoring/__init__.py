"""Post-market monitoring plans (Art. 72): generated from the schedules that run, held against what runs."""
