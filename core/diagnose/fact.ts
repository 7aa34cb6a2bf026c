/** A statement about what runs here: comparable between hosts by its name. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}
