import { accountOf } from '../../core/config';

/**
 * The end of a message about an ARN that is not there: that it is of another account or Region;
 * empty where that is not why. @param known an ARN of the account that was read
 */
export function placeOfForeign(wanted: string, known: string | undefined): string {
  const [theirs, ours] = [accountOf(wanted.startsWith('arn:') ? wanted : undefined), accountOf(known)];
  if (theirs === undefined || theirs === '' || ours === undefined || theirs === ours) return '';
  const inWords = (place: string): string => place.split(':').join(', account ');
  return `; that ARN is of ${inWords(theirs)}, and this is ${inWords(ours)}`;
}
