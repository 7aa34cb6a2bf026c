/**
 * Resolves the intrinsic functions of a CloudFormation template to the names and ARNs that a
 * deployment would have given.
 */
import { RESOURCE_TYPES, type Place } from './resource-types';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One resource as it stands in the template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, Json>>;
}

/** A template is resolved as this stack, at this place. */
export interface StackPlace extends Place {
  readonly stackName: string;
}

/** Marks a property that `AWS::NoValue` removes. */
const NO_VALUE = Symbol('AWS::NoValue');
type Resolved = Json | typeof NO_VALUE;

/** Resolves values of one template. Whatever it does not know is an error that names it. */
export class Resolver {
  constructor(
    private readonly resources: Readonly<Record<string, TemplateResource>>,
    private readonly place: StackPlace,
  ) {}

  /**
   * `value` with every intrinsic function carried out.
   * @throws for an intrinsic function, a resource, a type or an attribute that the lab does not
   * know.
   */
  resolve(value: Json): Json {
    const resolved = this.step(value);
    if (resolved === NO_VALUE) throw new Error('AWS::NoValue stands where a value is needed');
    return resolved;
  }

  /**
   * The physical name of a resource: the template's own, or one made of the stack's name and the
   * logical id, as CloudFormation does.
   */
  nameOf(logicalId: string): string {
    const { resource, type } = this.known(logicalId);
    const given = type.nameProperty === undefined ? undefined : resource.Properties?.[type.nameProperty];
    if (given !== undefined) return this.text(given);
    // From the end: a logical id ends in the hash that makes it unique.
    return `${this.place.stackName}-${logicalId}`.slice(-(type.maxName ?? 255));
  }

  /** What `Fn::GetAtt` gives. */
  attributeOf(logicalId: string, attribute: string): string {
    const { resource, type } = this.known(logicalId);
    const give = type.attributes?.[attribute];
    if (give === undefined) {
      throw new Error(`attribute ${logicalId}.${attribute} of ${resource.Type} is unknown to the lab; known: ${names(type.attributes)}`);
    }
    return give(this.nameOf(logicalId), this.place);
  }

  private step(value: Json): Resolved {
    if (value === null || typeof value !== 'object') return value;
    if (isList(value)) return value.map((item) => this.step(item)).filter((item) => item !== NO_VALUE);
    const [only, ...others] = Object.keys(value);
    const argument = only === undefined ? undefined : value[only];
    if (only !== undefined && argument !== undefined && others.length === 0 && isIntrinsic(only)) return this.call(only, argument);
    const entries = Object.entries(value).map(([key, item]): [string, Resolved] => [key, this.step(item)]);
    return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== NO_VALUE));
  }

  private call(intrinsic: string, argument: Json): Resolved {
    switch (intrinsic) {
      case 'Ref':
        return this.ref(this.text(argument));
      case 'Fn::GetAtt':
        return this.getAtt(argument);
      case 'Fn::Sub':
        return this.sub(argument);
      case 'Fn::Join':
        return this.join(argument);
      case 'Fn::Select':
        return this.select(argument);
      case 'Fn::Split':
        return this.split(argument);
      default:
        throw new Error(`${intrinsic} is unknown to the lab; known: Ref, Fn::GetAtt, Fn::Sub, Fn::Join, Fn::Select, Fn::Split`);
    }
  }

  private ref(id: string): string | typeof NO_VALUE {
    if (id === 'AWS::NoValue') return NO_VALUE;
    if (id.startsWith('AWS::')) return this.pseudo(id);
    const { resource, type } = this.known(id);
    const name = this.nameOf(id);
    return type.ref === undefined ? name : type.ref(name, this.place, (property) => this.text(resource.Properties?.[property] ?? ''));
  }

  private pseudo(id: string): string {
    const { partition, region, account, stackName } = this.place;
    const values: Readonly<Record<string, string>> = {
      'AWS::AccountId': account,
      'AWS::Partition': partition,
      'AWS::Region': region,
      'AWS::StackName': stackName,
      'AWS::StackId': `arn:${partition}:cloudformation:${region}:${account}:stack/${stackName}/lab`,
      'AWS::URLSuffix': 'amazonaws.com',
    };
    const value = values[id];
    if (value === undefined) throw new Error(`pseudo parameter ${id} is unknown to the lab; known: AWS::NoValue, ${names(values)}`);
    return value;
  }

  private getAtt(argument: Json): string {
    const [logicalId, ...attribute] =
      typeof argument === 'string' ? argument.split('.') : this.list(argument).map((item) => this.text(item));
    return this.attributeOf(logicalId ?? '', attribute.join('.'));
  }

  private sub(argument: Json): string {
    const [template, variables] = typeof argument === 'string' ? [argument, {}] : this.list(argument);
    const own = new Map(Object.entries(this.resolve(variables ?? {}) ?? {}));
    return this.text(template ?? '').replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal !== '') return `\${${name}}`;
      const variable = own.get(name);
      if (variable !== undefined) return this.text(variable);
      const value = name.includes('.') ? this.getAtt(name) : this.ref(name);
      if (value === NO_VALUE) throw new Error('AWS::NoValue stands in a Fn::Sub');
      return value;
    });
  }

  private join(argument: Json): string {
    const [separator, items] = this.list(argument);
    const parts = this.list(this.resolve(items ?? []));
    return parts.map((part) => this.text(part)).join(this.text(separator ?? ''));
  }

  private select(argument: Json): Json {
    const [index, items] = this.list(argument);
    const chosen = this.list(this.resolve(items ?? []))[Number(index)];
    if (chosen === undefined) throw new Error(`Fn::Select found no item ${JSON.stringify(index)} in ${JSON.stringify(items)}`);
    return chosen;
  }

  private split(argument: Json): Json {
    const [separator, text] = this.list(argument);
    return this.text(text ?? '').split(this.text(separator ?? ''));
  }

  private known(logicalId: string) {
    const resource = this.resources[logicalId];
    if (resource === undefined) throw new Error(`the template has no resource ${logicalId}`);
    const type = RESOURCE_TYPES[resource.Type];
    if (type === undefined)
      throw new Error(`resource type ${resource.Type} (${logicalId}) is unknown to the lab; known: ${names(RESOURCE_TYPES)}`);
    return { resource, type };
  }

  private text(value: Json): string {
    const resolved = this.resolve(value);
    if (typeof resolved === 'string' || typeof resolved === 'number') return String(resolved);
    throw new Error(`the lab needs a text here, the template has ${JSON.stringify(value)}`);
  }

  private list(value: Json): readonly Json[] {
    if (isList(value)) return value;
    throw new Error(`the lab needs a list here, the template has ${JSON.stringify(value)}`);
  }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isIntrinsic(key: string): boolean {
  return key === 'Ref' || key.startsWith('Fn::');
}

function names(table: Readonly<Record<string, unknown>> = {}): string {
  return Object.keys(table).join(', ') || 'none';
}
