"""Statistics: numbers in, named numbers out. No policy, no verdict, no record, no port.

- `special`: quantiles and tails of distributions.
- `binomial`, `ranks`: exact limits of shares and of medians. These, `special`, `multiplicity` and `earlier_windows`
  load no numpy.
- `proportions`: intervals of shares, their differences and ratios, over arrays. `two_by_two`: tests of two shares.
- `stratified`: the same within strata.
- `means`: intervals and tests of means.
- `two_sample`: how far two samples or two rows of bins are apart.
- `between_windows`: how windows of one process vary beyond sampling. `window_limits`: how far a next one may lie.
  `across_columns`: what columns tell each other of it. `window_scores`: how long windows remember, and the tails of
  their effects. `quadratic_forms`: points of sums of squares.
- `earlier_windows`: a number of one window beside those of earlier ones.
- `anytime`: two shares compared again and again: evidence and limits that hold whenever they are read.
- `calibration`: scores as chances. `expected`, `expected_loss`: performance that they, or inputs, let expect.
- `power`: how many times the rows there are it takes.
- `multiplicity`: corrections for many tests. `resampling`: the bootstrap from counts.

Each public function says shapes, units, what is undefined, what it raises and its source, and shows an example that the
tests run.
"""
