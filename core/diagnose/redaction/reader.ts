/** Where the reading of a command stands: what the next word is depends on those before it. */

/** What is read is no command. */
export const PROSE = '(prose)';

export interface Reader {
  /**
   * `program`: the next word is one; `wrapped`: it may be an option of the wrapper before;
   * `arguments`.
   */
  expects: 'program' | 'wrapped' | 'arguments';
  /** The program's name without its directory. */
  program: string;
  /** Its first word that is no option. */
  sub: string;
  /** The option that the word before was, without dashes. */
  option: string;
  /** What comes next is a secret, whatever it looks like. */
  secret: boolean;
  /** Words after the program, options too. */
  count: number;
  /** Positional arguments are secrets. */
  secretive: boolean;
  /** The file of a redirection comes next. */
  redirected: boolean;
  /** Inside a command in backquotes. */
  backquoted: boolean;
}

export function freshReader(): Reader {
  return {
    expects: 'program',
    program: '',
    sub: '',
    option: '',
    secret: false,
    count: 0,
    secretive: false,
    redirected: false,
    backquoted: false,
  };
}
