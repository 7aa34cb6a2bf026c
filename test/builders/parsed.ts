/**
 * JSON that the test's own side wrote, as what it is by the test's own word: the one place where
 * tests take a parsed value for a type without looking. What the product reads goes through a
 * schema.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it is a cast, and the only one of its kind
export function parsed<Kind>(json: string): Kind {
  return JSON.parse(json) as Kind;
}
