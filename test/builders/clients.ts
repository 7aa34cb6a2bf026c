/** An SDK client of which code under test uses `send` alone. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the one cast of its kind
export function clientThat<Client>(send: (command: { readonly input: object }) => Promise<unknown>): Client {
  return { send } as unknown as Client;
}
