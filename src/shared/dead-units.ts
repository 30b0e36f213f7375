// Which units of a code carry something: one rule for the analysis, the latent space and the glossary.

/** Variance of a unit over the images above which it is active (Burda, Grosse & Salakhutdinov 2016, section 4), and below which it is dead. */
export const ACTIVE_VARIANCE = 0.01
export const DEAD_VARIANCE = 1e-6

export const isActiveUnit = (variance: number) => variance > ACTIVE_VARIANCE
export const isDeadUnit = (variance: number) => variance < DEAD_VARIANCE
