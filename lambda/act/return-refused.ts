/**
 * The owner refuses the restore as things are, and a person has to change that. It is asked again
 * in each round all the same.
 */
export class ReturnRefused extends Error {
  override readonly name = 'ReturnRefused';
}
