/** The time of the tests that do not let it pass. */
export const NOW = Date.UTC(2026, 0, 1, 12);
