/** `sickbay init`: reads the account, proposes, and writes a configuration. Loaded when it runs. */
import { existsSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigError } from '../../core/config';
import { openAccount, type Account, type Identity } from '../account/account';
import { placeOf } from '../account/aws-command';
import { findMetrics, type MetricsPage } from '../account/metrics-page';
import { identify } from '../account/same-host';
import { Reads, isDenied, unreadLine } from '../account/unread';
import { placeText } from '../aws-options';
import { DEFAULT_CONFIG_FILE, isExample } from '../config-file';
import { CommandError, EXIT } from '../exit';
import { command } from '../invocation';
import type { askPath, pickGroups } from './ask';
import { byThemselves, candidatesOf, named, vpcOf, type Candidate } from './candidates';
import { configJson, configText } from './config-text';
import { nextSteps, type Step } from './next';
import { metricNames, propose } from './propose';
import type { GroupGiven } from './propose-group';
import type { Proposal, Proposed } from './proposal';
import { surveyOf, type AccountSurvey, type SurveyedGroup } from './survey';

export interface InitOptions {
  readonly yes?: true;
  readonly targetGroup: readonly string[];
  /** By group name; `''` for every group. */
  readonly path: ReadonlyMap<string, string>;
  readonly metricsPort?: number;
  readonly subnet: readonly string[];
  readonly securityGroup?: string;
  readonly stack: string;
  readonly out: string;
  readonly force?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

/** What is told to the person, beside the result. */
type Tell = (line: string) => void;

const ROOT = path.join(__dirname, '../..');

export async function runInit(options: InitOptions): Promise<number> {
  const tell: Tell = (line) => void process.stderr.write(`${line}\n`);
  checkFile(options);
  const account = openAccount();
  const identity = await account.identity();
  tell(`account ${identity.account}, ${placeText(identity.region)}, as ${identity.arn}`);
  const reads = new Reads();
  const candidates = await readCandidates(account, reads, identity, tell);
  const chosen = await choose(candidates, options);
  const vpcId = vpcOf(chosen);
  tell(`reading ${chosen.length === 1 ? (chosen[0]?.group.name ?? '') : `${chosen.length} target groups`} and ${vpcId} ...`);
  const survey = await surveyOf(account, reads, chosen, vpcId);
  const proposal = await proposeFrom(survey, options);
  const file = path.relative(process.cwd(), path.resolve(options.out));
  const steps = nextSteps(proposal.config, survey, {
    place: placeOf(identity.region),
    account: identity.account,
    file,
    isHere: file === DEFAULT_CONFIG_FILE,
    deploys: isCheckout() ? (path.resolve(options.out) === path.join(ROOT, DEFAULT_CONFIG_FILE) ? 'by-itself' : 'when-named') : 'in-an-app',
    fullFile: path.resolve(options.out),
    ...(isCheckout() && process.cwd() !== ROOT ? { checkout: ROOT } : {}),
    command,
  });
  const text = fileText(proposal, survey, identity, options);
  if (options.dryRun !== true) writeFileSync(options.out, text);
  const unread = reads.unread.map(unreadLine);
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ ...identity, file, written: options.dryRun !== true, ...proposal, unread, next: steps }, undefined, 2)}\n`
      : told({ proposal, survey, unread, steps, file, text, dryRun: options.dryRun === true }),
  );
  return EXIT.fine;
}

/** Before anybody waits. @throws CommandError where the file is somebody's. */
function checkFile({ out, force, dryRun }: InitOptions): void {
  if (!/\.(ts|json)$/.test(out)) throw new CommandError(`--out: got "${out}"; allowed: a file that ends in .ts or .json`, EXIT.usage);
  const folder = path.dirname(path.resolve(out));
  if (dryRun !== true && !existsSync(folder)) throw new CommandError(`--out: there is no folder ${folder}`, EXIT.usage);
  if (dryRun === true || force === true || !existsSync(out)) return;
  if (!statSync(out).isFile()) throw new CommandError(`--out: got "${out}", which is no file`, EXIT.usage);
  if (isExample(out)) return;
  throw new CommandError(
    `${out} is there already: use --force to write over it, --out FILE for another one, or --dry-run to see`,
    EXIT.usage,
  );
}

async function readCandidates(account: Account, reads: Reads, { account: number, region }: Identity, tell: Tell): Promise<Candidate[]> {
  tell('reading load balancers and target groups ...');
  const groups = await needed('elasticloadbalancing:DescribeTargetGroups and DescribeTags', () => account.loadBalancing.groups());
  const balancers = await reads.tolerant(
    { action: 'elasticloadbalancing:DescribeLoadBalancers', lost: "the load balancers' names and security groups" },
    [],
    () => account.loadBalancing.balancers(),
  );
  if (groups.length === 0)
    throw new CommandError(
      `no target group in ${region} of account ${number}: another Region (--region) or profile (--profile)?`,
      EXIT.lacking,
    );
  return candidatesOf(groups, balancers);
}

/**
 * Reads without which nothing can be proposed. @throws CommandError where they are not permitted.
 */
async function needed<T>(actions: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isDenied(error)) throw error;
    throw new CommandError(`not permitted: ${actions}; lost: everything, for nothing is known of the account without it`, EXIT.lacking, {
      cause: error,
    });
  }
}

async function choose(candidates: readonly Candidate[], { yes, targetGroup }: InitOptions): Promise<Candidate[]> {
  if (targetGroup.length > 0) return named(candidates, targetGroup);
  if (yes === true) {
    const all = byThemselves(candidates);
    if (all.length > 0) return all;
    throw new CommandError(`no target group can be watched:\n${refusals(candidates).join('\n')}`, EXIT.lacking);
  }
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new CommandError('there is no terminal to ask on: use --yes for every group, or --target-group NAME', EXIT.usage);
  return answered(asking().pickGroups(candidates));
}

/** As shells have it for Ctrl-C: 128 and the number of the signal. */
const INTERRUPTED = 130;

/** @throws CommandError where the person ended it in place of an answer. */
async function answered<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    // By its name, as @inquirer/core tells those who handle it.
    if (!(cause instanceof Error) || cause.name !== 'ExitPromptError') throw cause;
    throw new CommandError('ended by you; nothing was written', INTERRUPTED, { cause });
  }
}

/** Loaded only where somebody is asked. */
function asking() {
  return require('./ask') as { readonly askPath: typeof askPath; readonly pickGroups: typeof pickGroups };
}

function refusals(candidates: readonly Candidate[]): string[] {
  return candidates.map(({ group, refused, notByItself }) => `  ${group.name}: ${refused ?? notByItself ?? ''}`);
}

// ---------------------------------------------------------------- proposing

async function proposeFrom(survey: AccountSurvey, options: InitOptions): Promise<Proposal> {
  const metrics = options.metricsPort === undefined ? await metricsOf(survey) : new Map<string, MetricsPage>();
  const paths = await pathsOf(survey, options, metrics);
  return withMistakesTold(() => propose(survey, givenOf(options, paths), metrics));
}

function givenOf(options: InitOptions, paths: ReadonlyMap<string, string>) {
  const { stack, subnet, securityGroup, metricsPort } = options;
  const groupOf = (name: string): GroupGiven => {
    const page = paths.get(name) ?? paths.get('');
    return { ...(page === undefined ? {} : { path: page }), ...(metricsPort === undefined ? {} : { metricsPort }) };
  };
  return {
    stack,
    groupOf,
    ...(subnet.length === 0 ? {} : { subnetIds: subnet }),
    ...(securityGroup === undefined ? {} : { securityGroupId: securityGroup }),
  };
}

/** @throws CommandError for what was given and is not valid, as the schema says it. */
function withMistakesTold<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(error.message, EXIT.usage, { cause: error });
    throw error;
  }
}

/** @throws CommandError for a page of a group that was not chosen */
function checkGroups({ path: paths }: InitOptions, { groups }: AccountSurvey): void {
  const names = groups.map(({ candidate }) => candidate.group.name);
  const unknown = [...paths.keys()].find((name) => name !== '' && !names.includes(name));
  if (unknown !== undefined) throw new CommandError(`--path: got the group "${unknown}"; allowed: ${names.join(', ')}`, EXIT.usage);
}

/** A person is asked for each group's page, unless all was said beforehand. */
async function pathsOf(
  survey: AccountSurvey,
  options: InitOptions,
  metrics: ReadonlyMap<string, MetricsPage>,
): Promise<ReadonlyMap<string, string>> {
  checkGroups(options, survey);
  if (options.yes === true || options.path.size > 0 || !process.stdin.isTTY || !process.stderr.isTTY) return options.path;
  return askPaths(
    survey,
    withMistakesTold(() => propose(survey, givenOf(options, new Map()), metrics)),
  );
}

async function askPaths(survey: AccountSurvey, proposal: Proposal): Promise<ReadonlyMap<string, string>> {
  const ask = asking();
  const answers = new Map<string, string>();
  for (const { candidate } of survey.groups) {
    const proposed = proposal.config.targetGroups.find(({ arn }) => arn === candidate.group.arn)?.probe?.path;
    const answer = await answered(ask.askPath(candidate, proposed));
    if (answer !== undefined) answers.set(candidate.group.name, answer);
  }
  return answers;
}

/** Where exporters usually stand, beside the port that the targets serve on. */
const METRICS_PORTS = [8081, 9090, 9091];

/** By ARN: from here, of one target of each group. */
async function metricsOf({ groups }: AccountSurvey): Promise<Map<string, MetricsPage>> {
  const found = await Promise.all(groups.map(async (surveyed) => [surveyed.candidate.group.arn, await metricsOfGroup(surveyed)] as const));
  return new Map(found.flatMap(([arn, page]) => (page === undefined ? [] : [[arn, page] as const])));
}

async function metricsOfGroup({ candidate, targets }: SurveyedGroup): Promise<MetricsPage | undefined> {
  const target = targets.find(({ state, address }) => state === 'healthy' && address !== undefined);
  if (target?.address === undefined) return undefined;
  if ((await identify(candidate.group, target.address, target.port)).is !== 'target') return undefined;
  const protocol = candidate.group.protocol === 'HTTPS' ? 'HTTPS' : 'HTTP';
  return findMetrics({ protocol, address: target.address }, [target.port, ...METRICS_PORTS]);
}

// ---------------------------------------------------------------- the file, and what is printed

function fileText(proposal: Proposal, survey: AccountSurvey, { account, region }: Identity, { out }: InitOptions): string {
  if (out.endsWith('.json')) return configJson(proposal);
  return configText(proposal, {
    typesFrom: typesFrom(path.resolve(out)),
    account,
    region,
    day: new Date().toISOString().slice(0, 10),
    command: command('init'),
    loadBalancers: metricNames(survey),
  });
}

function isCheckout(): boolean {
  return existsSync(path.join(ROOT, 'core', 'config.ts'));
}

/** In a checkout its own types, elsewhere those of the package. */
function typesFrom(file: string): string {
  if (!isCheckout()) return 'sickbay';
  const way = path
    .relative(path.dirname(file), path.join(ROOT, 'core', 'config'))
    .split(path.sep)
    .join('/');
  return way.startsWith('.') ? way : `./${way}`;
}

interface Told {
  readonly proposal: Proposal;
  readonly survey: AccountSurvey;
  readonly unread: readonly string[];
  readonly steps: readonly Step[];
  readonly file: string;
  readonly text: string;
  readonly dryRun: boolean;
}

/** As people read it: what was proposed and why, then what to do next. */
function told({ proposal, survey, unread, steps, file, text, dryRun }: Told): string {
  return [
    ...sections(proposal, survey).flat(),
    ...(unread.length === 0 ? [] : ['Not read', ...unread.map((line) => `  ${line}`), '']),
    dryRun ? `${file} would be written (--dry-run):\n\n${text}` : `Wrote ${file}. Look at it: what is marked ! needs you.`,
    '',
    'Next',
    ...steps.flatMap(({ title, commands }, index) => [`  ${index + 1}. ${title}`, ...commands.map((line) => `       ${line}`)]),
    '',
  ].join('\n');
}

/** One for each target group, then one for what they share. */
function sections({ proposed }: Proposal, { groups, vpcId }: AccountSurvey): string[][] {
  const ofGroups = groups.map((surveyed) => {
    const { name } = surveyed.candidate.group;
    return section(
      heading(surveyed),
      proposed.filter(({ group, key }) => group === name && !isShared(key)),
    );
  });
  const shared = proposed.filter(({ group, key }) => group === undefined || isShared(key));
  return [...ofGroups, section(`Network (${vpcId}), alarms and the account`, shared)];
}

const isShared = (key: string): boolean => key.startsWith('network.');

function heading({ candidate, targets }: SurveyedGroup): string {
  const { group, balancers } = candidate;
  const behind = balancers.length === 0 ? 'no load balancer' : balancers.map(({ name, scheme }) => `${name} (${scheme})`).join(', ');
  return `${group.name}: ${targets.length} targets behind ${behind}`;
}

const WIDTH = 100;

function section(title: string, proposed: readonly Proposed[]): string[] {
  const width = Math.max(...proposed.map(({ key }) => key.length)) + 2;
  return [title, ...proposed.flatMap((one) => lines(one, width)), ''];
}

function lines({ key, group, value, why, attention }: Proposed, width: number): string[] {
  const mark = attention === true ? '!' : ' ';
  const about = isShared(key) && group !== undefined ? `${group}: ` : '';
  return [`${mark} ${key.padEnd(width)}${value ?? 'left out'}`, ...folded(`${about}${why}`, WIDTH - 6).map((line) => `      ${line}`)];
}

function folded(text: string, width: number): string[] {
  return text.split(' ').reduce<string[]>((all, word) => {
    const last = all.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) return [...all, word];
    return [...all.slice(0, -1), `${last} ${word}`];
  }, []);
}
