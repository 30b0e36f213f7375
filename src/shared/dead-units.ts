// Which units of a code carry nothing: one rule for the analysis and the latent space.

const DEAD_VARIANCE = 1e-6

/** Whether a unit with this variance over the test images (divided by their count) is dead; docs/glossary.md has the term. */
export const isDead = (variance: number) => variance < DEAD_VARIANCE
