import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../world/aws-error';

interface Node {
  value?: string;
  readonly children: Map<string, Node>;
}

/** How a query protocol names members on the wire. */
interface Names {
  readonly ofMember: (member: NormalizedSchema, name: string) => string;
  /** Lists are always without an element for their members. */
  readonly flatLists: boolean;
}

const AWS_NAMES: Names = { ofMember: wireName, flatLists: false };

/** ec2Query (Smithy): its own trait, or the XML name with a capital letter; every list is flat. */
export const EC2_NAMES: Names = {
  ofMember: (member, name) => {
    const own: unknown = member.getMergedTraits().ec2QueryName;
    if (typeof own === 'string') return own;
    const plain = wireName(member, name);
    return plain.charAt(0).toUpperCase() + plain.slice(1);
  },
  flatLists: true,
};

/**
 * Reads the parameters of an awsQuery request (`Targets.member.1.Id=i-1`) into the operation's
 * input. The SDK ships only the other direction.
 * @throws AwsError MalformedQueryString for a parameter that the operation does not know.
 */
export function readQuery(ns: NormalizedSchema, parameters: Iterable<[string, string]>, names: Names = AWS_NAMES): unknown {
  const root: Node = { children: new Map() };
  for (const [key, value] of parameters) leaf(root, key.split('.')).value = value;
  return readNode(ns, root, names);
}

function leaf(root: Node, path: readonly string[]): Node {
  let node = root;
  for (const part of path) {
    const next: Node = node.children.get(part) ?? { children: new Map() };
    node.children.set(part, next);
    node = next;
  }
  return node;
}

function readNode(ns: NormalizedSchema, node: Node, names: Names): unknown {
  if (ns.isStructSchema()) return readStruct(ns, node, names);
  if (ns.isListSchema()) return readList(ns, node, names);
  if (ns.isMapSchema()) return readMap(ns, node, names);
  return readSimple(ns, node.value ?? '');
}

function readStruct(ns: NormalizedSchema, node: Node, names: Names): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  const known = new Set<string>();
  for (const [name, member] of ns.structIterator()) {
    const key = names.ofMember(member, name);
    known.add(key);
    const child = node.children.get(key);
    if (child) read[name] = readNode(member, child, names);
  }
  const unknown = [...node.children.keys()].find((key) => !known.has(key));
  if (unknown !== undefined) throw new AwsError('MalformedQueryString', `unknown parameter ${unknown} for ${ns.getName()}`);
  return read;
}

function readList(ns: NormalizedSchema, node: Node, names: Names): unknown[] {
  const member = ns.getValueSchema();
  const flat = names.flatLists || ns.getMergedTraits().xmlFlattened;
  const items = flat ? node : node.children.get(wireName(member, 'member'));
  return numbered(items).map((item) => readNode(member, item, names));
}

function readMap(ns: NormalizedSchema, node: Node, names: Names): Record<string, unknown> {
  const keyName = wireName(ns.getKeySchema(), 'key');
  const valueName = wireName(ns.getValueSchema(), 'value');
  const entries = ns.getMergedTraits().xmlFlattened ? node : node.children.get('entry');
  return Object.fromEntries(
    numbered(entries).map((entry) => {
      const value = entry.children.get(valueName) ?? { children: new Map() };
      return [entry.children.get(keyName)?.value ?? '', readNode(ns.getValueSchema(), value, names)];
    }),
  );
}

function numbered(node: Node | undefined): Node[] {
  const entries = [...(node?.children ?? [])].filter(([key]) => /^\d+$/.test(key));
  return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child);
}

function readSimple(ns: NormalizedSchema, text: string): unknown {
  if (ns.isBooleanSchema()) return text === 'true';
  if (ns.isNumericSchema()) return Number(text);
  if (ns.isTimestampSchema()) return new Date(text);
  if (ns.isBlobSchema()) return Buffer.from(text, 'base64');
  return text;
}

function wireName(ns: NormalizedSchema, otherwise: string): string {
  const name: unknown = ns.getMergedTraits().xmlName;
  return typeof name === 'string' ? name : otherwise;
}
