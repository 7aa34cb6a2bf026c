/** How a command of the CLI is written in what people are told. */
export function sickbayCommand(words: string): string {
  return `npx sickbay ${words}`;
}
