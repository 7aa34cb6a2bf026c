/**
 * The owner does not let the target back in as things are, and asking again changes nothing: a
 * person has to. It is asked again all the same.
 */
export class ReturnRefused extends Error {
  override readonly name = 'ReturnRefused';
}
