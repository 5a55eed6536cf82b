"""Commands that judge files: drift, quality, bias, performance, and the baseline they compare with."""
