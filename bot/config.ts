/** Settings from the environment: the only reader of `process.env`. All faults are reported at once. */
