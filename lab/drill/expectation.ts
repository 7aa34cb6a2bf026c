/** What a scene must end with, and whether it did. */
export interface Expectation {
  readonly name: string;
  readonly ok: boolean;
}
